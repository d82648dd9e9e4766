//! What the tests stand on; nothing shipped depends on it.
//!
//! - [`postgres`]: a fresh PostgreSQL database for a test, on a server that `cargo xtask test`
//!   started, or on a throw-away cluster of this process's own.
//! - [`Instance`]: the real binary as a child process, found by its ready line, killed and
//!   restarted at will.
//! - [`IdentityProvider`]: somebody else who signs JWTs and serves keys.
//! - [`Webhook`]: somebody whom alerts are posted to.
//! - [`Http`]: blocking requests to it over loopback, answering with what came back, whatever it
//!   was.
//!
//! Everything here panics with a plain text when the world is not as a test needs it: a missing
//! piece fails the test by name and never skips it.

mod http;
pub mod identity_provider;
mod instance;
pub mod postgres;
mod webhook;

pub use http::{Answer, Http};
pub use identity_provider::IdentityProvider;
pub use instance::{Instance, Launch, ReadyClient, ReadyJwtClient, ReadyUser};
pub use webhook::Webhook;
