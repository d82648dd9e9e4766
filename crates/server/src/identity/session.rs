//! Browser sessions: who is logged in with the cookie `JSESSIONID` (`inbound-oauth.md` §8.1).
//!
//! ```text
//! to_login ── /login.do ── begin ── current, current, … ── end
//! ```
//! A session is a row that every request reads, so that log-out, a lock or a new password ends it on every node at
//! the next request. The cookie's value is new at each log-in: one that was planted before is worth nothing.

use std::sync::Arc;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use snowglobe_oauth::{UnixSeconds, goto, login::Proof, secret::Secret, session::SessionLimits};
use snowglobe_store::{
    User,
    backend::{ApplyError, StoreError},
};

use super::{
    cookie,
    user_token::{self, CsrfFault},
};
use crate::{app::App, entropy, refusal};

/// A person who is logged in.
#[derive(Debug)]
pub(crate) struct Session {
    /// Who.
    pub(crate) user: Arc<User>,
    /// When they logged in: `auth_time` of OpenID Connect.
    pub(crate) authenticated_at: UnixSeconds,
    /// What they proved then.
    pub(crate) proof: Proof,
    app: App,
    cookie: Secret,
}

/// Returns the session that a request comes with, if there is one that still stands.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(crate) async fn current(app: &App, headers: &HeaderMap) -> Result<Option<Session>, StoreError> {
    let Some(cookie) = presented(headers) else {
        return Ok(None);
    };
    let store = &app.store;
    let Some(stored) = store.session(&cookie).await? else {
        return Ok(None);
    };
    refusal::acting_as(stored.user);
    let user = store.user_by_no(stored.user).await?;
    let (now, limits) = (app.now(), limits(app));
    let account = user.as_ref().map(|user| &*user.account);
    if let Err(fault) = stored.times.check(limits, account, now) {
        refusal::say(fault.code());
        return Ok(None);
    }
    if stored.times.to_be_noted(now) {
        store.session_used(&cookie, now);
    }
    Ok(user.map(|user| Session {
        user,
        authenticated_at: stored.times.auth_time(),
        proof: stored.proof,
        app: app.clone(),
        cookie,
    }))
}

/// Begins a session; the answer that sets the returned cookies logs its reader in. A session that the request came
/// with ends.
///
/// # Errors
/// [`ApplyError`] when the database fails.
pub(crate) async fn begin(
    app: &App,
    user: &User,
    proof: Proof,
    headers: &HeaderMap,
) -> Result<[(HeaderName, HeaderValue); 3], ApplyError> {
    let unavailable = |what: String| ApplyError::from(StoreError::Unavailable(what));
    let random = entropy::random().map_err(|error| unavailable(error.to_string()))?;
    let cookie = Secret::generate(random);
    let old = presented(headers);
    let store = &app.store;
    store
        .begin_session(&cookie, (user.account.no, proof), app.now(), old.as_ref())
        .await?;
    let set = |name, value: &str| {
        let line = cookie::set(app, name, value);
        let line = line.ok_or_else(|| unavailable("the cookie cannot be written".to_owned()))?;
        Ok::<_, ApplyError>((header::SET_COOKIE, line))
    };
    // Two names that clients look for beside it (`rest-and-records.md` §1.5); nothing here reads them.
    let key = snowglobe_store::session_key(&cookie);
    let (route, kept) = key.split_at(32);
    Ok([
        set(COOKIE, cookie.expose())?,
        set(ROUTE, &format!("glide.{route}"))?,
        set(KEPT, kept)?,
    ])
}

impl Session {
    /// Returns somebody who looks at pages with a token: no session is stored, and no form can be sent with it.
    pub(crate) fn of_token(app: &App, user: Arc<User>, token: Secret) -> Self {
        Self {
            user,
            authenticated_at: app.now().seconds(),
            proof: Proof::default(),
            app: app.clone(),
            cookie: token,
        }
    }

    /// Returns what names it in the store.
    pub(crate) fn key(&self) -> Box<str> {
        snowglobe_store::session_key(&self.cookie)
    }

    /// Returns the token that a form of this session carries as `sysparm_ck`, and a REST call as `X-UserToken`.
    pub(crate) fn ck(&self) -> String {
        user_token::of(&self.app, self.cookie.expose())
    }

    /// Checks that a form was made for this session.
    ///
    /// # Errors
    /// [`CsrfFault`] when it was not: nothing may be done.
    pub(crate) fn check_ck(&self, presented: &str) -> Result<(), CsrfFault> {
        user_token::check(&self.app, self.cookie.expose(), presented)
    }

    /// Ends the session; the answer that sets the returned cookie makes the browser forget it.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails: then it may still stand.
    pub(crate) async fn end(self) -> Result<Option<(HeaderName, HeaderValue)>, ApplyError> {
        self.app.store.end_session(&self.cookie).await?;
        let line = cookie::forget(&self.app, COOKIE);
        Ok(line.map(|line| (header::SET_COOKIE, line)))
    }
}

/// Sends a person to the login page, and back to `path_and_query` from there if that is a place on this instance.
pub(crate) fn to_login(path_and_query: &str) -> Response {
    see_other(&login_address(LOGIN, path_and_query, None))
}

/// Returns the address of a page of the log-in that comes back to `path_and_query`, with a name filled in if one is known.
pub(crate) fn login_address(page: &str, path_and_query: &str, user_name: Option<&str>) -> String {
    let back = goto::allowed(path_and_query).unwrap_or("/");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair(GOTO, back);
    if let Some(user_name) = user_name {
        query.append_pair("user_name", user_name);
    }
    let separator = if page.contains('?') { '&' } else { '?' };
    format!("{page}{separator}{}", query.finish())
}

/// Sends a browser on with GET (security.md §2, 6: 303, never 307 after a form with a password).
pub(crate) fn see_other(to: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(to) else {
        refusal::say("internal");
        return StatusCode::BAD_REQUEST.into_response();
    };
    let no_store = HeaderValue::from_static("no-store");
    let no_referrer = HeaderValue::from_static("no-referrer");
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, no_store),
        (header::REFERRER_POLICY, no_referrer),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// Returns the value of the session's cookie, if it can be one of ours.
fn presented(headers: &HeaderMap) -> Option<Secret> {
    let value = cookie::value(headers, COOKIE)?;
    let ours = value.len() == 43 && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    ours.then(|| Secret::new(value.to_owned()))
}

/// Returns how long sessions last now.
pub(crate) fn limits(app: &App) -> SessionLimits {
    let properties = app.store.properties();
    let seconds = |name, minutes| {
        let minutes = properties.number(name, minutes).max(1);
        u32::try_from(minutes.saturating_mul(60)).unwrap_or(u32::MAX)
    };
    SessionLimits {
        idle: seconds("glide.ui.session_timeout", 30),
        // `ServiceNow` documents an absolute end for integrations only; a person's day is ours.
        absolute: seconds("glide.ui.active.session.life_span", 720),
    }
}

/// The query parameter of the login page that says where to go on to.
pub(crate) const GOTO: &str = "sysparm_goto_url";
/// The login page of this instance.
pub(crate) const LOGIN: &str = "/login.do";
/// The cookie of a session.
pub(super) const COOKIE: &str = "JSESSIONID";
const ROUTE: &str = "glide_user_route";
const KEPT: &str = "glide_session_store";
