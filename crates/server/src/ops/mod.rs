//! Endpoints for whoever runs the instance: is it alive, can it serve, what has it done; its clock;
//! why it refused a request.

pub(crate) mod alias;
pub(crate) mod clock;
pub(crate) mod explain;
pub(crate) mod explain_records;
pub(crate) mod flow;
pub(crate) mod grant;
mod guard;
pub(crate) mod rest_message;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{app::App, refusal};

/// `GET /_sg/health`: the process answers.
pub(crate) async fn health() -> Response {
    (
        StatusCode::OK,
        [(header::CONTENT_TYPE, "application/json")],
        "{\"status\":\"ok\"}",
    )
        .into_response()
}

/// `GET /_sg/ready`: the database answers, so requests can be served.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let (status, body) = match app.store.ping().await {
        Ok(()) => (StatusCode::OK, "{\"status\":\"ready\"}"),
        Err(error) => {
            refusal::say("unavailable");
            tracing::warn!(error = %error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "{\"status\":\"unavailable\"}",
            )
        }
    };
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// `GET /_sg/metrics`: for Prometheus.
pub(crate) async fn metrics(State(app): State<App>) -> Response {
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    (
        [(header::CONTENT_TYPE, OPEN_METRICS)],
        app.observer.metrics(app.store.tally()),
    )
        .into_response()
}
