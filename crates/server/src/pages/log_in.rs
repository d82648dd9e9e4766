//! The way from the right password to the session, and what a browser carries on it.
//!
//! ```text
//! login ── Pending ──┬─ second_factor ──┐
//!                    ├─ my_second_factor ├── go_on ── session
//!                    └─ new_password ───┘
//! ```
//! Between two steps nothing is stored: a sealed handle says who is logging in and what they have proven. It is
//! bound to the browser, lives for minutes, and dies with a lock or a new password.

use std::sync::Arc;

use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use snowglobe_oauth::{
    UserNo,
    account::AccountFault,
    goto,
    login::{Factor, Step},
    time::UnixMillis,
};
use snowglobe_store::{User, backend::StoreError};

use super::{fault::PageFault, login, my_second_factor, new_password, second_factor};
use crate::{
    app::App,
    identity::{
        seal::{self, Purpose},
        session::{self, see_other},
        sign_in::{self, Door},
    },
};

/// Somebody whose password was right and who is not logged in yet.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Pending {
    user: u32,
    /// When the password was checked; milliseconds.
    began: i64,
    /// The cookie of the browser that did it.
    browser: String,
    /// A log-in is under way; otherwise it is about somebody who is logged in.
    logging_in: bool,
    /// The second factor is proven too.
    pub(super) proven_twice: bool,
    /// Where to go on to in the end.
    goto: String,
    /// The secret of a second factor that is being set up.
    pub(super) secret: Option<[u8; 20]>,
}

impl Pending {
    pub(super) fn new(app: &App, user: &User, headers: &HeaderMap, goto: &str) -> Self {
        Self {
            user: user.account.no.0,
            began: app.now().0,
            browser: login::browser(headers).unwrap_or_default().to_owned(),
            logging_in: true,
            proven_twice: false,
            goto: goto.to_owned(),
            secret: None,
        }
    }

    /// The same for somebody who is logged in already.
    pub(super) fn of_session(app: &App, user: &User, headers: &HeaderMap) -> Self {
        Self {
            logging_in: false,
            ..Self::new(app, user, headers, "/")
        }
    }

    /// Seals it for the next step.
    pub(super) fn seal(&self, app: &App, purpose: Purpose) -> Result<String, PageFault> {
        const OPEN_FOR: u32 = 600;
        let bytes = serde_json::to_vec(self);
        let bytes = bytes.map_err(|error| PageFault::Unavailable(error.to_string()))?;
        Ok(seal::seal(app, purpose, &bytes, OPEN_FOR)?)
    }

    /// Opens what a step of a log-in brought back, and reads who it is about.
    pub(super) async fn resume(
        app: &App,
        purpose: Purpose,
        handle: &str,
        headers: &HeaderMap,
    ) -> Result<(Self, Arc<User>), PageFault> {
        let (pending, user) = Self::open(app, purpose, handle, headers).await?;
        if pending.logging_in {
            Ok((pending, user))
        } else {
            Err(PageFault::Stale)
        }
    }

    /// Opens what a form brought back, and reads who it is about.
    pub(super) async fn open(
        app: &App,
        purpose: Purpose,
        handle: &str,
        headers: &HeaderMap,
    ) -> Result<(Self, Arc<User>), PageFault> {
        let bytes = seal::open(app, purpose, handle).ok_or(PageFault::Stale)?;
        let pending: Self = serde_json::from_slice(&bytes).map_err(|_| PageFault::Stale)?;
        if pending.browser.is_empty() || login::browser(headers) != Some(&pending.browser) {
            return Err(PageFault::Stale);
        }
        let user = app.store.user_by_no(UserNo(pending.user)).await?;
        let user = user.ok_or(PageFault::Stale)?;
        let outdated = UnixMillis(pending.began) < user.account.tokens_valid_from;
        if outdated || may_go_on(&user).is_err() {
            return Err(PageFault::Stale);
        }
        Ok((pending, user))
    }
}

/// Tells whether a person may log in with pages, if only to choose a new password.
pub(super) fn may_go_on(user: &User) -> Result<(), AccountFault> {
    match user.account.may_log_in() {
        Err(AccountFault::PasswordNeedsReset) | Ok(()) => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// Shows the next step, or begins the session when there is none.
pub(super) async fn go_on(
    app: &App,
    headers: &HeaderMap,
    user: &Arc<User>,
    pending: Pending,
) -> Result<Response, PageFault> {
    match next_step(app, user, pending.proven_twice).await? {
        Step::SecondFactor => second_factor::ask(app, &pending, None),
        Step::Enrol => my_second_factor::demand(app, user, pending, None),
        Step::NewPassword => new_password::demand(app, &pending, None),
        Step::Session(proof) => {
            sign_in::complete(app, user, Door::Form).await?;
            let cookies = session::begin(app, user, proof, headers).await?;
            let next = see_other(goto::allowed(&pending.goto).unwrap_or("/"));
            Ok((HeaderMap::from_iter(cookies), next).into_response())
        }
    }
}

/// Returns what somebody whose password was right has to do next.
pub(super) async fn next_step(
    app: &App,
    user: &User,
    proven_twice: bool,
) -> Result<Step, StoreError> {
    let required = app.store.properties().flag(REQUIRED, false);
    let enrolled = app.store.second_factor(user.account.no).await?.is_some();
    let factor = Factor::of(enrolled, required, proven_twice);
    Ok(factor.next(user.account.password_needs_reset))
}

/// Makes everybody set a second factor up at their next log-in; off unless an administrator says so.
const REQUIRED: &str = "glide.authenticate.multifactor";
