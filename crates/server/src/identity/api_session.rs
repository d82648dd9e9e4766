//! The session cookie of a REST call: `JSESSIONID`, with `X-UserToken` beside it (`rest-and-records.md` §1.4).
//!
//! ```text
//! 43 letters and digits   a person's session: `session`
//! a sealed access token   a session that a call with a token made (`inbound-oauth.md` §4.3)
//! guest…                  nobody's yet: what a program gets that asks who it is before it says so
//! ```
//! A browser sends its cookie whatever site asks it to, so the cookie alone opens nothing: the answer is 401, and tells
//! the token that has to come with it. Another site's page can send such a call, but not read that answer.
//!
//! A session that a token made is not stored: its cookie holds the token, sealed, so that it ends when the token does.
//! It opens no page (`com.glide.processors.aprocessor.donot_reuse_api_session`).

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use snowglobe_oauth::{bearer, secret::Secret};
use snowglobe_store::backend::StoreError;

use super::{
    caller::{self, By, Caller, Unknown},
    cookie,
    seal::{self, Purpose},
    session, user_token,
};
use crate::{app::App, entropy};

/// Returns whose session the call comes with.
pub(super) async fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, Unknown> {
    let Some(cookie) = cookie::value(headers, session::COOKIE) else {
        return Err(Unknown::NoCredentials);
    };
    let known = match session::current(app, headers).await? {
        Some(session) => Caller {
            user: session.user,
            by: By::Session,
        },
        None => match token_of(app, cookie) {
            Some(token) => caller::by_token(app, &token).await?,
            None => return Err(Unknown::NoCredentials),
        },
    };
    let presented = headers.get(user_token::HEADER);
    let presented = presented.and_then(|it| it.to_str().ok());
    match user_token::check(app, cookie, presented.unwrap_or_default().trim()) {
        Ok(()) => Ok(known),
        Err(fault) => Err(Unknown::UserToken {
            fault,
            right: user_token::of(app, cookie),
        }),
    }
}

fn token_of(app: &App, cookie: &str) -> Option<String> {
    let token = seal::open(app, Purpose::ApiSession, cookie)?;
    String::from_utf8(token).ok()
}

/// Returns the header that sets the cookie of a guest.
pub(crate) fn guest(app: &App) -> Result<Option<(HeaderName, HeaderValue)>, StoreError> {
    let random = entropy::random().map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let secret = Secret::generate(random);
    let random = secret.expose().get(GUEST.len()..).unwrap_or_default();
    let line = cookie::set(app, session::COOKIE, &format!("{GUEST}{random}"));
    Ok(line.map(|line| (header::SET_COOKIE, line)))
}

/// Tells whether somebody calls with a name and a password, and without any cookie.
pub(crate) fn is_first(headers: &HeaderMap) -> bool {
    let authorization = headers
        .get(header::AUTHORIZATION)
        .map(HeaderValue::as_bytes);
    let scheme = authorization.and_then(|value| value.get(..6));
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic "))
        && !headers.contains_key(header::COOKIE)
}

/// Gives such a caller a cookie, as the real thing does (`rest-and-records.md` §1.5). It is a guest's: it opens nothing.
pub(crate) fn greet(app: &App, response: &mut Response) {
    if !response.status().is_success() || response.headers().contains_key(header::SET_COOKIE) {
        return;
    }
    // Without randomness there is no cookie; the call was answered all the same.
    if let Ok(Some((name, line))) = guest(app) {
        response.headers_mut().append(name, line);
    }
}

/// Returns the token that a guest calls with: if it is good, the guest's session becomes its user's.
pub(crate) fn joining(headers: &HeaderMap) -> Option<Secret> {
    let cookie = cookie::value(headers, session::COOKIE)?;
    let authorization = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let token = bearer::from_header(authorization)?;
    cookie
        .starts_with(GUEST)
        .then(|| Secret::new(token.to_owned()))
}

/// Adds the cookie of the session that a token makes, if the call with it went well.
pub(crate) fn join(app: &App, token: &Secret, response: &mut Response) {
    let is_known = |headers: &HeaderMap| {
        let known = headers.get("x-is-logged-in");
        known.is_some_and(|known| known == "true")
    };
    if !response.status().is_success() || !is_known(response.headers()) {
        return;
    }
    let sealed = seal::seal(
        app,
        Purpose::ApiSession,
        token.expose().as_bytes(),
        OPEN_FOR,
    );
    let line = sealed
        .ok()
        .and_then(|sealed| cookie::set(app, session::COOKIE, &sealed));
    if let Some(line) = line {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

const GUEST: &str = "guest";
/// The most seconds that such a cookie counts; its token usually ends before it.
const OPEN_FOR: u32 = 86_400;
