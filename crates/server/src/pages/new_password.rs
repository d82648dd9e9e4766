//! Choosing a new password: by whoever is logged in, or at the log-in where `password_needs_reset` asks for it
//! (`inbound-oauth.md` §8.3).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use snowglobe_oauth::{
    Form, new_password,
    secret::{PresentedSecret, Secret, SecretHash},
};
use snowglobe_store::User;

use super::{
    Forms, Shell,
    fault::PageFault,
    form,
    log_in::{self, Pending},
    page,
};
use crate::{
    app::App,
    entropy,
    identity::{
        seal::Purpose,
        session::{self, to_login},
        sign_in::{self, Refusal},
    },
    refusal,
};

#[derive(Template)]
#[template(path = "new_password.html")]
struct NewPasswordPage {
    shell: Shell,
    handle: Option<String>,
    message: Option<String>,
}

/// `GET /change_password.do`
pub(crate) async fn get(State(app): State<App>, headers: HeaderMap) -> Result<Response, PageFault> {
    Ok(match session::current(&app, &headers).await? {
        Some(session) => show(Shell::of(Some(&session)), None, None),
        None => to_login(PATH),
    })
}

/// `POST /change_password.do`
pub(crate) async fn post(State(app): State<App>, request: Request) -> Result<Response, PageFault> {
    let (parts, body) = form::read(request).await?;
    let form = form::parse(&body)?;
    let headers = &parts.headers;
    let handle = form::field(&form, "sysparm_handle")?;
    if handle.is_empty() {
        let Some(session) = session::current(&app, headers).await? else {
            return Ok(to_login(PATH));
        };
        session.check_ck(form::field(&form, "sysparm_ck")?)?;
        if let Err(why) = change(&app, &session.user, &form).await? {
            return Ok(show(Shell::of(Some(&session)), None, Some(why)));
        }
        let mut pending = Pending::of_session(&app, &session.user, headers);
        // This session's log-in proved it.
        pending.proven_twice = true;
        return after(&app, headers, &session.user, pending).await;
    }
    // A log-in is under way: the sealed handle, bound to this browser, is its token.
    let (pending, user) = Pending::resume(&app, Purpose::Reset, handle, headers).await?;
    match change(&app, &user, &form).await? {
        Ok(()) => after(&app, headers, &user, pending).await,
        Err(why) => demand(&app, &pending, Some(why)),
    }
}

/// Asks somebody who is logging in for a new password.
pub(super) fn demand(
    app: &App,
    pending: &Pending,
    message: Option<String>,
) -> Result<Response, PageFault> {
    let handle = pending.seal(app, Purpose::Reset)?;
    Ok(show(Shell::of(None), Some(handle), message))
}

fn show(shell: Shell, handle: Option<String>, message: Option<String>) -> Response {
    let status = if message.is_some() {
        StatusCode::FORBIDDEN
    } else {
        StatusCode::OK
    };
    let template = NewPasswordPage {
        shell,
        handle,
        message,
    };
    page(status, &template, Forms::MayLeadOn)
}

/// Everything ended with the old password, this session too: a new one begins.
async fn after(
    app: &App,
    headers: &HeaderMap,
    user: &User,
    pending: Pending,
) -> Result<Response, PageFault> {
    let user = app.store.user_by_no(user.account.no).await?;
    let user = user.ok_or(PageFault::Stale)?;
    log_in::go_on(app, headers, &user, pending).await
}

/// Changes the password; what comes back otherwise is for the person.
async fn change(
    app: &App,
    user: &Arc<User>,
    form: &Form<'_>,
) -> Result<Result<(), String>, PageFault> {
    let current = form::field(form, "current_password")?;
    let new = form::field(form, "new_password")?;
    let repeated = form::field(form, "confirm_password")?;
    let user_name = &user.account.user_name;
    if let Err(fault) = new_password::check(user_name, current, new, repeated) {
        refusal::say(fault.code());
        return Ok(Err(fault.to_string()));
    }
    match sign_in::check(app, user_name, &PresentedSecret::new(current)).await {
        Ok(_) => {}
        Err(Refusal::Wrong(fault)) => {
            refusal::say(fault.code());
            return Ok(Err("The present password is not right.".to_owned()));
        }
        Err(refused) => return Err(refused.into()),
    }
    let salt = entropy::random().map_err(|error| PageFault::Unavailable(error.to_string()))?;
    let secret = Secret::new(new.to_owned());
    let hash = app
        .hashes
        .run(move || SecretHash::hash_human(&secret, salt))
        .await?;
    app.store
        .change_password(&user.account, &hash, app.now())
        .await?;
    tracing::info!(user.name = &**user_name, "changed a password");
    Ok(Ok(()))
}

const PATH: &str = "/change_password.do";
