//! `/_sg/rest_message/{message}/{function}` and `/_sg/rest_execution/{sys_id}`: REST messages for whoever runs the instance
//! (`snowglobe rest`).

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};

use super::guard;
use crate::{
    app::App,
    error::{RestError, json},
    rest::{
        path::Named,
        rest_message::{executed, progress, to_url},
    },
};

/// `POST /_sg/rest_message/{message}/{function}`
pub(crate) async fn execute(
    State(app): State<App>,
    Named((message, function)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let bytes = guard::operator_posts(&app, request).await?;
    let executed = executed(&app, (&message, &function), &bytes, None).await?;
    // Whoever asks at the door takes 200 for all that went well.
    let mut response = executed.answer(|told| told);
    *response.status_mut() = StatusCode::OK;
    Ok(response)
}

/// `POST /_sg/request`: a call that no record describes, to a URL.
pub(crate) async fn request(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let bytes = guard::operator_posts(&app, request).await?;
    let done = to_url(&app, &bytes, None).await?;
    Ok(done.answer(|told| told))
}

/// `GET /_sg/rest_execution/{sys_id}`
pub(crate) async fn execution(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    guard::operator_reads(&app, (request.method(), request.headers())).await?;
    let found = app.store.execution(&sys_id).await?;
    let found = found.ok_or(RestError::NoRecord)?;
    Ok(json(StatusCode::OK, progress(&sys_id, &found).to_string()))
}
