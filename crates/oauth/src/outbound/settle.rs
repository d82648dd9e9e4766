//! What becomes of a grant when the provider has answered, or has not (`outbound-oauth.md` §7.4, §7.6).

use super::{
    answer::{Refusal, Unusable},
    held::{Held, HeldAccess, HeldRefresh, Standing, Step, Trouble},
};
use crate::time::UnixMillis;

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Tokens.
    Granted {
        /// Seconds; `None` where the provider does not say.
        expires_in: Option<u32>,
        /// The refresh token that came with it.
        refresh: NewRefresh,
    },
    /// The provider refused.
    Refused(Refusal),
    /// What came is no answer.
    Unusable(Unusable),
    /// Nothing came, though the request may have arrived.
    NoAnswer(Box<str>),
    /// Nobody could be reached, so nothing arrived.
    Unreached(Box<str>),
    /// Nothing was sent: a guard refused, or what the request needs is not there.
    NotSent {
        /// One of the reasons.
        code: &'static str,
        /// More of it.
        detail: Box<str>,
    },
}

/// The refresh token of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewRefresh {
    /// None came.
    None,
    /// The one that was sent came back.
    Same(Option<u32>),
    /// Another one, and how many seconds it lives if the provider says so.
    New(Option<u32>),
}

/// What the provider's record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Seconds a refresh token is taken to live; 0: nobody knows.
    pub refresh_token_lifespan: u32,
    /// Whether one that came back lives longer for it.
    pub extend_refresh_token_expiry: bool,
    /// Whether nobody but a person can begin the grant again.
    pub needs_person: bool,
}

/// What is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// What is held from now on.
    pub held: Held,
    /// Whether the stored access token is replaced by the one that came.
    pub new_access: bool,
    /// Whether the stored refresh token is replaced by the one that came.
    pub new_refresh: bool,
}

impl Held {
    /// Settles a request that was sent at `asked`.
    #[must_use]
    pub fn settle(
        &self,
        step: Step,
        outcome: &Outcome,
        terms: Terms,
        asked: UnixMillis,
    ) -> Settled {
        match outcome {
            Outcome::Granted {
                expires_in,
                refresh,
            } => self.granted(*expires_in, *refresh, terms, asked),
            failed => Settled {
                held: self.failed(step, failed, terms, asked),
                new_access: false,
                new_refresh: false,
            },
        }
    }

    fn granted(
        &self,
        expires_in: Option<u32>,
        refresh: NewRefresh,
        terms: Terms,
        asked: UnixMillis,
    ) -> Settled {
        let end = |seconds: u32| UnixMillis(asked.0.saturating_add(i64::from(seconds) * 1000));
        let by_record = || Some(terms.refresh_token_lifespan).filter(|it| *it > 0);
        let until = |expires: Option<UnixMillis>| HeldRefresh {
            expires,
            since: self.end_known_since(expires).unwrap_or(asked),
        };
        let (refresh, new_refresh) = match refresh {
            // RFC 6749 §6: what is not replaced stays.
            NewRefresh::None => (self.refresh, false),
            NewRefresh::Same(said) => {
                let extended = terms.extend_refresh_token_expiry.then(by_record).flatten();
                let before = self.refresh.and_then(|it| it.expires);
                let expires = said.or(extended).map(end).or(before);
                (Some(until(expires)), false)
            }
            NewRefresh::New(said) => {
                let expires = said.or_else(by_record).map(end);
                (Some(until(expires)), true)
            }
        };
        let access = HeldAccess {
            obtained: asked,
            expires: end(expires_in.unwrap_or(UNSAID)),
        };
        Settled {
            held: Held {
                generation: self.generation.saturating_add(1),
                access: Some(access),
                refresh,
                standing: Standing::Healthy,
                flight: None,
                answer_lost: false,
            },
            new_access: true,
            new_refresh,
        }
    }

    /// Since when the refresh token's end is known, unless this one is another. Providers count in seconds from their
    /// own answer, so the same end is never quite the same.
    fn end_known_since(&self, expires: Option<UnixMillis>) -> Option<UnixMillis> {
        let before = self.refresh?;
        let stays = match (before.expires, expires) {
            (Some(before), Some(expires)) => expires.since(before) < SAME_END_MS,
            (before, expires) => before == expires,
        };
        stays.then_some(before.since)
    }

    fn failed(&self, step: Step, outcome: &Outcome, terms: Terms, asked: UnixMillis) -> Held {
        let held = Held {
            flight: None,
            ..self.clone()
        };
        match outcome {
            // The grant behind the refresh token is dead, but this one begins again by itself.
            Outcome::Refused(refusal)
                if step == Step::Refresh && refusal.ends_grant() && !terms.needs_person =>
            {
                Held {
                    refresh: None,
                    answer_lost: false,
                    ..held
                }
            }
            Outcome::Refused(refusal) if step == Step::Refresh && refusal.ends_grant() => {
                let code = if self.answer_lost {
                    "outbound_answer_lost"
                } else {
                    "outbound_consent_ended"
                };
                Held {
                    refresh: None,
                    answer_lost: false,
                    standing: Standing::NeedsConsent(self.trouble(code, said(refusal), asked)),
                    ..held
                }
            }
            Outcome::Refused(refusal) if refusal.is_passing() => Held {
                standing: self.retrying("outbound_provider_failed", said(refusal), asked),
                ..held
            },
            Outcome::Refused(refusal) => {
                let code = if refusal.is_about_client() {
                    "outbound_client_refused"
                } else {
                    "outbound_request_refused"
                };
                Held {
                    standing: Standing::Broken(self.trouble(code, said(refusal), asked)),
                    ..held
                }
            }
            // A rotating provider may have given the next refresh token in an answer that nobody could read.
            Outcome::Unusable(why) => Held {
                answer_lost: self.answer_lost || step == Step::Refresh,
                standing: self.retrying("outbound_answer_unusable", why.to_string().into(), asked),
                ..held
            },
            Outcome::NoAnswer(detail) => Held {
                answer_lost: self.answer_lost || step == Step::Refresh,
                standing: self.retrying("outbound_no_answer", detail.clone(), asked),
                ..held
            },
            Outcome::Unreached(detail) => Held {
                standing: self.retrying("outbound_unreachable", detail.clone(), asked),
                ..held
            },
            Outcome::NotSent { code, detail } => Held {
                standing: Standing::Broken(self.trouble(code, detail.clone(), asked)),
                ..held
            },
            Outcome::Granted { .. } => held,
        }
    }

    fn retrying(&self, code: &'static str, detail: Box<str>, asked: UnixMillis) -> Standing {
        Standing::Retrying(self.trouble(code, detail, asked))
    }

    fn trouble(&self, code: &'static str, detail: Box<str>, asked: UnixMillis) -> Trouble {
        let before = self.standing.trouble().map_or(0, |it| it.failures);
        let failures = before.saturating_add(1);
        // 1, 2, 4 … seconds, five minutes at most.
        let rest = 1000_i64.saturating_mul(1 << failures.saturating_sub(1).min(9));
        Trouble {
            code: code.into(),
            detail,
            failures,
            retry_at: UnixMillis(asked.0.saturating_add(rest.min(LONGEST_REST_MS))),
        }
    }
}

/// `<status> <error>, <description>`
fn said(refusal: &Refusal) -> Box<str> {
    let Refusal {
        status,
        error,
        description,
        ..
    } = refusal;
    let joint = if error.is_empty() || description.is_empty() {
        ""
    } else {
        ", "
    };
    format!("{status} {error}{joint}{description}")
        .trim_end()
        .into()
}

/// `outbound-oauth.md` §3.4: an access token whose end nobody tells is taken to live 30 days. A 401 tells earlier.
const UNSAID: u32 = 30 * 24 * 60 * 60;
const LONGEST_REST_MS: i64 = 300_000;
const SAME_END_MS: i64 = 60_000;

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: UnixMillis = UnixMillis(1_800_000_000_000);
    const TERMS: Terms = Terms {
        refresh_token_lifespan: 100,
        extend_refresh_token_expiry: false,
        needs_person: true,
    };

    fn at(seconds: i64) -> UnixMillis {
        UnixMillis(ASKED.0 + seconds * 1000)
    }

    fn held() -> Held {
        Held {
            generation: 7,
            access: None,
            refresh: Some(HeldRefresh {
                expires: Some(at(50)),
                since: at(-99),
            }),
            standing: Standing::Healthy,
            ..Held::nothing()
        }
    }

    fn granted(refresh: NewRefresh, terms: Terms) -> Settled {
        let outcome = Outcome::Granted {
            expires_in: Some(60),
            refresh,
        };
        held().settle(Step::Refresh, &outcome, terms, ASKED)
    }

    fn refusal(status: u16, error: &str) -> Outcome {
        Outcome::Refused(Refusal {
            status,
            error: error.into(),
            description: "why".into(),
            silent: false,
        })
    }

    fn standing(held: &Held, outcome: &Outcome) -> Standing {
        held.settle(Step::Refresh, outcome, TERMS, ASKED)
            .held
            .standing
    }

    #[test]
    fn outbound_7_4_a_refresh_token_is_replaced_kept_or_prolonged() {
        let end = |settled: &Settled| settled.held.refresh.and_then(|it| it.expires);
        let extend = Terms {
            extend_refresh_token_expiry: true,
            ..TERMS
        };
        for (refresh, terms, expires, replaced) in [
            (NewRefresh::None, TERMS, at(50), false),
            (NewRefresh::Same(None), TERMS, at(50), false),
            (NewRefresh::Same(None), extend, at(100), false),
            (NewRefresh::Same(Some(9)), TERMS, at(9), false),
            (NewRefresh::New(None), TERMS, at(100), true),
            (NewRefresh::New(Some(9)), TERMS, at(9), true),
        ] {
            let settled = granted(refresh, terms);
            assert_eq!(end(&settled), Some(expires), "{refresh:?}");
            assert_eq!(settled.new_refresh, replaced, "{refresh:?}");
            assert!(settled.new_access);
            assert_eq!(settled.held.generation, 8);
        }
        let unknown = Terms {
            refresh_token_lifespan: 0,
            ..TERMS
        };
        assert_eq!(end(&granted(NewRefresh::New(None), unknown)), None);
    }

    #[test]
    fn the_end_of_a_refresh_token_is_known_since_it_was_last_moved() {
        let since = |refresh| {
            let settled = granted(refresh, TERMS);
            settled.held.refresh.map(|it| it.since)
        };
        for (refresh, known) in [
            (NewRefresh::None, at(-99)),
            (NewRefresh::Same(None), at(-99)),
            // The absolute end of a session: a new token each time, and the same end.
            (NewRefresh::New(Some(50)), at(-99)),
            (NewRefresh::New(Some(9)), at(-99)),
            (NewRefresh::New(Some(110)), ASKED),
            (NewRefresh::Same(Some(5000)), ASKED),
        ] {
            assert_eq!(since(refresh), Some(known), "{refresh:?}");
        }
    }

    #[test]
    fn outbound_3_4_a_token_without_expires_in_is_taken_to_live_30_days() {
        let outcome = Outcome::Granted {
            expires_in: None,
            refresh: NewRefresh::None,
        };
        let settled = Held::nothing().settle(Step::Obtain, &outcome, TERMS, ASKED);
        let access = settled.held.access.expect("a token");
        assert_eq!(access.expires, at(30 * 24 * 3600));
    }

    #[test]
    fn a_dead_grant_needs_consent_and_keeps_no_refresh_token() {
        let settled = held().settle(Step::Refresh, &refusal(400, "invalid_grant"), TERMS, ASKED);
        assert_eq!(settled.held.refresh, None);
        let Standing::NeedsConsent(trouble) = settled.held.standing else {
            panic!("{:?}", settled.held.standing);
        };
        assert_eq!(&*trouble.code, "outbound_consent_ended");
        assert_eq!(&*trouble.detail, "400 invalid_grant, why");
    }

    #[test]
    fn an_answer_that_was_lost_is_named_as_what_it_is() {
        let lost = held().settle(
            Step::Refresh,
            &Outcome::NoAnswer("timed out".into()),
            TERMS,
            ASKED,
        );
        assert!(lost.held.answer_lost && lost.held.refresh.is_some());
        let then = standing(&lost.held, &refusal(400, "invalid_grant"));
        let trouble = then.trouble().expect("a trouble");
        assert_eq!(
            (&*trouble.code, then.name()),
            ("outbound_answer_lost", "needs_consent")
        );
        let forgiven = Outcome::Granted {
            expires_in: Some(60),
            refresh: NewRefresh::New(None),
        };
        let forgiven = lost.held.settle(Step::Refresh, &forgiven, TERMS, ASKED);
        assert!(!forgiven.held.answer_lost);
        assert_eq!(forgiven.held.standing, Standing::Healthy);
    }

    #[test]
    fn outbound_7_6_a_provider_that_is_down_costs_no_refresh_token() {
        for outcome in [
            refusal(503, ""),
            refusal(429, "slow_down"),
            Outcome::NoAnswer("".into()),
            Outcome::Unreached("".into()),
            Outcome::Unusable(Unusable::NotJson),
        ] {
            let settled = held().settle(Step::Refresh, &outcome, TERMS, ASKED);
            assert!(settled.held.refresh.is_some(), "{outcome:?}");
            assert_eq!(settled.held.standing.name(), "retrying", "{outcome:?}");
        }
    }

    #[test]
    fn what_only_a_person_can_mend_is_broken() {
        for (outcome, code) in [
            (refusal(401, "invalid_client"), "outbound_client_refused"),
            (refusal(400, "invalid_scope"), "outbound_request_refused"),
        ] {
            let broken = standing(&held(), &outcome);
            let trouble = broken.trouble().expect("a trouble");
            assert_eq!((broken.name(), &*trouble.code), ("broken", code));
        }
    }

    #[test]
    fn a_grant_that_begins_by_itself_begins_again() {
        let terms = Terms {
            needs_person: false,
            ..TERMS
        };
        let settled = held().settle(Step::Refresh, &refusal(400, "invalid_grant"), terms, ASKED);
        assert_eq!(settled.held.refresh, None);
        assert_eq!(settled.held.standing, Standing::Healthy);
        // Refused again without a refresh token, it is the configuration.
        let again = settled
            .held
            .settle(Step::Obtain, &refusal(400, "invalid_grant"), terms, ASKED);
        assert_eq!(again.held.standing.name(), "broken");
    }

    #[test]
    fn rests_grow_to_five_minutes() {
        let mut held = held();
        let mut rests = Vec::new();
        for _ in 0..11 {
            held = held
                .settle(Step::Refresh, &refusal(503, ""), TERMS, ASKED)
                .held;
            let trouble = held.standing.trouble().expect("a trouble");
            rests.push(trouble.retry_at.since(ASKED) / 1000);
        }
        assert_eq!(rests, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    }
}
