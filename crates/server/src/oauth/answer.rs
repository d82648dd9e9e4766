//! Reading OAuth requests and writing their answers: what all form endpoints share.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use bytes::Bytes;
use snowglobe_oauth::{
    client_auth::used_basic,
    error::{GrantTypeFault, RequestFault, TokenError},
    header::content_type,
    policy::Policy,
};
use snowglobe_store::backend::{ApplyError, StoreError};

use crate::{
    identity::sign_in::Refusal,
    refusal::{self, Why},
    rest::input,
};

/// The largest form: no parameter of ours is near it.
const MAX_FORM: usize = 64 * 1024;

/// Why a request was not granted.
#[derive(Debug)]
pub(super) enum Failure {
    /// The rules say no.
    Refused(TokenError),
    /// The store failed, or too many password checks are waiting: the same request may work later.
    Unavailable(String),
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        Self::Refused(error)
    }
}

impl From<RequestFault> for Failure {
    fn from(fault: RequestFault) -> Self {
        Self::Refused(fault.into())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<ApplyError> for Failure {
    fn from(error: ApplyError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<crate::identity::slow::Overloaded> for Failure {
    fn from(error: crate::identity::slow::Overloaded) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Wrong(fault) => Self::Refused(TokenError::InvalidGrant(fault)),
            Refusal::Throttled => Self::Unavailable(refusal.code().to_owned()),
            Refusal::Unavailable(why) => Self::Unavailable(why),
        }
    }
}

/// Reads the body of a POST with a form in it.
///
/// A refused body is taken to its end first: a client that is cut off while writing does not read the answer.
pub(super) async fn form_body(parts: &Parts, mut body: Body) -> Result<Bytes, Failure> {
    let form = read_form(parts, &mut body).await;
    if form.is_err() {
        input::discard(&mut body).await;
    }
    form
}

async fn read_form(parts: &Parts, body: &mut Body) -> Result<Bytes, Failure> {
    if parts.method != Method::POST {
        return Err(RequestFault::Method.into());
    }
    if !is_form(&parts.headers) {
        return Err(RequestFault::ContentType.into());
    }
    let form = input::collect(body, MAX_FORM).await;
    form.map_err(|_| RequestFault::TooLarge.into())
}

/// RFC 6749 §4: "application/x-www-form-urlencoded"; parameters such as a charset may follow.
fn is_form(headers: &HeaderMap) -> bool {
    let line = headers.get(header::CONTENT_TYPE);
    let line = line.and_then(|line| line.to_str().ok());
    content_type::essence(line.unwrap_or_default())
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Returns the `Authorization` header, if it is text.
pub(super) fn authorization(parts: &Parts) -> Option<&str> {
    parts.headers.get(header::AUTHORIZATION)?.to_str().ok()
}

/// Writes JSON that nobody may keep (RFC 6749 §5.1).
pub(super) fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    // Room for what the observer adds.
    let mut headers = HeaderMap::with_capacity(6);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=UTF-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Writes a refusal in the dialect's style; the reason is for whoever runs the instance.
pub(super) fn refuse(failure: &Failure, policy: &Policy, parts: &Parts) -> Response {
    render(failure, policy, used_basic(authorization(parts)))
}

/// Writes a refusal of a request that authenticates nobody.
pub(super) fn refuse_plainly(failure: &Failure, policy: &Policy) -> Response {
    render(failure, policy, false)
}

fn render(failure: &Failure, policy: &Policy, used_basic: bool) -> Response {
    let error = match failure {
        Failure::Refused(error) => error,
        Failure::Unavailable(why) => {
            refusal::say("unavailable");
            tracing::error!(error = why, "the request could not be decided");
            // RFC 6749 §4.1.2.1 names the code; the token endpoint has none for a server in trouble.
            let body =
                r#"{"error":"temporarily_unavailable","error_description":"try again later"}"#;
            let mut response = json(StatusCode::SERVICE_UNAVAILABLE, body);
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            return response;
        }
    };
    refusal::say(why(error));
    let rendered = error.render(policy, used_basic);
    let status = StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = json(status, rendered.body);
    if let Some(challenge) = rendered.www_authenticate {
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static(challenge),
        );
    }
    response
}

fn why(error: &TokenError) -> Why {
    let refusal = Why::new(error.fault()).text(error.log_text());
    match error {
        TokenError::InvalidRequest(RequestFault::Missing(name)) => {
            refusal.expected(format_args!("the parameter {name}"))
        }
        TokenError::InvalidRequest(RequestFault::Duplicate(again)) => refusal.received(again),
        TokenError::UnsupportedGrantType(GrantTypeFault::Unknown(name)) => {
            refusal.received(format_args!("grant_type={name}"))
        }
        _ => refusal,
    }
}
