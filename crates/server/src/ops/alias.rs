//! `/_sg/alias/{alias}`: how an alias resolves, for whoever runs the instance (`snowglobe alias resolve`).

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    response::Response,
};
use snowglobe_oauth::outbound::Selector;

use super::guard;
use crate::{
    app::App,
    error::{RestError, json},
    outbound::explained,
    rest::{params::pairs, path::Named},
};

/// `GET /_sg/alias/{alias}`; `connection` picks one of several.
pub(crate) async fn resolve(
    State(app): State<App>,
    Named(alias): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    guard::operator(&app, request.headers()).await?;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(RestError::Method);
    }
    let query = request.uri().query().unwrap_or_default();
    let connection = pairs(query).find(|(name, _)| name == "connection");
    let selector = connection
        .as_ref()
        .map_or(Selector::First, |(_, name)| Selector::Named(name));
    let outbound = app.store.outbound();
    let told = explained(outbound.registry(), &alias, selector);
    Ok(json(StatusCode::OK, told.to_string()))
}
