//! `/sdk-oauth.do`: shows a code to whoever started a command-line client, to be copied into it
//! (`inbound-oauth.md` §1).
//!
//! It shows only a code that is this instance's, and to who is logged in only their own: a link must not make people
//! carry somebody else's code into their own terminal. Who is not logged in here, with another browser than the one
//! that allowed it, is shown it as well: that is how public clients' users come, and clients of this page use PKCE,
//! so that a code which was not theirs opens nothing (RFC 9700 §4.5).

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
    identity::session::{self, Session},
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
    let session = session::current(&app, request.headers()).await?;
    let query = form::parse(request.uri().query().unwrap_or_default().as_bytes())?;
    let code = form::field(&query, "code")?;
    let template = CodePage {
        shell: Shell::of(session.as_ref()),
        code: may_be_theirs(&app, session.as_ref(), code).then_some(code),
        denied: form::field(&query, "error")? == "access_denied",
    };
    let mut response = page(StatusCode::OK, &template, Forms::StayHere);
    let policy = HeaderValue::from_static(POLICY);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

fn may_be_theirs(app: &App, session: Option<&Session>, code: &str) -> bool {
    let user = session.map(|session| session.user.account.no);
    app.store.keys().verify(code).is_ok_and(|claims| {
        claims.kind == TokenKind::Code && user.is_none_or(|user| user == claims.user)
    })
}

/// As other pages, and the script of the copy button by its hash (a test compares them).
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; \
     base-uri 'none'; form-action 'self'; script-src 'sha256-4L4gmNXUlWVtd3ImRhSEo1YE4Bhifaz8G7P4Fa1Fc64='";
