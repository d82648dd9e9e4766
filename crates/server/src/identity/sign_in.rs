//! Checking a person's name and password, alike for the login form, the password grant and Basic credentials
//! (`inbound-oauth.md` §8.3).
//!
//! ```text
//! throttle ── line ── standing ── hash ──┬─ wrong: count, refuse
//!                                        └─ right: Proven ── complete: the count starts again
//! ```
//! Whatever is wrong takes the same time and gets one answer (security.md §2, 51). While an account is locked its
//! password is not even looked at: the lock would not stop a guesser who is told when a guess was right.

use std::sync::Arc;

use snowglobe_oauth::{
    account::AccountFault,
    check::Check,
    error::{GrantFault, TokenError},
    lockout::{LockoutLimits, Standing},
    resource_owner::{self, AuthenticatedUser},
    secret::PresentedSecret,
};
use snowglobe_store::{
    User,
    backend::{ApplyError, StoreError},
};

use super::slow::{Overloaded, SlowHashes};
use crate::{app::App, refusal};

/// Why nobody is signed in.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The credentials open nothing; the wire never says why.
    Wrong(GrantFault),
    /// Too many wrong ones came from this address.
    Throttled,
    /// The store failed, or too many checks are waiting.
    Unavailable(String),
}

impl Refusal {
    /// Returns the fault's name in logs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Wrong(fault) => fault.code(),
            Self::Throttled => "sign_in_throttled",
            Self::Unavailable(_) => "unavailable",
        }
    }
}

/// The first factor is proven: whose password it was.
#[derive(Debug)]
pub(crate) struct Proven {
    pub(crate) user: Arc<User>,
    /// For the grant that asks for one.
    pub(crate) owner: AuthenticatedUser,
}

/// How somebody signs in: each has a property that says whether it counts as a log-in (`inbound-oauth.md` §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    Form,
    Grant,
    Basic,
}

/// Checks a name and a password. The account is in use; what else it must be is the caller's question.
pub(crate) async fn check(
    app: &App,
    user_name: &str,
    presented: &PresentedSecret<'_>,
) -> Result<Proven, Refusal> {
    // Nobody has an empty name or password: no guess, hence nothing to count.
    if user_name.is_empty() || presented.expose().is_empty() {
        return Err(Refusal::Wrong(GrantFault::PasswordWrong));
    }
    let found = standing_now(app, user_name).await?;
    if let Some(user) = &found
        && !user.standing.is_locked()
        && let Check::Done(Ok(owner)) = checked(Some(user), presented)
    {
        // A generated password that is right: nothing is hashed, so nobody has to wait in line.
        return proven(user, owner);
    }
    let address = refusal::address();
    if !app.throttle.allows(address, app.now()) {
        return Err(Refusal::Throttled);
    }
    let _turn = app.turns.take(user_name, address).await?;
    // Those who stood in front may have locked it meanwhile.
    let found = standing_now(app, user_name).await?;
    let open = found.as_ref().filter(|user| !user.standing.is_locked());
    let outcome = run(&app.hashes, checked(open, presented)).await?;
    let refused = match (outcome, &found) {
        (Ok(owner), Some(user)) if user.account.active => return proven(user, owner),
        (Ok(_), _) => GrantFault::Account(AccountFault::Inactive),
        (Err(_), Some(user)) if user.standing.is_locked() => {
            GrantFault::Account(AccountFault::LockedOut)
        }
        (Err(fault), _) => fault,
    };
    app.throttle.count(address, app.now());
    let guessed = found.filter(|_| refused == GrantFault::PasswordWrong);
    count_failure(app, guessed).await?;
    Err(Refusal::Wrong(refused))
}

fn proven(user: &Arc<User>, owner: AuthenticatedUser) -> Result<Proven, Refusal> {
    if let Err(fault) = user.account.in_use() {
        return Err(Refusal::Wrong(GrantFault::Account(fault)));
    }
    Ok(Proven {
        user: Arc::clone(user),
        owner,
    })
}

fn checked(user: Option<&Arc<User>>, presented: &PresentedSecret<'_>) -> Check<AuthenticatedUser> {
    resource_owner::check_password(user.map(|user| &user.account), presented)
}

async fn run(
    hashes: &SlowHashes,
    check: Check<AuthenticatedUser>,
) -> Result<Result<AuthenticatedUser, GrantFault>, Refusal> {
    let result = match check {
        Check::Done(result) => result,
        Check::Slow(job) => hashes.run(move || job.run()).await?,
    };
    match result {
        Ok(owner) => Ok(Ok(owner)),
        Err(TokenError::InvalidGrant(fault)) => Ok(Err(fault)),
        Err(other) => Err(Refusal::Unavailable(other.to_string())),
    }
}

/// Returns the user of this name; a lock whose time is over is lifted first.
async fn standing_now(app: &App, user_name: &str) -> Result<Option<Arc<User>>, Refusal> {
    let Some(user) = app.store.user_by_name(user_name).await? else {
        return Ok(None);
    };
    let limits = limits(app);
    if user.standing.at(limits, app.now()) == user.standing {
        return Ok(Some(user));
    }
    settle(app, user, |standing| standing.at(limits, app.now())).await?;
    Ok(app.store.user_by_name(user_name).await?)
}

/// Counts a wrong password, or takes as long where there is nobody to count it for.
async fn count_failure(app: &App, user: Option<Arc<User>>) -> Result<(), Refusal> {
    match user {
        Some(user) => failed(app, user).await,
        None => Ok(app.store.count_failure_of_nobody().await?),
    }
}

/// Counts a failure of a user: a wrong password, or a wrong code of the second factor.
pub(crate) async fn failed(app: &App, user: Arc<User>) -> Result<(), Refusal> {
    let limits = limits(app);
    if settle(app, user, |standing| standing.failed(limits, app.now())).await? {
        return Ok(());
    }
    Err(Refusal::Unavailable(
        "others changed the same user again and again".to_owned(),
    ))
}

/// Ends a sign-in well: the count starts again, and the log-in is noted.
pub(crate) async fn complete(app: &App, user: &Arc<User>, door: Door) -> Result<(), Refusal> {
    if user.standing.failed > 0 {
        // Whoever fails at the same moment, again and again, is counted as if after this; a code that was spent on
        // getting here is not lost to them.
        let _outrun = settle(app, Arc::clone(user), Standing::succeeded).await?;
    }
    if door != Door::Form && needs_second_factor(app, user).await? {
        let fault = AccountFault::SecondFactorNeeded;
        return Err(Refusal::Wrong(GrantFault::Account(fault)));
    }
    let properties = app.store.properties();
    let counts = match door {
        Door::Form => true,
        Door::Grant => properties.flag("glide.oauth.update_last_login_time", true),
        Door::Basic => properties.flag("glide.basicauth.update_last_login_time", true),
    };
    if counts {
        app.store.note_login(user.account.no, app.now());
    }
    Ok(())
}

/// `inbound-oauth.md` §8.3: where the property says so, who has a second factor does without passwords that come
/// without one (security.md §2, 25).
async fn needs_second_factor(app: &App, user: &User) -> Result<bool, StoreError> {
    let asked = app
        .store
        .properties()
        .flag("glide.authenticate.multifactor.for_integrations", false);
    Ok(asked && app.store.second_factor(user.account.no).await?.is_some())
}

/// Moves a user's standing on, from whatever it is by now; tells whether it could before others moved it, again and
/// again.
async fn settle(
    app: &App,
    mut user: Arc<User>,
    next: impl Fn(Standing) -> Standing,
) -> Result<bool, Refusal> {
    const ATTEMPTS: usize = 16;
    for _ in 0..ATTEMPTS {
        let (no, seen) = (user.account.no, user.standing);
        if next(seen) == seen {
            return Ok(true);
        }
        match app.store.put_standing(no, seen, next(seen)).await {
            Err(ApplyError::Conflict) => {}
            applied => return Ok(applied.map(|()| true)?),
        }
        match app.store.user_by_no(no).await? {
            Some(again) => user = again,
            None => return Ok(true),
        }
    }
    Ok(false)
}

/// Returns how many guesses there are now, and how long a lock lasts.
pub(crate) fn limits(app: &App) -> LockoutLimits {
    let properties = app.store.properties();
    let number = |name, default| u32::try_from(properties.number(name, default)).unwrap_or(0);
    LockoutLimits {
        attempts: number("glide.user.max_unlock_attempts", 5),
        minutes: number("glide.user.unlock_timeout_in_mins", 15),
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<ApplyError> for Refusal {
    fn from(error: ApplyError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<Overloaded> for Refusal {
    fn from(error: Overloaded) -> Self {
        Self::Unavailable(error.to_string())
    }
}
