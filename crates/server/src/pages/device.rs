//! `/oauth2/device`: where a person lets a device without a browser in (RFC 8628 §3.3).
//!
//! ```text
//! GET ── code ── POST ── who asks, and for what ── POST ─┬─ Allow ── the device's next poll gets tokens
//!                                                        └─ Deny
//! ```
//! Whoever sends somebody else a link with a code in it wants to be let in by them (RFC 8628 §5.4), so a code in the
//! link is only filled in, every device is asked about, whatever was allowed before, and the page shows the code that
//! the device must show as well.

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use snowglobe_oauth::{
    Form,
    client::Client,
    device::{Allowed, Asked, UserCode, UserCodeFault},
    grants::Context,
    policy::Dialect,
    scope::NumberedScope,
};
use snowglobe_store::backend::ApplyError;

use super::{
    Forms, Shell,
    consent::{logo, words},
    fault::PageFault,
    form, page,
};
use crate::{
    app::App,
    identity::{
        seal::{self, Purpose},
        session::{self, Session, to_login},
        token,
        user_token::CsrfFault,
    },
    refusal::{self, Why},
};

#[derive(Template)]
#[template(path = "device.html")]
struct CodePage<'a> {
    shell: Shell,
    ck: String,
    user_code: &'a str,
    message: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "device_consent.html")]
struct ConsentPage<'a> {
    shell: Shell,
    client: &'a str,
    initial: char,
    logo: Option<&'a str>,
    user_name: &'a str,
    user_code: UserCode,
    grants: Vec<String>,
    ticket: String,
}

#[derive(Template)]
#[template(path = "message.html")]
struct AnsweredPage {
    shell: Shell,
    title: &'static str,
    text: String,
    next: &'static str,
    next_text: &'static str,
}

/// `GET /oauth2/device`
pub(crate) async fn get(State(app): State<App>, request: Request) -> Result<Response, PageFault> {
    switched_on(&app)?;
    let uri = request.uri();
    let Some(session) = session::current(&app, request.headers()).await? else {
        return Ok(to_login(&with_code(uri)));
    };
    let query = form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let typed = form::field(&query, "user_code")?;
    Ok(ask_for_code(&session, &shown(typed), StatusCode::OK, None))
}

/// `POST /oauth2/device`
pub(crate) async fn post(State(app): State<App>, request: Request) -> Result<Response, PageFault> {
    switched_on(&app)?;
    let (parts, body) = form::read(request).await?;
    let Some(session) = session::current(&app, &parts.headers).await? else {
        return Ok(to_login(PATH));
    };
    let form = form::parse(&body)?;
    let ck = form::field(&form, "sysparm_ck")?;
    match form::field(&form, "oauth_auth_check_action")? {
        "" => {
            session.check_ck(ck)?;
            show_device(&app, &session, &form).await
        }
        answer => decide(&app, &session, ck, answer == "authorize").await,
    }
}

fn switched_on(app: &App) -> Result<(), PageFault> {
    let on = app.store.properties().oauth().devices_allowed;
    on.then_some(()).ok_or(PageFault::NotFound)
}

/// The address to come back to after the log-in; only what can be a code is carried along.
fn with_code(uri: &Uri) -> String {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let typed = query.as_ref().map(|query| query.get("user_code"));
    match typed {
        Ok(Ok(Some(typed))) => match UserCode::parse(typed) {
            Ok(code) => format!("{PATH}?user_code={code}"),
            Err(_) => PATH.to_owned(),
        },
        _ => PATH.to_owned(),
    }
}

/// A code as the device shows it; what is none, as it was typed.
fn shown(typed: &str) -> String {
    match UserCode::parse(typed) {
        Ok(code) => code.to_string(),
        Err(_) => typed.chars().take(LONGEST).collect(),
    }
}

fn ask_for_code(
    session: &Session,
    user_code: &str,
    status: StatusCode,
    message: Option<&'static str>,
) -> Response {
    let template = CodePage {
        shell: Shell::of(Some(session)),
        ck: session.ck(),
        user_code,
        message,
    };
    page(status, &template, Forms::StayHere)
}

/// Shows who asks, if the code is one that waits.
async fn show_device(app: &App, session: &Session, form: &Form<'_>) -> Result<Response, PageFault> {
    let typed = form::field(form, "user_code")?;
    let (address, user, now) = (refusal::address(), session.user.account.no, app.now());
    if !app.throttle.allows(address, now) || !app.user_codes.allows(&user, now) {
        refusal::say("user_codes_throttled");
        let status = StatusCode::TOO_MANY_REQUESTS;
        return Ok(ask_for_code(session, &shown(typed), status, Some(WAIT)));
    }
    match waiting(app, typed).await? {
        Ok((code, asked)) => consent(app, session, code, asked).await,
        Err(fault) => {
            app.throttle.count(address, now);
            app.user_codes.count(user, now);
            refusal::say(Why::new(fault.code()).text(fault));
            let status = StatusCode::FORBIDDEN;
            Ok(ask_for_code(session, &shown(typed), status, Some(WRONG)))
        }
    }
}

/// Finds the device that a code names and that still waits.
async fn waiting(
    app: &App,
    typed: &str,
) -> Result<Result<(UserCode, Asked), UserCodeFault>, PageFault> {
    let code = match UserCode::parse(typed) {
        Ok(code) => code,
        Err(fault) => return Ok(Err(fault)),
    };
    let Some(asked) = app.store.device_of(&code).await? else {
        return Ok(Err(UserCodeFault::Unknown));
    };
    refusal::sent_by(asked.client);
    let clients = app.store.clients();
    let client = clients.by_no(asked.client).map(|client| &**client);
    let dialect = client.map_or(Dialect::Strict, |it| it.dialect(Dialect::Strict));
    let properties = app.store.properties();
    let context = Context {
        policy: app.policy(dialect),
        properties: properties.oauth(),
        now: app.now(),
    };
    Ok(asked.check(client, &context).map(|()| (code, asked)))
}

async fn consent(
    app: &App,
    session: &Session,
    code: UserCode,
    asked: Asked,
) -> Result<Response, PageFault> {
    let clients = app.store.clients();
    let client = clients.by_no(asked.client).ok_or(PageFault::Stale)?;
    let scope = token::scope(app, asked.scope).await?;
    let ticket = format!("{} {code}", session.ck());
    let template = ConsentPage {
        shell: Shell::of(Some(session)),
        client: &client.name,
        initial: client.name.chars().next().unwrap_or('?'),
        logo: logo(client),
        user_name: &session.user.account.user_name,
        user_code: code,
        grants: grants(&scope, client),
        ticket: seal::seal(app, Purpose::Device, ticket.as_bytes(), OPEN_FOR)?,
    };
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}

/// What is asked for, in words.
fn grants(scope: &NumberedScope, client: &Client) -> Vec<String> {
    let names = scope.scope.names().map(|name| words(name, client));
    let elsewhere = scope.resources.iter();
    names
        .chain(elsewhere.map(|uri| format!("Do that at {uri}")))
        .collect()
}

/// Does what the buttons say, once: whatever else the browser is made to send, it is about the device that the page
/// showed, in the session that it was shown to.
async fn decide(
    app: &App,
    session: &Session,
    ticket: &str,
    allows: bool,
) -> Result<Response, PageFault> {
    let opened = seal::open(app, Purpose::Device, ticket).ok_or(CsrfFault::Wrong)?;
    let opened = String::from_utf8(opened).map_err(|_| CsrfFault::Wrong)?;
    let (ck, code) = opened.split_once(' ').ok_or(CsrfFault::Wrong)?;
    session.check_ck(ck)?;
    // Much may have changed since the page was shown.
    let (_, asked) = match waiting(app, code).await? {
        Ok(found) => found,
        Err(fault) => {
            refusal::say(Why::new(fault.code()).text(fault));
            return Err(PageFault::Stale);
        }
    };
    let now = app.now();
    let allowed = allows.then_some(Allowed {
        user: session.user.account.no,
        at: now,
        authenticated_at: session.authenticated_at,
        proof: session.proof,
    });
    match app.store.answer_device(asked.id, allowed, now).await {
        Ok(()) => Ok(answered(app, session, asked, allows)),
        Err(ApplyError::Conflict) => {
            refusal::say(UserCodeFault::Answered.code());
            Err(PageFault::Stale)
        }
        Err(error) => Err(error.into()),
    }
}

fn answered(app: &App, session: &Session, asked: Asked, allows: bool) -> Response {
    let clients = app.store.clients();
    let client = clients.by_no(asked.client);
    let name = client.map_or("the application", |client| &*client.name);
    tracing::info!(
        client.name = name,
        user.name = &*session.user.account.user_name,
        allowed = allows,
        "a device was answered"
    );
    let (title, text) = if allows {
        let text =
            format!("{name} goes on at your device within a few seconds. This page can be closed.");
        ("The device is connected", text)
    } else {
        let text = format!("{name} gets nothing. If you did not start it yourself, you did well.");
        ("The device is not connected", text)
    };
    let template = AnsweredPage {
        shell: Shell::of(Some(session)),
        title,
        text,
        next: "/my_connected_apps.do",
        next_text: "My Connected Apps",
    };
    page(StatusCode::OK, &template, Forms::StayHere)
}

/// The address that devices show.
pub(crate) const PATH: &str = "/oauth2/device";
/// Seconds that the page may stay open: longer than any code counts.
const OPEN_FOR: u32 = 900;
/// Characters of a wrong code that are shown again.
const LONGEST: usize = 32;
const WRONG: &str = "No device waits with this code. Compare it with what the device shows; a code counts for ten minutes, and once.";
const WAIT: &str = "There were too many wrong codes. Wait half a minute, and compare the code with what the device shows.";
