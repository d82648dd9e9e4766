//! What is held of a grant at another's, and what to do when somebody wants a token of it.
//!
//! ```text
//!            consent, or a first request            refused: invalid_grant
//!   New ────────────────────────────────▶ Healthy ───────────────────────▶ NeedsConsent
//!                                          ▲   │ no answer, 5xx, 429
//!                                 granted  │   ▼
//!                                        Retrying ── refused otherwise ──▶ Broken (tried again, ever more seldom)
//! ```
//! A token that still lives is handed out whatever the standing is: a provider that is down takes nobody with it before
//! it must.

use super::registry::OutboundGrant;
use crate::time::UnixMillis;

/// What is held for one requestor and profile; tokens excepted, which this decision needs not see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Counts the sets of tokens that were stored.
    pub generation: u32,
    /// The access token.
    pub access: Option<HeldAccess>,
    /// The refresh token.
    pub refresh: Option<HeldRefresh>,
    /// How it stands.
    pub standing: Standing,
    /// A request to the provider that has not come to an end.
    pub flight: Option<Flight>,
    /// The refresh token was sent with a request that nobody saw the answer of: it may be spent.
    pub answer_lost: bool,
}

/// An access token that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldAccess {
    /// When it was asked for.
    pub obtained: UnixMillis,
    /// When it ends.
    pub expires: UnixMillis,
}

/// A refresh token that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldRefresh {
    /// When it is thought to end. It is tried all the same: only the provider knows (`outbound-oauth.md` §7.4).
    pub expires: Option<UnixMillis>,
    /// Since when that is known: a renewal that moves the end begins it anew.
    pub since: UnixMillis,
}

/// How a grant stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was ever held.
    New,
    /// The last request was granted.
    Healthy,
    /// The provider did not answer, or is in trouble itself.
    Retrying(Trouble),
    /// A person has to consent (again).
    NeedsConsent(Trouble),
    /// The provider refuses what it is sent: the configuration has to be mended.
    Broken(Trouble),
}

/// What went wrong, and when it may be tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// One of the reasons.
    pub code: Box<str>,
    /// What the provider said.
    pub detail: Box<str>,
    /// How often in a row.
    pub failures: u32,
    /// Not before.
    pub retry_at: UnixMillis,
}

/// A request to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flight {
    /// What is asked for.
    pub step: Step,
    /// Whoever made it may still be waiting for the answer; otherwise they are gone.
    pub live: bool,
}

/// A request that gets a token without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// With the refresh token.
    Refresh,
    /// With what the profile's grant needs.
    Obtain,
}

/// What somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// A token that lives.
    Any,
    /// One that is newer than this generation, which an API has refused.
    Newer(u32),
    /// A new one, whatever is held, and whether or not it should rest.
    Fresh,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Hand out the access token.
    Use {
        /// And get the next one meanwhile, with this.
        ahead: Option<Step>,
    },
    /// Ask the provider first.
    Fetch(Step),
    /// Somebody is asking the provider at this moment.
    Wait,
    /// There is no token to be had now.
    Refuse(Trouble),
}

impl Held {
    /// Nothing.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            generation: 0,
            access: None,
            refresh: None,
            standing: Standing::New,
            flight: None,
            answer_lost: false,
        }
    }

    /// Decides what whoever wants a token gets.
    #[must_use]
    pub fn decide(&self, grant: OutboundGrant, demand: Demand, now: UnixMillis) -> Decision {
        if let Some(access) = self.access.filter(|it| it.serves(now))
            && self.meets(demand)
        {
            let ahead = access
                .is_to_be_renewed(now)
                .then(|| self.step(grant, demand, now));
            return Decision::Use {
                ahead: ahead.and_then(Result::ok).filter(|_| !self.is_in_flight()),
            };
        }
        if self.is_in_flight() {
            return Decision::Wait;
        }
        match self.step(grant, demand, now) {
            Ok(step) => Decision::Fetch(step),
            Err(trouble) => Decision::Refuse(trouble),
        }
    }

    /// Tells whether the next token is to be fetched before anybody asks: what is kept alive shows early that it is
    /// dead.
    #[must_use]
    pub fn wants_refresh(&self, now: UnixMillis) -> bool {
        // A crash left a request behind: what it came to is learnt at once, while the provider may still forgive it.
        let left_behind = self.flight.is_some_and(|flight| !flight.live);
        let due = match &self.standing {
            Standing::Healthy => self.access.is_none_or(|it| it.is_to_be_renewed(now)),
            Standing::Retrying(trouble) => trouble.retry_at <= now,
            Standing::New | Standing::NeedsConsent(_) | Standing::Broken(_) => false,
        };
        self.refresh.is_some() && !self.is_in_flight() && (due || left_behind)
    }

    fn is_in_flight(&self) -> bool {
        self.flight.is_some_and(|flight| flight.live)
    }

    fn meets(&self, demand: Demand) -> bool {
        match demand {
            Demand::Any => true,
            Demand::Newer(than) => self.generation > than,
            Demand::Fresh => false,
        }
    }

    /// How a token is to be had without a person.
    fn step(&self, grant: OutboundGrant, demand: Demand, now: UnixMillis) -> Result<Step, Trouble> {
        match &self.standing {
            // What the provider has refused for good is not sent again.
            Standing::NeedsConsent(trouble) => return Err(trouble.clone()),
            Standing::Retrying(trouble) | Standing::Broken(trouble)
                if now < trouble.retry_at && demand != Demand::Fresh =>
            {
                return Err(trouble.clone());
            }
            _ => {}
        }
        match (self.refresh, grant.needs_person()) {
            (Some(_), _) => Ok(Step::Refresh),
            (None, false) => Ok(Step::Obtain),
            (None, true) => Err(Trouble::consent_missing(now)),
        }
    }
}

impl HeldAccess {
    /// Too near its end, a token would be refused on its way.
    fn serves(&self, now: UnixMillis) -> bool {
        let margin = (self.lifetime() / 4).min(MARGIN_MS);
        self.expires.since(now) > margin
    }

    /// `outbound-oauth.md` §9.3: at a tenth of its life, a minute at least, but never in its first half.
    fn is_to_be_renewed(&self, now: UnixMillis) -> bool {
        let lifetime = self.lifetime();
        let ahead = (lifetime / 10).max(AHEAD_MS).min(lifetime / 2);
        self.expires.since(now) <= ahead
    }

    fn lifetime(&self) -> i64 {
        self.expires.since(self.obtained).max(0)
    }
}

impl Trouble {
    /// Nobody has consented yet.
    #[must_use]
    pub fn consent_missing(now: UnixMillis) -> Self {
        Self {
            code: "outbound_consent_missing".into(),
            detail: Box::default(),
            failures: 0,
            retry_at: now,
        }
    }
}

impl Standing {
    /// Returns the trouble.
    #[must_use]
    pub fn trouble(&self) -> Option<&Trouble> {
        match self {
            Self::New | Self::Healthy => None,
            Self::Retrying(trouble) | Self::NeedsConsent(trouble) | Self::Broken(trouble) => {
                Some(trouble)
            }
        }
    }

    /// Returns its name in records.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::New => "",
            Self::Healthy => "healthy",
            Self::Retrying(_) => "retrying",
            Self::NeedsConsent(_) => "needs_consent",
            Self::Broken(_) => "broken",
        }
    }

    /// Reads it back.
    #[must_use]
    pub fn of(name: &str, trouble: Trouble) -> Self {
        match name {
            "healthy" => Self::Healthy,
            "retrying" => Self::Retrying(trouble),
            "needs_consent" => Self::NeedsConsent(trouble),
            "broken" => Self::Broken(trouble),
            _ => Self::New,
        }
    }
}

/// What is left of a token's life must be more than this.
const MARGIN_MS: i64 = 5_000;
/// A token is renewed so long before its end at least.
const AHEAD_MS: i64 = 60_000;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
    const CC: OutboundGrant = OutboundGrant::ClientCredentials;
    const CODE: OutboundGrant = OutboundGrant::AuthorizationCode;

    /// A token of an hour, of which so many seconds are left.
    fn held(left: i64) -> Held {
        let expires = UnixMillis(NOW.0 + left * 1000);
        Held {
            generation: 3,
            access: Some(HeldAccess {
                obtained: UnixMillis(expires.0 - 3_600_000),
                expires,
            }),
            refresh: Some(HeldRefresh {
                expires: None,
                since: NOW,
            }),
            standing: Standing::Healthy,
            ..Held::nothing()
        }
    }

    fn trouble(retry_in: i64) -> Trouble {
        Trouble {
            code: "outbound_no_answer".into(),
            detail: "".into(),
            failures: 1,
            retry_at: UnixMillis(NOW.0 + retry_in),
        }
    }

    const READY: Decision = Decision::Use { ahead: None };

    #[test]
    fn a_token_that_lives_is_used_and_renewed_in_its_last_tenth() {
        assert_eq!(held(361).decide(CODE, Demand::Any, NOW), READY);
        let ahead = Decision::Use {
            ahead: Some(Step::Refresh),
        };
        assert_eq!(held(360).decide(CODE, Demand::Any, NOW), ahead);
        assert_eq!(held(6).decide(CODE, Demand::Any, NOW), ahead);
        let fetch = Decision::Fetch(Step::Refresh);
        assert_eq!(held(5).decide(CODE, Demand::Any, NOW), fetch);
        assert_eq!(held(-1).decide(CODE, Demand::Any, NOW), fetch);
    }

    #[test]
    fn a_short_life_is_not_spent_on_renewals() {
        let token = |left: i64| HeldAccess {
            obtained: UnixMillis(NOW.0 - (10_000 - left)),
            expires: UnixMillis(NOW.0 + left),
        };
        assert!(!token(5_001).is_to_be_renewed(NOW));
        assert!(token(5_000).is_to_be_renewed(NOW));
        assert!(token(2_501).serves(NOW) && !token(2_500).serves(NOW));
    }

    #[test]
    fn one_flight_is_waited_for_and_a_dead_one_is_not() {
        let with = |live, left| Held {
            flight: Some(Flight {
                step: Step::Refresh,
                live,
            }),
            ..held(left)
        };
        assert_eq!(with(true, 0).decide(CODE, Demand::Any, NOW), Decision::Wait);
        assert_eq!(with(true, 60).decide(CODE, Demand::Any, NOW), READY);
        let again = Decision::Fetch(Step::Refresh);
        assert_eq!(with(false, 0).decide(CODE, Demand::Any, NOW), again);
        assert!(with(false, 3600).wants_refresh(NOW));
        assert!(!with(true, 0).wants_refresh(NOW));
    }

    #[test]
    fn a_refused_token_is_replaced_once_for_all_who_met_the_refusal() {
        let fetch = Decision::Fetch(Step::Refresh);
        assert_eq!(held(3600).decide(CODE, Demand::Newer(3), NOW), fetch);
        assert_eq!(held(3600).decide(CODE, Demand::Newer(2), NOW), READY);
        assert_eq!(held(3600).decide(CODE, Demand::Fresh, NOW), fetch);
    }

    #[test]
    fn without_a_refresh_token_the_grant_says_whether_a_person_is_needed() {
        let held = Held {
            refresh: None,
            ..held(0)
        };
        let decided = held.decide(CC, Demand::Any, NOW);
        assert_eq!(decided, Decision::Fetch(Step::Obtain));
        let missing = Decision::Refuse(Trouble::consent_missing(NOW));
        assert_eq!(held.decide(CODE, Demand::Any, NOW), missing);
        assert_eq!(Held::nothing().decide(CODE, Demand::Fresh, NOW), missing);
    }

    #[test]
    fn a_provider_in_trouble_is_left_alone_for_a_while() {
        let with = |standing: fn(Trouble) -> Standing, retry_in| Held {
            standing: standing(trouble(retry_in)),
            ..held(0)
        };
        let rests = with(Standing::Retrying, 1).decide(CODE, Demand::Any, NOW);
        assert_eq!(rests, Decision::Refuse(trouble(1)));
        let again = Decision::Fetch(Step::Refresh);
        for standing in [Standing::Retrying, Standing::Broken] {
            let rested = with(standing, 0);
            assert_eq!(rested.decide(CODE, Demand::Any, NOW), again);
            let asked = with(standing, 1).decide(CODE, Demand::Fresh, NOW);
            assert_eq!(asked, again, "a person may try at once");
        }
    }

    #[test]
    fn what_needs_consent_is_not_tried_again() {
        let dead = Held {
            standing: Standing::NeedsConsent(trouble(0)),
            ..held(0)
        };
        for demand in [Demand::Any, Demand::Fresh, Demand::Newer(9)] {
            let refused = Decision::Refuse(trouble(0));
            assert_eq!(dead.decide(CODE, demand, NOW), refused);
        }
        assert!(!dead.wants_refresh(NOW));
    }

    #[test]
    fn a_living_token_is_used_while_the_provider_is_in_trouble() {
        let held = Held {
            standing: Standing::Retrying(trouble(1)),
            ..held(30)
        };
        assert_eq!(held.decide(CODE, Demand::Any, NOW), READY);
    }
}
