//! The second step of a log-in: a code of the app, or a recovery code (RFC 6238; `inbound-oauth.md` §8.3).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use snowglobe_oauth::totp::plain_code;
use snowglobe_store::{User, backend::ApplyError};

use super::{
    Forms, Shell,
    fault::PageFault,
    form,
    log_in::{self, Pending},
    page,
};
use crate::{
    app::App,
    identity::{seal::Purpose, sign_in},
    refusal,
};

#[derive(Template)]
#[template(path = "second_factor.html")]
struct SecondFactorPage {
    shell: Shell,
    handle: String,
    message: Option<&'static str>,
}

/// Asks for a code.
pub(super) fn ask(
    app: &App,
    pending: &Pending,
    message: Option<&'static str>,
) -> Result<Response, PageFault> {
    let template = SecondFactorPage {
        shell: Shell::of(None),
        handle: pending.seal(app, Purpose::Mfa)?,
        message,
    };
    let status = message.map_or(StatusCode::OK, |_| StatusCode::FORBIDDEN);
    Ok(page(status, &template, Forms::MayLeadOn))
}

/// `POST /validate_multifactor_auth_code.do`
pub(crate) async fn post(State(app): State<App>, request: Request) -> Result<Response, PageFault> {
    let (parts, body) = form::read(request).await?;
    let form = form::parse(&body)?;
    let handle = form::field(&form, "sysparm_handle")?;
    let (mut pending, user) = Pending::resume(&app, Purpose::Mfa, handle, &parts.headers).await?;
    if proves(&app, &user, form::field(&form, "code")?).await? {
        pending.proven_twice = true;
        return log_in::go_on(&app, &parts.headers, &user, pending).await;
    }
    ask(&app, &pending, Some(WRONG))
}

/// Tells whether a code proves the second factor, and uses it up. A wrong one counts as a wrong password does, so that
/// five of them lock the account.
pub(super) async fn proves(app: &App, user: &Arc<User>, typed: &str) -> Result<bool, PageFault> {
    let no = user.account.no;
    let code = plain_code(typed);
    let Some(factor) = app.store.second_factor(no).await? else {
        return Ok(false);
    };
    let used = match factor.secret.check(&code, factor.last_step, app.now()) {
        Some(step) => app.store.use_step(no, step).await,
        None if code.len() == RECOVERY => app.store.use_recovery_code(no, &code).await,
        None => Err(ApplyError::Conflict),
    };
    match used {
        Ok(()) => Ok(true),
        // Wrong, or right and used already: by whom, nobody knows.
        Err(ApplyError::Conflict) => {
            refusal::say("second_factor_wrong");
            sign_in::failed(app, Arc::clone(user)).await?;
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// What is said about a wrong code.
pub(super) const WRONG: &str = "The code is not right, or was used already. Wait for the next one, and look at the clock of your device.";
/// Letters and digits of a recovery code.
const RECOVERY: usize = 16;
