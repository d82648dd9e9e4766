//! Checking a person's name and password.

use std::sync::Arc;

use snowglobe_oauth::error::TokenError;
use snowglobe_oauth::{
    account::AccountFault, check::Check, error::GrantFault, resource_owner, secret::PresentedSecret,
};
use snowglobe_store::User;

use crate::app::App;

/// Why nobody is signed in.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The credentials open nothing; the wire never says why.
    Wrong(GrantFault),
    /// The store failed, or too many checks are waiting.
    Unavailable(String),
}

/// Returns the user of this name if the password is theirs and they may log in.
pub(crate) async fn check(
    app: &App,
    user_name: &str,
    password: &str,
) -> Result<Arc<User>, Refusal> {
    let unavailable = |error: &dyn std::fmt::Display| Refusal::Unavailable(error.to_string());
    let found = app.store.user_by_name(user_name).await;
    let user = found.map_err(|error| unavailable(&error))?;
    let presented = PresentedSecret::new(password);
    let account = user.as_ref().map(|user| &user.account);
    let checked = match resource_owner::check_password(account, &presented) {
        Check::Done(result) => result,
        Check::Slow(job) => {
            let ran = app.hashes.run(move || job.run()).await;
            ran.map_err(|error| unavailable(&error))?
        }
    };
    let right = checked.map_err(|error| match error {
        TokenError::InvalidGrant(fault) => Refusal::Wrong(fault),
        other => Refusal::Unavailable(other.to_string()),
    })?;
    let wrong = |fault| Refusal::Wrong(GrantFault::Account(fault));
    right.may_log_in().map_err(wrong)?;
    user.ok_or_else(|| wrong(AccountFault::Unknown))
}
