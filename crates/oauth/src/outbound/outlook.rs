//! How a grant looks to whoever has to act before it ends: what a board shows, and when people are told.
//!
//! Renewals are the broker's business and no deadline. A deadline is what no renewal moves: the end of a refresh token that
//! keeps its end, of an access token that none came with, of a refresh token that ends before it is needed again, or of
//! any while its provider is in trouble.

use super::{
    held::{Held, Standing, Trouble},
    registry::OutboundGrant,
};
use crate::time::UnixMillis;

/// How a grant looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outlook {
    /// No token was ever held.
    New {
        /// A person has to consent first.
        needs_person: bool,
    },
    /// Nothing is to be done.
    Healthy {
        /// When a person is needed again, as far as anybody knows.
        ends: Option<UnixMillis>,
    },
    /// A person is needed before long.
    Expiring {
        /// When.
        ends: UnixMillis,
    },
    /// The provider is in trouble, and asked again by itself.
    Retrying(Trouble),
    /// A person is needed now.
    NeedsConsent(Trouble),
    /// The configuration has to be mended.
    Broken(Trouble),
}

/// What people are told of, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What there is to say.
    pub event: Event,
    /// Names the occasion: the same one is told once.
    pub occasion: Box<str>,
}

/// What there is to say of a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It ends within so many days; 0: it has ended.
    Ends {
        /// When.
        at: UnixMillis,
        /// 14, 3 or 0.
        days: u8,
    },
    /// A person is needed now.
    NeedsConsent(Trouble),
    /// The configuration has to be mended.
    Broken(Trouble),
    /// What was told before is over.
    Recovered,
}

impl Event {
    /// Returns its name in webhooks and metrics.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ends { days: 0, .. } => "expired",
            Self::Ends { .. } => "expiring",
            Self::NeedsConsent(_) => "needs_consent",
            Self::Broken(_) => "broken",
            Self::Recovered => "recovered",
        }
    }

    /// Returns how many days before the end it is told.
    #[must_use]
    pub fn days(&self) -> Option<u8> {
        match self {
            Self::Ends { days, .. } => Some(*days),
            Self::NeedsConsent(_) | Self::Broken(_) => Some(0),
            Self::Recovered => None,
        }
    }
}

impl Outlook {
    /// Returns its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::New { .. } => "new",
            Self::Healthy { .. } => "healthy",
            Self::Expiring { .. } => "expiring",
            Self::Retrying(_) => "retrying",
            Self::NeedsConsent(_) => "needs_consent",
            Self::Broken(_) => "broken",
        }
    }

    /// Returns the trouble.
    #[must_use]
    pub fn trouble(&self) -> Option<&Trouble> {
        match self {
            Self::Retrying(trouble) | Self::NeedsConsent(trouble) | Self::Broken(trouble) => {
                Some(trouble)
            }
            Self::New { .. } | Self::Healthy { .. } | Self::Expiring { .. } => None,
        }
    }
}

/// An end that no renewal moves.
#[derive(Debug, Clone, Copy)]
struct Deadline {
    ends: UnixMillis,
    /// Since when that end is known.
    since: UnixMillis,
}

impl Held {
    /// Tells how it looks at this moment.
    #[must_use]
    pub fn outlook(&self, grant: OutboundGrant, now: UnixMillis) -> Outlook {
        match &self.standing {
            Standing::New => Outlook::New {
                needs_person: grant.needs_person(),
            },
            Standing::Retrying(trouble) => Outlook::Retrying(trouble.clone()),
            Standing::NeedsConsent(trouble) => Outlook::NeedsConsent(trouble.clone()),
            Standing::Broken(trouble) => Outlook::Broken(trouble.clone()),
            Standing::Healthy => {
                let longest = THRESHOLDS[0];
                match self.deadline(grant) {
                    Some(it) if it.ends.since(now) <= days(longest) => {
                        Outlook::Expiring { ends: it.ends }
                    }
                    _ => Outlook::Healthy {
                        ends: self.ends(grant),
                    },
                }
            }
        }
    }

    /// Tells what there is to say at this moment. `last` is the name of what was said last.
    #[must_use]
    pub fn notice(
        &self,
        grant: OutboundGrant,
        last: Option<&str>,
        now: UnixMillis,
    ) -> Option<Notice> {
        let generation = self.generation;
        let told = |event, occasion: String| {
            Some(Notice {
                event,
                occasion: occasion.into(),
            })
        };
        match &self.standing {
            Standing::NeedsConsent(trouble) => {
                let event = Event::NeedsConsent(trouble.clone());
                return told(event, format!("consent {generation}"));
            }
            Standing::Broken(trouble) => {
                let event = Event::Broken(trouble.clone());
                return told(event, format!("broken {generation}"));
            }
            Standing::New | Standing::Healthy | Standing::Retrying(_) => {}
        }
        if let Some((deadline, threshold)) = self.reached(grant, now) {
            let event = Event::Ends {
                at: deadline.ends,
                days: threshold,
            };
            return told(event, format!("ends {} {threshold}", deadline.since.0));
        }
        let is_over = last.is_some_and(|last| last != Event::Recovered.name());
        if is_over && self.standing == Standing::Healthy {
            return told(Event::Recovered, format!("well {generation}"));
        }
        None
    }

    /// The deadline, and the last of the thresholds that it has passed. What lives shorter than a threshold is not told
    /// of at it: it would be told of at once.
    fn reached(&self, grant: OutboundGrant, now: UnixMillis) -> Option<(Deadline, u8)> {
        let deadline = self.deadline(grant)?;
        let life = deadline.ends.since(deadline.since);
        let left = deadline.ends.since(now);
        let mut passed = THRESHOLDS
            .into_iter()
            .filter(|threshold| left <= days(*threshold) && life > days(*threshold));
        passed.next_back().map(|threshold| (deadline, threshold))
    }

    /// When a person is needed again, as far as anybody knows.
    fn ends(&self, grant: OutboundGrant) -> Option<UnixMillis> {
        let of_refresh = self.refresh.map(|it| it.expires);
        let of_access = self.access.map(|it| it.expires);
        of_refresh
            .unwrap_or(of_access)
            .filter(|_| grant.needs_person())
    }

    fn deadline(&self, grant: OutboundGrant) -> Option<Deadline> {
        let ends = self.ends(grant)?;
        let access = self.access?;
        let Some(refresh) = self.refresh else {
            let since = access.obtained;
            return Some(Deadline { ends, since });
        };
        let stays = refresh.since.0 < access.obtained.0;
        let comes_first = ends.0 <= access.expires.0;
        let in_trouble = self.standing != Standing::Healthy;
        (stays || comes_first || in_trouble).then_some(Deadline {
            ends,
            since: refresh.since,
        })
    }
}

/// Days before the end at which people are told, the earliest first.
const THRESHOLDS: [u8; 3] = [14, 3, 0];

fn days(count: u8) -> i64 {
    i64::from(count) * 24 * 60 * 60 * 1000
}

#[cfg(test)]
mod tests {
    use super::{
        super::held::{HeldAccess, HeldRefresh},
        *,
    };

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
    const CODE: OutboundGrant = OutboundGrant::AuthorizationCode;

    fn day(count: i64) -> UnixMillis {
        UnixMillis(NOW.0 + count * 24 * 60 * 60 * 1000)
    }

    /// Consent was given 50 days ago, and a refresh an hour ago left its end where it was.
    fn held(ends: UnixMillis) -> Held {
        Held {
            generation: 9,
            access: Some(HeldAccess {
                obtained: UnixMillis(NOW.0 - 3_600_000),
                expires: UnixMillis(NOW.0 + 60_000),
            }),
            refresh: Some(HeldRefresh {
                expires: Some(ends),
                since: day(-50),
            }),
            standing: Standing::Healthy,
            ..Held::nothing()
        }
    }

    fn days_told(held: &Held) -> Option<u8> {
        held.notice(CODE, None, NOW).and_then(|it| it.event.days())
    }

    #[test]
    fn an_end_is_told_at_14_3_and_0_days() {
        for (ends, told) in [
            (15, None),
            (14, Some(14)),
            (4, Some(14)),
            (3, Some(3)),
            (1, Some(3)),
        ] {
            let held = held(day(ends));
            assert_eq!(days_told(&held), told, "{ends}");
            let expiring = matches!(held.outlook(CODE, NOW), Outlook::Expiring { .. });
            assert_eq!(expiring, told.is_some(), "{ends}");
        }
        assert_eq!(days_told(&held(NOW)), Some(0));
        assert_eq!(days_told(&held(day(-1))), Some(0));
        let occasion = |held: &Held| held.notice(CODE, None, NOW).map(|it| it.occasion);
        assert_eq!(occasion(&held(day(14))), occasion(&held(day(5))));
        assert_ne!(occasion(&held(day(14))), occasion(&held(day(3))));
    }

    #[test]
    fn an_end_that_each_renewal_moves_is_no_deadline() {
        let mut held = held(day(1));
        held.refresh = Some(HeldRefresh {
            expires: Some(day(1)),
            since: UnixMillis(NOW.0 - 3_600_000),
        });
        assert_eq!(days_told(&held), None);
        let ends = Some(day(1));
        assert_eq!(held.outlook(CODE, NOW), Outlook::Healthy { ends });
        held.standing = Standing::Retrying(Trouble::consent_missing(NOW));
        assert_eq!(
            days_told(&held),
            None,
            "a day's life is not told of at 3 days"
        );
        held.refresh = Some(HeldRefresh {
            expires: Some(NOW),
            since: UnixMillis(NOW.0 - 3_600_000),
        });
        assert_eq!(days_told(&held), Some(0), "nobody renews it in time");
    }

    #[test]
    fn without_a_refresh_token_the_access_tokens_end_is_the_deadline() {
        let mut held = held(day(99));
        held.refresh = None;
        assert_eq!(
            days_told(&held),
            None,
            "an hour's life is told of when it is over"
        );
        held.access = Some(HeldAccess {
            obtained: day(-20),
            expires: day(2),
        });
        assert_eq!(days_told(&held), Some(3));
        let none = held.notice(OutboundGrant::ClientCredentials, None, NOW);
        assert_eq!(none, None, "it begins again by itself");
    }

    #[test]
    fn what_needs_somebody_is_told_once_and_so_is_its_end() {
        let mut held = held(day(90));
        let trouble = Trouble::consent_missing(NOW);
        held.standing = Standing::NeedsConsent(trouble.clone());
        let told = held.notice(CODE, None, NOW).expect("told");
        assert_eq!(
            (told.event.name(), told.event.days()),
            ("needs_consent", Some(0))
        );
        held.standing = Standing::Broken(trouble);
        let broken = held.notice(CODE, None, NOW).expect("told");
        assert_eq!(broken.event.name(), "broken");
        held.standing = Standing::Healthy;
        assert_eq!(held.notice(CODE, None, NOW), None);
        assert_eq!(held.notice(CODE, Some("recovered"), NOW), None);
        let over = held.notice(CODE, Some("broken"), NOW).expect("told");
        assert_eq!((&over.event, over.event.days()), (&Event::Recovered, None));
    }
}
