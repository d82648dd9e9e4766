//! What programs ask of outbound connections (`outbound-oauth.md` §8.5). The paths are ours: a real instance has only
//! scripts for this.

use std::{borrow::Cow, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, Uri, header},
    response::Response,
};
use serde_json::json;
use snowglobe_oauth::outbound::Selector;

use super::{access::Head, params::pairs, path::Named};
use crate::{
    app::App,
    broker::{self, Asked, NotGiven, Token},
    error::{OutboundRefusal, RestError, json as answer},
    outbound::explained,
    pages::outbound::initiator_href,
    records::Session,
    refusal::{self, Why},
};

/// `GET /api/sn_broker/alias/{alias}/resolve`: where a call by this alias goes, and why; `connection` picks one of
/// several. For whoever may read aliases.
pub(crate) async fn resolve(
    State(app): State<App>,
    Named(alias): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table("sys_alias")?;
    let context = session.context();
    if !session.access(&context).may_read_table(&table) {
        return Err(RestError::UnreadableTable("sys_alias".to_owned()));
    }
    let outbound = session.app.store.outbound();
    let connection = parameter(request.uri(), "connection");
    let told = explained(outbound.registry(), &alias, selector(connection.as_deref()));
    Ok(answer(StatusCode::OK, json!({"result": told}).to_string()))
}

/// `GET /api/sn_broker/token/{alias}`: an access token for the alias, which lives for a while, and nothing else of the
/// grant. For those whom a row of `sys_alias_access` names, administrators included: whoever holds a token acts with it.
pub(crate) async fn token(
    State(app): State<App>,
    Named(alias): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, asked) = asked(app, alias, Head::from(&request)).await?;
    match broker::hand_out(&session.app, &asked).await {
        Ok(token) => Ok(told(&session.app, &token)),
        // An alias that is not there looks like one that is not for this caller.
        Err(NotGiven::Unknown(_) | NotGiven::NotPermitted { .. }) => Err(denied(&asked)),
        Err(not) => Err(refused(&session.app, not)),
    }
}

/// Opens a caller's question about an alias; `connection` picks one of several.
pub(super) async fn asked(
    app: App,
    alias: String,
    head: Head<'_>,
) -> Result<(Session, Asked), RestError> {
    let connection = parameter(head.uri, "connection").map(Cow::into_owned);
    let session = Session::open(app, head).await?;
    let asked = Asked {
        alias,
        connection,
        user: Arc::clone(&session.user),
        by_operator: false,
    };
    Ok((session, asked))
}

/// Returns the refusal of whoever may not ask.
pub(super) fn denied(asked: &Asked) -> RestError {
    refusal::say(Why::new("broker_not_permitted").received(&asked.alias));
    RestError::ApiAcl
}

/// Returns a parameter of the query.
pub(crate) fn parameter<'r>(uri: &'r Uri, name: &str) -> Option<Cow<'r, str>> {
    let query = uri.query().unwrap_or_default();
    let found = pairs(query).find(|(key, _)| key == name);
    found.map(|(_, value)| value)
}

/// Returns which of an alias's connections a request names.
pub(crate) fn selector(connection: Option<&str>) -> Selector<'_> {
    connection.map_or(Selector::First, Selector::Named)
}

/// Returns the answer that holds a token.
pub(crate) fn told(app: &App, token: &Token) -> Response {
    let seconds = token.expires.since(app.now()).max(0) / 1000;
    let told = json!({"result": {
        "access_token": token.access.expose(),
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": &*token.scope,
    }});
    let mut response = answer(StatusCode::OK, told.to_string());
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}

/// Returns why there is no token, for whoever may know.
pub(crate) fn refused(app: &App, not: NotGiven) -> RestError {
    let mut refusal = OutboundRefusal::new(not.code(), not.to_string());
    match not {
        NotGiven::Note(error) => return error.into(),
        NotGiven::Broker { fault, requestor } if fault.needs_consent() => {
            let href = initiator_href(&requestor);
            refusal.initiator = Some(format!("{}{href}", app.issuer));
        }
        _ => {}
    }
    RestError::Outbound(refusal)
}
