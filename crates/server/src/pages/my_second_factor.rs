//! Setting a second factor up, and taking it away: by whoever is logged in, or at the log-in where everybody must
//! have one.
//!
//! The secret is in a sealed handle until a code shows that the app has it; only then it is stored.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, request::Parts},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use qrcode::{QrCode, render::svg};
use snowglobe_oauth::{
    Form,
    totp::{TotpSecret, recovery_code},
};
use snowglobe_store::{SecondFactor, User};

use super::{
    Forms, Shell,
    fault::PageFault,
    form,
    log_in::{self, Pending},
    page, second_factor,
};
use crate::{
    app::App,
    entropy,
    identity::{
        seal::Purpose,
        session::{self, Session, see_other, to_login},
    },
    refusal,
};

#[derive(Template)]
#[template(path = "second_factor_status.html")]
struct StatusPage {
    shell: Shell,
    enrolled: bool,
    codes_left: i64,
    message: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "second_factor_setup.html")]
struct SetupPage {
    shell: Shell,
    demanded: bool,
    qr: String,
    key: String,
    handle: String,
    message: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct CodesPage {
    shell: Shell,
    codes: Vec<String>,
    handle: Option<String>,
}

/// `GET /my_second_factor.do`
pub(crate) async fn get(State(app): State<App>, headers: HeaderMap) -> Result<Response, PageFault> {
    match session::current(&app, &headers).await? {
        Some(session) => status(&app, &session, None).await,
        None => Ok(to_login(PATH)),
    }
}

/// `POST /my_second_factor.do`
pub(crate) async fn post(State(app): State<App>, request: Request) -> Result<Response, PageFault> {
    let (parts, body) = form::read(request).await?;
    let form = form::parse(&body)?;
    let action = form::field(&form, "sys_action")?;
    let ck = form::field(&form, "sysparm_ck")?;
    // A log-in is under way: the sealed handle, bound to this browser, is its token.
    if ck.is_empty() && !form::field(&form, "sysparm_handle")?.is_empty() {
        return at_log_in(&app, &parts, &form, action).await;
    }
    let Some(session) = session::current(&app, &parts.headers).await? else {
        return Ok(to_login(PATH));
    };
    session.check_ck(ck)?;
    match action {
        "begin" | "confirm" => logged_in(&app, &session, &parts.headers, &form).await,
        "remove" => remove(&app, &session, form::field(&form, "code")?).await,
        _ => Err(PageFault::Form),
    }
}

/// Sets one up for whoever is logged in. Who has one takes it away first, which asks for a code of it.
async fn logged_in(
    app: &App,
    session: &Session,
    headers: &HeaderMap,
    form: &Form<'_>,
) -> Result<Response, PageFault> {
    let user = &session.user;
    if app.store.second_factor(user.account.no).await?.is_some() {
        return Err(PageFault::Stale);
    }
    let shell = Shell::of(Some(session));
    if form::field(form, "sys_action")? == "begin" {
        let pending = Pending::of_session(app, user, headers);
        return setup(app, shell, user, pending, None);
    }
    let handle = form::field(form, "sysparm_handle")?;
    let (pending, owner) = Pending::open(app, Purpose::Enrol, handle, headers).await?;
    if owner.account.no != user.account.no {
        return Err(PageFault::Stale);
    }
    match confirm(app, user, &pending, form::field(form, "code")?).await? {
        Some(codes) => Ok(show(shell, codes, None)),
        None => setup(app, shell, user, pending, Some(second_factor::WRONG)),
    }
}

async fn remove(app: &App, session: &Session, code: &str) -> Result<Response, PageFault> {
    let account = &session.user.account;
    if !second_factor::proves(app, &session.user, code).await? {
        return status(app, session, Some(second_factor::WRONG)).await;
    }
    app.store.remove_second_factor(account.no).await?;
    tracing::info!(user.name = &*account.user_name, "removed a second factor");
    Ok(see_other(PATH))
}

/// Asks somebody who is logging in to set one up.
pub(super) fn demand(
    app: &App,
    user: &User,
    pending: Pending,
    message: Option<&'static str>,
) -> Result<Response, PageFault> {
    setup(app, Shell::of(None), user, pending, message)
}

async fn at_log_in(
    app: &App,
    parts: &Parts,
    form: &Form<'_>,
    action: &str,
) -> Result<Response, PageFault> {
    let handle = form::field(form, "sysparm_handle")?;
    if action == "continue" {
        let (pending, user) = Pending::resume(app, Purpose::Mfa, handle, &parts.headers).await?;
        if !pending.proven_twice {
            return Err(PageFault::Stale);
        }
        return log_in::go_on(app, &parts.headers, &user, pending).await;
    }
    let (mut pending, user) = Pending::resume(app, Purpose::Enrol, handle, &parts.headers).await?;
    // Whoever has one by now proves it instead of replacing it.
    if app.store.second_factor(user.account.no).await?.is_some() {
        return Err(PageFault::Stale);
    }
    match confirm(app, &user, &pending, form::field(form, "code")?).await? {
        Some(codes) => {
            pending.proven_twice = true;
            pending.secret = None;
            let handle = pending.seal(app, Purpose::Mfa)?;
            Ok(show(Shell::of(None), codes, Some(handle)))
        }
        None => demand(app, &user, pending, Some(second_factor::WRONG)),
    }
}

async fn status(
    app: &App,
    session: &Session,
    message: Option<&'static str>,
) -> Result<Response, PageFault> {
    let no = session.user.account.no;
    let template = StatusPage {
        shell: Shell::of(Some(session)),
        enrolled: app.store.second_factor(no).await?.is_some(),
        codes_left: app.store.recovery_codes_left(no).await?,
        message,
    };
    let status = message.map_or(StatusCode::OK, |_| StatusCode::FORBIDDEN);
    Ok(page(status, &template, Forms::StayHere))
}

fn setup(
    app: &App,
    shell: Shell,
    user: &User,
    mut pending: Pending,
    message: Option<&'static str>,
) -> Result<Response, PageFault> {
    let secret = match pending.secret {
        Some(secret) => secret,
        None => random()?,
    };
    pending.secret = Some(secret);
    let secret = TotpSecret::new(secret);
    let host = app
        .issuer
        .split_once("//")
        .map_or(&*app.issuer, |(_, host)| host);
    let uri = secret.uri(&format!("Snowglobe {host}"), &user.account.user_name);
    let template = SetupPage {
        demanded: shell.who.is_none(),
        shell,
        qr: picture(&uri)?,
        key: grouped(&secret.base32()),
        handle: pending.seal(app, Purpose::Enrol)?,
        message,
    };
    let status = message.map_or(StatusCode::OK, |_| StatusCode::FORBIDDEN);
    Ok(page(status, &template, Forms::StayHere))
}

/// Stores the second factor of a handle if the code shows that the app has it; returns the recovery codes.
async fn confirm(
    app: &App,
    user: &Arc<User>,
    pending: &Pending,
    code: &str,
) -> Result<Option<Vec<String>>, PageFault> {
    let secret = TotpSecret::new(pending.secret.ok_or(PageFault::Stale)?);
    let Some(last_step) = secret.check(code.trim(), 0, app.now()) else {
        refusal::say("second_factor_wrong");
        return Ok(None);
    };
    let codes = (0..CODES).map(|_| random().map(recovery_code));
    let codes = codes.collect::<Result<Vec<_>, _>>()?;
    let factor = SecondFactor { secret, last_step };
    let stored = app
        .store
        .enrol(user.account.no, &factor, &codes, random()?)
        .await;
    stored?;
    tracing::info!(
        user.name = &*user.account.user_name,
        "set a second factor up"
    );
    Ok(Some(codes))
}

fn show(shell: Shell, codes: Vec<String>, handle: Option<String>) -> Response {
    let template = CodesPage {
        shell,
        codes,
        handle,
    };
    page(StatusCode::OK, &template, Forms::MayLeadOn)
}

/// Draws a QR code as an address that an `img` takes.
fn picture(text: &str) -> Result<String, PageFault> {
    let code = QrCode::new(text).map_err(|error| PageFault::Unavailable(error.to_string()))?;
    let image = code
        .render::<svg::Color<'_>>()
        .min_dimensions(224, 224)
        .build();
    Ok(format!(
        "data:image/svg+xml;base64,{}",
        STANDARD.encode(image)
    ))
}

/// A key in groups of four, as it is typed.
fn grouped(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let groups = letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

fn random<const N: usize>() -> Result<[u8; N], PageFault> {
    entropy::random().map_err(|error| PageFault::Unavailable(error.to_string()))
}

const PATH: &str = "/my_second_factor.do";
/// Recovery codes that come with a second factor.
const CODES: usize = 10;
