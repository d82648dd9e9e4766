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
/// Whatever is wrong costs the time of one slow hash and gets the same answer (security.md §2, 51): an unknown user,
/// one without a password, and one whose password was generated, which by itself would be compared at once.
#[must_use]
pub fn check_password(
    account: Option<&Arc<Account>>,
    presented: &PresentedSecret<'_>,
) -> Check<AuthenticatedUser> {
    let unknown = TokenError::InvalidGrant(GrantFault::Account(AccountFault::Unknown));
    let hash = account.and_then(|account| account.password.as_ref());
    let if_right = account.map(|account| AuthenticatedUser(Arc::clone(account)));
    let if_wrong = match account {
        Some(_) => TokenError::InvalidGrant(GrantFault::PasswordWrong),
        None => unknown,
    };
    let job = |hash, if_right| SlowCheck {
        presented: vec![presented.to_secret()],
        hashes: vec![hash],
        if_right,
        if_wrong: if_wrong.clone(),
    };
    match (hash, if_right) {
        (Some(hash), Some(user)) if hash.is_slow() => Check::Slow(job(hash.clone(), Ok(user))),
        (Some(hash), Some(user)) if hash.verify(presented.expose()) => Check::Done(Ok(user)),
        _ => Check::Slow(job(SecretHash::slow_decoy(), Err(if_wrong.clone()))),
    }
}
