//! An offline conformance suite for OAuth 2.0 and OpenID Connect issuers.
//!
//! ```text
//! Check ── Suite ── Person ── Wire ── issuer     a browser: logs in, consents, follows
//!            └────────────── Wire ── issuer     the client: tokens, userinfo, keys
//! ```
//!
//! Each check looks at one thing, is named after what must hold, and carries the module of the OpenID Foundation's
//! suite that it mirrors and the section that asks for it. The ID tokens are verified by a JOSE library that the
//! issuer does not use. That every check can fail is shown in `crates/cli/tests/it/conform`: there the wire breaks
//! the server in that one point.

mod ask;
mod checks;
mod html;
mod jose;
mod person;
mod snowglobe;
mod suite;
mod target;
mod wire;

use anyhow::Result;

pub use checks::CHECKS;
pub use jose::{CERTIFICATE, KEY_ID};
pub use snowglobe::register;
pub use suite::Suite;
pub use target::{Client, Target};
pub use wire::{Direct, Request, Response, Wire};

/// One thing that must hold.
pub struct Check {
    /// What must hold, in words.
    pub name: &'static str,
    /// The module of the OpenID Foundation's suite; empty where only an RFC asks for it.
    pub module: &'static str,
    /// Who asks for it.
    pub source: &'static str,
    run: fn(&Suite<'_>) -> Result<()>,
}

impl Check {
    const fn new(
        name: &'static str,
        module: &'static str,
        source: &'static str,
        run: fn(&Suite<'_>) -> Result<()>,
    ) -> Self {
        Self {
            name,
            module,
            source,
            run,
        }
    }

    /// Looks.
    ///
    /// # Errors
    /// What does not hold, or what kept it from being seen.
    pub fn run(&self, suite: &Suite<'_>) -> Result<()> {
        (self.run)(suite)
    }
}
