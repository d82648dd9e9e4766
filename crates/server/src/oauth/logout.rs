//! The end session endpoint: `GET` and `POST /oauth2/logout` (OpenID Connect RP-Initiated Logout 1.0).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use snowglobe_oauth::{
    Form,
    client::Client,
    logout::{self, Hint, LogoutFault, LogoutRequest},
};

use super::subject::subject_of_user;
use crate::{
    app::App,
    identity::session::{self, Session, see_other},
    pages::{Forms, Shell, fault::PageFault, form, page},
    refusal::{self, Why},
};

#[derive(Template)]
#[template(path = "oauth_logout.html")]
struct ConfirmPage<'a> {
    shell: Shell,
    /// What people call the client, if it is known.
    client: Option<&'a str>,
    request: LogoutRequest<'a>,
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message {
    shell: Shell,
    title: &'static str,
    text: &'static str,
    next: &'static str,
    next_text: &'static str,
}

/// `GET`, `POST /oauth2/logout`
pub(crate) async fn respond(
    State(app): State<App>,
    request: Request,
) -> Result<Response, PageFault> {
    let (parts, body) = form::read(request).await?;
    let form = if parts.method == Method::POST {
        form::parse(&body)?
    } else {
        form::parse(parts.uri.query().unwrap_or_default().as_bytes())?
    };
    let ck = form::field(&form, CK)?;
    // A browser keeps its session from the POST of another site, but not from a link: so it follows one (§2 asks
    // for both methods).
    if parts.method == Method::POST && ck.is_empty() {
        return Ok(see_other(&as_link(&body)));
    }
    match follow(&app, &parts, &form, ck).await {
        Ok(response) => Ok(response),
        Err(Refusal::Fault(fault)) => Ok(refused(fault)),
        Err(Refusal::Page(fault)) => Err(fault),
    }
}

enum Refusal {
    Fault(LogoutFault),
    Page(PageFault),
}

impl From<LogoutFault> for Refusal {
    fn from(fault: LogoutFault) -> Self {
        Self::Fault(fault)
    }
}

impl<F: Into<PageFault>> From<F> for Refusal {
    fn from(fault: F) -> Self {
        Self::Page(fault.into())
    }
}

async fn follow(app: &App, parts: &Parts, form: &Form<'_>, ck: &str) -> Result<Response, Refusal> {
    let request = LogoutRequest::parse(form)?;
    let hint = request.hint(&app.store.signing_keys(), &app.issuer, app.now())?;
    let named = hint.as_ref().map(|hint| &*hint.client_id);
    let client = named
        .or(request.client_id)
        .and_then(|id| app.store.clients().by_id(id).map(Arc::clone));
    let client = client.as_deref();
    let destination = request.destination(client)?;
    let Some(session) = session::current(app, &parts.headers).await? else {
        return Ok(leave(destination.as_deref()));
    };
    let confirmed = parts.method == Method::POST;
    if confirmed {
        session.check_ck(ck)?;
    }
    if !confirmed && !is_of(app, &session, hint.as_ref(), client).await? {
        let template = ConfirmPage {
            shell: Shell::of(Some(&session)),
            client: client.map(|client| &*client.name),
            request,
        };
        return Ok(page(StatusCode::OK, &template, Forms::MayLeadOn));
    }
    if let Some(client) = client {
        end_grants(app, &session, client).await?;
    }
    tracing::info!(
        user.name = &*session.user.account.user_name,
        client.id = client.map(|client| &*client.client_id),
        "logged out"
    );
    let forget = session.end().await?;
    let headers = forget.map(|line| HeaderMap::from_iter([line]));
    let headers = headers.unwrap_or_default();
    Ok((headers, leave(destination.as_deref())).into_response())
}

/// Ends what the client got in the session, on disk before the session ends and the answer leaves.
async fn end_grants(app: &App, session: &Session, client: &Client) -> Result<(), PageFault> {
    let grants = app.store.session_grants(&session.key(), client.no).await?;
    let changes: Vec<_> = logout::ended(&grants, client, app.now()).collect();
    if !changes.is_empty() {
        app.store.apply_changes(&changes, None, app.now()).await?;
    }
    Ok(())
}

/// §2: without a hint, or with one of somebody else, the person must be asked.
async fn is_of(
    app: &App,
    session: &Session,
    hint: Option<&Hint>,
    client: Option<&Client>,
) -> Result<bool, PageFault> {
    let (Some(hint), Some(client)) = (hint, client) else {
        return Ok(false);
    };
    let subject = subject_of_user(app, client, &session.user.account).await?;
    Ok(subject == *hint.subject)
}

/// The same request as a link.
fn as_link(body: &[u8]) -> String {
    let parameters = form_urlencoded::parse(body);
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    format!("/oauth2/logout?{query}")
}

fn leave(destination: Option<&str>) -> Response {
    let goodbye = || {
        let template = Message {
            shell: Shell::of(None),
            title: "You are logged out",
            text: "To go on, log in again.",
            next: "/login.do",
            next_text: "Log in",
        };
        page(StatusCode::OK, &template, Forms::StayHere)
    };
    destination.map_or_else(goodbye, see_other)
}

/// §4: an error is shown here; nobody is sent on with it.
fn refused(fault: LogoutFault) -> Response {
    refusal::say(Why::new(fault.code()).text(fault));
    let template = Message {
        shell: Shell::of(None),
        title: "Nothing was done",
        text: "The application that sent you here to log out made a mistake in its request. You are still logged in.",
        next: "/logout.do",
        next_text: "Log out here",
    };
    page(StatusCode::BAD_REQUEST, &template, Forms::StayHere)
}

const CK: &str = "sysparm_ck";
