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
//! A session that a token made is not stored: its cookie holds the token, sealed, so that whatever ends the token ends it.
//! Properties say whether it outlives the token's own life, how long it lasts, and whether it opens pages (§4.3).

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use snowglobe_oauth::{
    bearer,
    client::{ClientNo, ClientType},
    secret::Secret,
    time::UnixMillis,
};
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
        None => match Joined::open(app, cookie) {
            Some(joined) => joined.caller(app).await?,
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

/// Returns whose session, made by a token, opens a page: nobody's, unless the property lets them.
pub(crate) async fn at_page(app: &App, headers: &HeaderMap) -> Result<Option<Caller>, Unknown> {
    if app.store.properties().flag(PAGES_CLOSED, true) {
        return Ok(None);
    }
    let cookie = cookie::value(headers, session::COOKIE);
    match cookie.and_then(|cookie| Joined::open(app, cookie)) {
        Some(joined) => Ok(Some(joined.caller(app).await?)),
        None => Ok(None),
    }
}

/// A session that a token made.
struct Joined {
    /// When.
    at: UnixMillis,
    token: String,
}

impl Joined {
    fn seal(&self, app: &App, seconds: u32) -> Result<String, StoreError> {
        let whole = [&self.at.0.to_be_bytes()[..], self.token.as_bytes()].concat();
        seal::seal(app, Purpose::ApiSession, &whole, seconds)
    }

    fn open(app: &App, cookie: &str) -> Option<Self> {
        let whole = seal::open(app, Purpose::ApiSession, cookie)?;
        let (at, token) = whole.split_first_chunk()?;
        Some(Self {
            at: UnixMillis(i64::from_be_bytes(*at)),
            token: String::from_utf8(token.to_vec()).ok()?,
        })
    }

    /// It ends with the token's life, unless the property lets it go on. Whatever else ends the token ends it, too.
    async fn caller(&self, app: &App) -> Result<Caller, Unknown> {
        let ends = app.store.properties().flag(ENDS_WITH_TOKEN, true);
        let as_of = if ends { app.now() } else { self.at };
        caller::by_token_at(app, &self.token, as_of).await
    }
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

/// Adds the cookie of the session that a client's token makes, if the call with it went well.
pub(crate) fn join(
    app: &App,
    (token, client): (&Secret, Option<ClientNo>),
    response: &mut Response,
) {
    let is_known = |headers: &HeaderMap| {
        let known = headers.get("x-is-logged-in");
        known.is_some_and(|known| known == "true")
    };
    if !response.status().is_success() || !is_known(response.headers()) {
        return;
    }
    let joined = Joined {
        at: app.now(),
        token: token.expose().to_owned(),
    };
    let sealed = joined.seal(app, lasts(app, client)).ok();
    let line = sealed.and_then(|sealed| cookie::set(app, session::COOKIE, &sealed));
    if let Some(line) = line {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

/// Returns how many seconds such a session lasts at most: as long as the properties for integrations, and for the
/// type of its client, say.
fn lasts(app: &App, client: Option<ClientNo>) -> u32 {
    let clients = app.store.clients();
    let client = client.and_then(|no| clients.by_no(no));
    let by_type = client.and_then(|client| client.client_type);
    let by_type = by_type.map(ClientType::session_timeout);
    let properties = app.store.properties();
    let minutes = [Some(INTEGRATIONS_LAST), by_type].into_iter().flatten();
    let minutes = minutes.map(|name| properties.number(name, 0));
    let shortest = minutes.filter(|minutes| *minutes > 0).min();
    let seconds = shortest.and_then(|minutes| u32::try_from(minutes.saturating_mul(60)).ok());
    seconds.map_or(LONGEST, |seconds| seconds.min(LONGEST))
}

const GUEST: &str = "guest";
/// The most seconds that such a session lasts.
const LONGEST: u32 = 86_400;
/// Minutes; 0 is no limit.
const INTEGRATIONS_LAST: &str = "glide.integrations.active.session.life_span";
const ENDS_WITH_TOKEN: &str = "glide.authenticate.oauth.post.token.expiration.cookie_auth.disabled";
const PAGES_CLOSED: &str = "com.glide.processors.aprocessor.donot_reuse_api_session";
