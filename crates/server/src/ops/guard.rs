//! Who may use the endpoints that look into the instance or move it.

use axum::{
    extract::Request,
    http::{HeaderMap, Method, header},
};
use bytes::Bytes;
use snowglobe_oauth::bearer;

use crate::{app::App, error::RestError, identity::caller, rest::input};

/// Lets in the operator's credential, and administrators with their own.
pub(super) async fn operator(app: &App, headers: &HeaderMap) -> Result<(), RestError> {
    let authorization = headers.get(header::AUTHORIZATION);
    let presented = authorization
        .and_then(|value| value.to_str().ok())
        .and_then(bearer::from_header);
    if presented.is_some_and(|bearer| app.operator.admits(bearer)) {
        return Ok(());
    }
    let known = caller::caller(app, headers).await?;
    if known.user.caller.is_admin() {
        Ok(())
    } else {
        Err(RestError::NotOperator)
    }
}

/// The same for an endpoint that only tells.
pub(super) async fn operator_reads(
    app: &App,
    (method, headers): (&Method, &HeaderMap),
) -> Result<(), RestError> {
    operator(app, headers).await?;
    match *method {
        Method::GET | Method::HEAD => Ok(()),
        _ => Err(RestError::Method),
    }
}

/// The same for an endpoint that does something; returns what is posted to it.
pub(super) async fn operator_posts(app: &App, request: Request) -> Result<Bytes, RestError> {
    const MOST: usize = 1024 * 1024;
    let (parts, mut body) = request.into_parts();
    operator(app, &parts.headers).await?;
    if parts.method != Method::POST {
        return Err(RestError::Method);
    }
    input::collect(&mut body, MOST).await
}
