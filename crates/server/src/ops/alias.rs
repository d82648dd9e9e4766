//! `/_sg/alias/{alias}`, `/_sg/token/{alias}`: how an alias resolves, and a token of it, for whoever runs the instance
//! (`snowglobe alias resolve`, `snowglobe token`).

use std::borrow::Cow;

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};

use super::guard;
use crate::{
    app::App,
    broker::{self, Asked},
    error::{OutboundRefusal, RestError, json},
    outbound::explained,
    rest::{
        broker::{parameter, refused, selector, told},
        path::Named,
        rest_message::by_alias,
    },
};

/// `GET /_sg/alias/{alias}`; `connection` picks one of several.
pub(crate) async fn resolve(
    State(app): State<App>,
    Named(alias): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    guard::operator_reads(&app, (request.method(), request.headers())).await?;
    let connection = parameter(request.uri(), "connection");
    let outbound = app.store.outbound();
    let told = explained(outbound.registry(), &alias, selector(connection.as_deref()));
    Ok(json(StatusCode::OK, told.to_string()))
}

/// `GET /_sg/token/{alias}?as={user}`: a token in the name of a user whom a row of `sys_alias_access` names; `connection`
/// picks one of several. That it was the operator who took it is noted.
pub(crate) async fn token(
    State(app): State<App>,
    Named(alias): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    guard::operator_reads(&app, (request.method(), request.headers())).await?;
    let asked = asked(&app, alias, request.uri()).await?;
    let given = broker::hand_out(&app, &asked).await;
    let token = given.map_err(|not| refused(&app, not))?;
    Ok(told(&app, &token))
}

/// `POST /_sg/alias/{alias}/request`: a call that no record describes, by the alias's connection and credential.
pub(crate) async fn request(
    State(app): State<App>,
    Named(alias): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let bytes = guard::operator_posts(&app, request).await?;
    let executed = by_alias(&app, &alias, &bytes, None).await?;
    Ok(executed.answer(|told| told))
}

/// The operator's question about an alias, in the name of a user; `connection` picks one of several.
pub(super) async fn asked(app: &App, alias: String, uri: &Uri) -> Result<Asked, RestError> {
    let name = parameter(uri, "as").unwrap_or_default();
    let user = app.store.user_by_name(&name).await?;
    Ok(Asked {
        alias,
        connection: parameter(uri, "connection").map(Cow::into_owned),
        user: user.ok_or_else(|| nobody(&name))?,
        by_operator: true,
    })
}

fn nobody(name: &str) -> RestError {
    let why = format!("there is no user '{name}'; name one with --as");
    RestError::Outbound(OutboundRefusal::new("broker_not_permitted", why))
}
