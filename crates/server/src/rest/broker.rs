//! What programs ask of outbound connections (`outbound-oauth.md` §8.5). The paths are ours: a real instance has only
//! scripts for this.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::json;
use snowglobe_oauth::outbound::Selector;

use super::{access::Head, params::pairs, path::Named};
use crate::{
    app::App,
    error::{RestError, json as answer},
    outbound::explained,
    records::Session,
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
    let query = request.uri().query().unwrap_or_default();
    let connection = pairs(query).find(|(name, _)| name == "connection");
    let selector = connection
        .as_ref()
        .map_or(Selector::First, |(_, name)| Selector::Named(name));
    let told = explained(outbound.registry(), &alias, selector);
    Ok(answer(StatusCode::OK, json!({"result": told}).to_string()))
}
