//! The resource owner (RFC 6749 §1.1) and the proof that a request speaks for one.

use std::{ops::Deref, sync::Arc};

use crate::{
    account::{Account, AccountFault},
    check::{Check, SlowCheck},
    error::{GrantFault, TokenError},
    secret::{PresentedSecret, SecretHash},
};

/// A user whose password was right; made by [`check_password`] alone. Whether the account may have a token is
/// a question of the grant.
#[derive(Debug, Clone)]
pub struct AuthenticatedUser(Arc<Account>);

impl Deref for AuthenticatedUser {
    type Target = Account;
    fn deref(&self) -> &Account {
        &self.0
    }
}

/// Checks a password (`None`: there is no such user).
///
/// An unknown user, or one without a password, costs the same time and gets the same answer as a wrong
/// password (security.md §2, 51).
#[must_use]
pub fn check_password(
    account: Option<&Arc<Account>>,
    presented: &PresentedSecret<'_>,
) -> Check<AuthenticatedUser> {
    let unknown = || TokenError::InvalidGrant(GrantFault::Account(AccountFault::Unknown));
    let hash = account.and_then(|account| account.password.clone());
    let if_right = account.map(|account| AuthenticatedUser(Arc::clone(account)));
    let if_wrong = match account {
        Some(_) => TokenError::InvalidGrant(GrantFault::PasswordWrong),
        None => unknown(),
    };
    let job = SlowCheck {
        presented: vec![presented.to_secret()],
        hashes: vec![hash.unwrap_or_else(SecretHash::slow_decoy)],
        if_right: if_right.ok_or_else(unknown),
        if_wrong,
    };
    if job.hashes.iter().any(SecretHash::is_slow) {
        Check::Slow(job)
    } else {
        Check::Done(job.run())
    }
}
