//! What another's token endpoint answers (RFC 6749 §5), and what a person comes back with from its authorization
//! endpoint: whatever comes, what is made of it can be stored, shown and sent.

use snowglobe_oauth::{
    outbound::{
        Answer, Held, HeldRefresh, NewRefresh, OutboundGrant, Outcome, Returned, Settled, Standing,
        Step, Terms,
    },
    time::UnixMillis,
};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "provider_answer",
    run,
    words: &[
        "\"access_token\":",
        "\"refresh_token\":",
        "\"expires_in\":",
        "\"refresh_expires_in\":",
        "\"token_type\":\"Bearer\"",
        "\"scope\":",
        "\"error\":\"invalid_grant\"",
        "\"error_description\":",
        "access_token=",
        "error=",
        "code=",
        "state=",
        "1e309",
        "\\u0000",
        "\\ud800",
    ],
};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
const STATUSES: [u16; 10] = [200, 200, 400, 401, 403, 429, 500, 503, 302, 201];

fn run(bytes: &[u8]) {
    let Some((first, body)) = bytes.split_first() else {
        return;
    };
    let status = STATUSES[usize::from(*first) % STATUSES.len()];
    let outcome = outcome(Answer::read(status, body));
    let held = Held {
        refresh: Some(HeldRefresh {
            expires: Some(NOW),
            since: NOW,
        }),
        standing: Standing::Healthy,
        ..Held::nothing()
    };
    for (needs_person, grant) in [
        (true, OutboundGrant::AuthorizationCode),
        (false, OutboundGrant::ClientCredentials),
    ] {
        let terms = Terms {
            refresh_token_lifespan: 8_640_000,
            extend_refresh_token_expiry: true,
            needs_person,
        };
        let settled = held.settle(Step::Refresh, &outcome, terms, NOW);
        sound(&outcome, &settled);
        let _decision = settled
            .held
            .decide(grant, snowglobe_oauth::outbound::Demand::Any, NOW);
        let _notice = settled.held.notice(grant, None, NOW);
    }
    if let Ok(text) = std::str::from_utf8(body)
        && let Ok(returned) = Returned::parse(text)
        && let Err((error, description)) = returned.result
    {
        line(&error, 400);
        line(&description, 400);
    }
}

fn outcome(answer: Answer) -> Outcome {
    match answer {
        Answer::Granted(granted) => {
            let token = granted.access_token.expose();
            assert!(!token.is_empty());
            assert!(
                token.bytes().all(|byte| matches!(byte, 0x20..=0x7e)),
                "no header carries {token:?}"
            );
            if let Some(refresh) = &granted.refresh_token {
                assert!(!refresh.expose().is_empty());
            }
            line(granted.scope.as_deref().unwrap_or_default(), 1000);
            Outcome::Granted {
                expires_in: granted.expires_in,
                refresh: match granted.refresh_token {
                    Some(_) => NewRefresh::New(granted.refresh_expires_in),
                    None => NewRefresh::None,
                },
            }
        }
        Answer::Refused(refusal) => {
            line(&refusal.error, 80);
            line(&refusal.description, 400);
            Outcome::Refused(refusal)
        }
        Answer::Unusable(why) => Outcome::Unusable(why),
    }
}

/// Nothing but tokens makes a grant healthy, and nothing but a refusal takes its refresh token away.
fn sound(outcome: &Outcome, settled: &Settled) {
    let granted = matches!(outcome, Outcome::Granted { .. });
    assert_eq!(settled.new_access, granted);
    if !granted {
        assert!(settled.held.access.is_none());
    }
    if settled.held.refresh.is_none() {
        assert!(matches!(outcome, Outcome::Refused(refusal) if refusal.ends_grant()));
    }
}

/// On one line, and no longer than that.
fn line(text: &str, most: usize) {
    assert!(text.chars().count() <= most, "{text:?}");
    assert!(!text.chars().any(char::is_control), "{text:?}");
}
