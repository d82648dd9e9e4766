//! Every reason why a request is refused: the rule, and how to mend it.
//!
//! A fault's `code()` is the key. The wire says what its dialect says and no more; the code is in the log, and with
//! what stands here in `snowglobe explain` and in `docs/reasons.md`, which is made from it. A test holds the list
//! against the source: no code without an entry, no entry without a code.

mod api;
mod authorize;
mod client;
mod device;
mod jwt;
mod logout;
mod outbound;
mod request;
mod token;
mod user;

use std::fmt::Write as _;

/// A reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// Its name, as faults return it.
    pub code: &'static str,
    /// Who can mend it.
    pub who: Who,
    /// The section, page or property that asks for the refusal.
    pub rule: &'static str,
    /// What is wrong, in one sentence.
    pub what: &'static str,
    /// How to mend it on this instance.
    pub here: &'static str,
    /// What that means on a real instance of ServiceNow.
    pub there: &'static str,
}

/// Who can mend what a request was refused for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever writes or configures the client.
    Client,
    /// The person it acts for.
    User,
    /// Whoever administers users, applications and rules.
    Administrator,
    /// Whoever runs the instance.
    Operator,
}

impl Who {
    /// Returns the word for it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::User => "user",
            Self::Administrator => "administrator",
            Self::Operator => "operator",
        }
    }
}

/// The list, by subject.
const SUBJECTS: [(&str, &[Reason]); 10] = [
    ("Requests", request::REASONS),
    ("Clients and scopes", client::REASONS),
    ("Authorization requests and codes", authorize::REASONS),
    ("Devices without a browser", device::REASONS),
    ("Tokens", token::REASONS),
    ("Users and sessions", user::REASONS),
    ("Logging out for a client", logout::REASONS),
    ("JWTs, assertions and keys", jwt::REASONS),
    ("The REST surface", api::REASONS),
    ("Outbound calls", outbound::REASONS),
];

/// Iterates over all reasons.
pub fn all() -> impl Iterator<Item = &'static Reason> {
    SUBJECTS.iter().flat_map(|(_, reasons)| *reasons)
}

/// Returns the reason with this code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Reason> {
    all().find(|reason| reason.code == code)
}

/// Renders the list as `docs/reasons.md`.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(INTRODUCTION);
    for (subject, reasons) in SUBJECTS {
        // Writing to a String does not fail.
        let _ = writeln!(text, "\n## {subject}\n");
        text.push_str(
            "| code | what is wrong | rule | who | mend it here | on a real instance |\n",
        );
        text.push_str("|---|---|---|---|---|---|\n");
        for reason in reasons {
            let Reason {
                code,
                who,
                rule,
                what,
                here,
                there,
            } = reason;
            let who = who.text();
            let _ = writeln!(
                text,
                "| `{code}` | {what} | {rule} | {who} | {here} | {there} |"
            );
        }
    }
    text
}

const INTRODUCTION: &str = "\
<!-- Made by `cargo xtask gen` from crates/oauth/src/reason; changes here are lost. -->

# Why a request is refused

The answer to a refused request says no more than its dialect does: ServiceNow's endpoints often say nothing at all.
The reason is for whoever runs the instance:

- `snowglobe explain <id>` tells it, with what was expected and what came. The id is the `X-Transaction-ID` of the
  answer. A node keeps its last 10,000 refusals in memory; a restart forgets them.
- The log has one line for each refusal (target `snowglobe::audit`), with the id, the code, the client and the user.
- In development the answer has the header `X-Snowglobe-Reason`. In production it never has.

Nothing of this holds a secret, a token or a password.
";
