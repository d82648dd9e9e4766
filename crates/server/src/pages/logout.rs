//! Logging out: `/logout.do`.

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use snowglobe_oauth::goto;

use super::{Forms, Shell, fault::PageFault, form, page};
use crate::{
    app::App,
    identity::session::{self, GOTO, see_other},
};

#[derive(Template)]
#[template(path = "logout.html")]
struct LogoutPage<'a> {
    shell: Shell,
    goto: &'a str,
}

/// `GET /logout.do`: asks first, for any site may have sent the browser here.
pub(crate) async fn get(State(app): State<App>, request: Request) -> Result<Response, PageFault> {
    let session = session::current(&app, request.headers()).await?;
    let query = form::parse(request.uri().query().unwrap_or_default().as_bytes())?;
    let template = LogoutPage {
        shell: Shell::of(session.as_ref()),
        goto: goto::allowed(form::field(&query, GOTO)?).unwrap_or_default(),
    };
    Ok(page(StatusCode::OK, &template, Forms::StayHere))
}

/// `POST /logout.do`: ends the session.
pub(crate) async fn post(State(app): State<App>, request: Request) -> Result<Response, PageFault> {
    let (parts, body) = form::read(request).await?;
    let form = form::parse(&body)?;
    let Some(session) = session::current(&app, &parts.headers).await? else {
        return Ok(goodbye());
    };
    session.check_ck(form::field(&form, "sysparm_ck")?)?;
    let next = goto::allowed(form::field(&form, GOTO)?);
    tracing::info!(
        user.name = &*session.user.account.user_name,
        auth_time = session.authenticated_at.0,
        "logged out"
    );
    let forget = session.end().await?;
    let answer = next.map_or_else(goodbye, see_other);
    Ok((
        forget
            .map(|line| HeaderMap::from_iter([line]))
            .unwrap_or_default(),
        answer,
    )
        .into_response())
}

fn goodbye() -> Response {
    let template = LogoutPage {
        shell: Shell::of(None),
        goto: "",
    };
    page(StatusCode::OK, &template, Forms::StayHere)
}
