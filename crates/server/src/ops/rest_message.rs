//! `/_sg/rest_message/{message}/{function}`: runs a REST message for whoever runs the instance (`snowglobe rest run`).

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    response::Response,
};

use super::guard;
use crate::{
    app::App,
    error::{RestError, json},
    rest::{input, path::Named, rest_message::executed},
};

/// `POST /_sg/rest_message/{message}/{function}`
pub(crate) async fn execute(
    State(app): State<App>,
    Named((message, function)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    guard::operator(&app, &parts.headers).await?;
    if parts.method != Method::POST {
        return Err(RestError::Method);
    }
    let bytes = input::collect(&mut body, 1024 * 1024).await?;
    let done = executed(&app, (&message, &function), &bytes, None).await?;
    Ok(json(StatusCode::OK, done.to_string()))
}
