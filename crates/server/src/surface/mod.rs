//! What stands between the network and the router: what is true of every call whatever it is about
//! (`rest-and-records.md` §1).
//!
//! ```text
//! too long? ─ blocked? ─ preflight? ─┐
//! ┌──────────────────────────────────┘
//! └ short for another? ─ another method? ─ router ─ no body? ─ XML? ─ gzip? ─ CORS
//! ```
//! An item of a batch takes the same way, without what is about the connection.

mod blocked;
mod cors;
mod debug;
pub(crate) mod form;
mod gzip;
mod long;
mod path;
mod recode;
mod xml;

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};

pub(crate) use path::tidy;
pub(crate) use snowglobe_records::body::xml::escape as escape_xml;

use self::form::Form;
use crate::{
    app::App,
    identity::api_session,
    rest::tiny,
    router::{self, Door},
};

/// Answers a request.
pub(crate) async fn answer(app: App, request: Request) -> Response {
    if long::is_too_long(request.uri()) {
        return long::refusal();
    }
    if let Some(told) = blocked::refusal(&app, request.uri()) {
        return told;
    }
    let visit = cors::Visit::of(&app, &request);
    if let Some(told) = visit.as_ref().and_then(|visit| visit.preflight(&request)) {
        return told;
    }
    let packs = is_rest(&request) && gzip::is_taken(request.headers());
    let greets = is_rest(&request) && api_session::is_first(request.headers());
    let mut response = call(&app, Door::Network, request).await;
    if greets {
        api_session::greet(&app, &mut response);
    }
    if packs {
        response = gzip::pack(response);
    }
    if let Some(visit) = &visit {
        visit.admit(&mut response);
    }
    response
}

/// Answers a request as its headers ask for it.
pub(crate) async fn call(app: &App, door: Door, mut request: Request) -> Response {
    if !is_rest(&request) {
        return router::answer(app, door, request).await;
    }
    override_method(&mut request);
    if let Err(error) = tiny::expand(app, &mut request).await {
        return error.into_response();
    }
    let as_xml = match form::wanted(request.headers()) {
        Some(Form::Xml(kind)) => Some(kind),
        _ => None,
    };
    let silent = is_silent(&request);
    let watched = debug::Watched::of(app, &request);
    let mut response = router::answer(app, door, request).await;
    if let Some(watched) = watched {
        response = Box::pin(watched.tell(app, response)).await;
    }
    if silent && response.status().is_success() {
        silence(&mut response);
    }
    match as_xml {
        Some(kind) => xml::dress(response, kind),
        None => response,
    }
}

const METHOD_OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");
const NO_RESPONSE_BODY: HeaderName = HeaderName::from_static("x-no-response-body");

fn is_rest(request: &Request) -> bool {
    request.uri().path().starts_with("/api/")
}

/// §1.2: `X-HTTP-Method-Override: PATCH`, in any letter case.
fn override_method(request: &mut Request) {
    let wanted = request.headers().get(METHOD_OVERRIDE);
    let wanted = wanted.and_then(|value| value.to_str().ok());
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    let method = wanted.and_then(|wanted| {
        let is = |method: &Method| method.as_str().eq_ignore_ascii_case(wanted.trim());
        known.into_iter().find(is)
    });
    if let Some(method) = method {
        *request.method_mut() = method;
    }
}

/// §1.4: `X-no-response-body: true`.
fn is_silent(request: &Request) -> bool {
    let writes = [Method::POST, Method::PUT, Method::PATCH].contains(request.method());
    let asked = |headers: &HeaderMap| {
        let value = headers.get(NO_RESPONSE_BODY);
        value.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"))
    };
    writes && asked(request.headers())
}

/// What was made still says so, and where it is: only what has nothing left to say becomes 204.
fn silence(response: &mut Response) {
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    *response.body_mut() = Body::empty();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    headers.remove(header::CONTENT_LENGTH);
}
