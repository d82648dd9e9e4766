//! Checking a secret in two steps, because one kind of check is slow.
//!
//! A generated secret is compared at once. What people chose costs tens of milliseconds of one core, so that
//! check becomes a job of its own, to be run off the threads that serve requests:
//!
//! ```text
//! check ── Done(result)
//!      └── Slow(job) ── job.run() on another thread ── result
//! ```
//! Either way, what the check proves (`T`) comes out only where the secret was right.

use crate::{
    error::TokenError,
    secret::{Secret, SecretHash},
};

/// What came of presenting a secret.
#[derive(Debug)]
pub enum Check<T> {
    /// It is decided.
    Done(Result<T, TokenError>),
    /// It is decided once the job has run.
    Slow(SlowCheck<T>),
}

/// A check to be run off the serving threads; it owns all it needs.
#[derive(Debug)]
pub struct SlowCheck<T> {
    pub(crate) presented: Vec<Secret>,
    pub(crate) hashes: Vec<SecretHash>,
    pub(crate) if_right: Result<T, TokenError>,
    pub(crate) if_wrong: TokenError,
}

impl<T> SlowCheck<T> {
    /// Runs the check: tens of milliseconds for each pair of a stored and a presented secret.
    ///
    /// # Errors
    /// [`TokenError`] when no presented secret is right, or it is and something else speaks against it.
    pub fn run(self) -> Result<T, TokenError> {
        let right = self.hashes.iter().any(|hash| {
            self.presented
                .iter()
                .any(|presented| hash.verify(presented.expose()))
        });
        if right {
            self.if_right
        } else {
            Err(self.if_wrong)
        }
    }
}

impl<T> Check<T> {
    /// Decides at once, running a slow check where it stands: for tests and command lines.
    ///
    /// # Errors
    /// As [`SlowCheck::run`].
    pub fn run(self) -> Result<T, TokenError> {
        match self {
            Self::Done(result) => result,
            Self::Slow(job) => job.run(),
        }
    }
}
