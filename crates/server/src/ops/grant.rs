//! `/_sg/grant/{alias}` and `/_sg/grants`: grants at other providers, for whoever runs the instance (`snowglobe oauth`).

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::json as object;

use super::{alias::asked, guard};
use crate::{
    app::App,
    broker::Grant,
    error::{RestError, json},
    rest::{
        broker::refused,
        grant::{all, looked_after},
        path::Named,
    },
};

/// `GET /_sg/grants`: how every credential that gets tokens stands.
pub(crate) async fn health(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    guard::operator_reads(&app, (request.method(), request.headers())).await?;
    let all = all(&app, |_| true).await?;
    Ok(json(StatusCode::OK, object!({"result": all}).to_string()))
}

/// `GET`, `POST` and `DELETE /_sg/grant/{alias}?as={user}`: the grant behind an alias, of this user where each has their
/// own.
pub(crate) async fn grant(
    State(app): State<App>,
    Named(alias): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    guard::operator(&app, request.headers()).await?;
    let asked = asked(&app, alias, request.uri()).await?;
    let grant = Grant::of(&app, &asked).map_err(|not| refused(&app, not))?;
    looked_after(&app, grant, request.method()).await
}
