//! `/sdk-oauth.do`: shows a code to whoever started a command-line client, to be copied into it
//! (`inbound-oauth.md` §1).
//!
//! It shows only a code that is this instance's and this person's: a link must not make people carry somebody
//! else's code into their own terminal.

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use snowglobe_oauth::token::TokenKind;

use super::{Forms, Shell, fault::PageFault, form, page};
use crate::{
    app::App,
    identity::session::{self, Session, to_login},
};

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage<'a> {
    shell: Shell,
    code: Option<&'a str>,
    denied: bool,
}

/// `GET /sdk-oauth.do`
pub(crate) async fn get(State(app): State<App>, request: Request) -> Result<Response, PageFault> {
    let Some(session) = session::current(&app, request.headers()).await? else {
        return Ok(to_login("/sdk-oauth.do"));
    };
    let query = form::parse(request.uri().query().unwrap_or_default().as_bytes())?;
    let code = form::field(&query, "code")?;
    let template = CodePage {
        shell: Shell::of(Some(&session)),
        code: is_theirs(&app, &session, code).then_some(code),
        denied: form::field(&query, "error")? == "access_denied",
    };
    let mut response = page(StatusCode::OK, &template, Forms::StayHere);
    let policy = HeaderValue::from_static(POLICY);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

fn is_theirs(app: &App, session: &Session, code: &str) -> bool {
    app.store.keys().verify(code).is_ok_and(|claims| {
        claims.kind == TokenKind::Code && claims.user == session.user.account.no
    })
}

/// As other pages, and the script of the copy button by its hash (a test compares them).
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; \
     base-uri 'none'; form-action 'self'; script-src 'sha256-4L4gmNXUlWVtd3ImRhSEo1YE4Bhifaz8G7P4Fa1Fc64='";
