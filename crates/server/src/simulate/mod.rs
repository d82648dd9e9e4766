//! A provider and an API to try outbound OAuth with, on this machine: `snowglobe simulate provider`.
//!
//! It takes any client, consents to everything at once, and keeps a [`Ledger`] of what it gave and what was done with it,
//! so that a test can ask afterwards whether a token was lost, or used twice. It is no authorization server: never let
//! it guard anything.
//!
//! | path | what |
//! |---|---|
//! | `/authorize` | sends the browser back with a code |
//! | `/token` | authorization code with PKCE, client credentials, password, JWT bearer, refresh |
//! | `/revoke` | RFC 7009 |
//! | `/api/…` | echoes a call that has a token which lives; 401 otherwise |
//! | `/_ledger`, `/_control` | what happened; what shall go wrong next |

mod books;
mod http;

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

pub use books::Ledger;
pub use http::{Simulated, start};

/// How a simulated provider behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    /// Refresh tokens stay what they are.
    Strict,
    /// Each refresh gives a new refresh token, and one that is used again ends them all.
    Rotating,
    /// Rotating, and every third answer is an error, a broken connection or late.
    Flaky,
}

/// How a simulated provider is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it listens.
    pub listen: SocketAddr,
    /// How it behaves.
    pub temper: Temper,
    /// Seconds that an access token lives.
    pub lifetime: u32,
    /// Milliseconds in which a refresh token that was just replaced gives its successor again (as several providers do for
    /// clients that lost the answer).
    pub grace_ms: u64,
    /// What its tokens begin with, so that they are found wherever they turn up.
    pub token_prefix: String,
}

/// What shall go wrong from now on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Control {
    /// So many token requests are answered with 503.
    pub fail: u32,
    /// So many token requests are carried out, and the connection is closed instead of an answer.
    pub drop: u32,
    /// So many requests to end a token are answered with 503.
    pub fail_revocations: u32,
    /// So many seconds it says that refresh tokens live; 0: it does not say.
    pub refresh_expires_in: u32,
    /// So many milliseconds pass before each answer of the token endpoint.
    pub delay_ms: u64,
    /// Every access token is dead at once.
    pub expire: bool,
    /// Every refresh token is dead at once.
    pub revoke: bool,
}
