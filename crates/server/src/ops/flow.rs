//! `/_sg/flow/{flow}` and `/_sg/flow_run/{sys_id}`: flows for whoever runs the instance (`snowglobe flow`).

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::json as object;

use super::guard;
use crate::{
    app::App,
    error::{RestError, json},
    flow::StartFault,
    records::Session,
    rest::{
        flow::{refused, started, told},
        path::Named,
    },
};

/// `POST /_sg/flow/{flow}`: starts a flow; the record that it starts from is one that the flow's own user may read.
pub(crate) async fn run(
    State(app): State<App>,
    Named(flow): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let bytes = guard::operator_posts(&app, request).await?;
    let flows = app.store.flows();
    let flow = flows.named(&flow).map_err(|it| refused(it.into()))?;
    let user = app.store.user_by_sys_id(&flow.run_as).await?;
    let user = user.filter(|it| it.account.active);
    let user = user.ok_or_else(|| refused(StartFault::User))?;
    let told = started(&Session::of(app.clone(), user), flow, &bytes).await?;
    Ok(json(StatusCode::OK, object!({"result": told}).to_string()))
}

/// `GET /_sg/flow_run/{sys_id}`
pub(crate) async fn progress(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    guard::operator_reads(&app, (request.method(), request.headers())).await?;
    let run = app.store.flow_run(&sys_id).await?;
    let told = told(&sys_id, &run.ok_or(RestError::NoRecord)?);
    Ok(json(StatusCode::OK, object!({"result": told}).to_string()))
}
