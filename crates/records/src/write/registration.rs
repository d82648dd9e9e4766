//! What a new client of the Application Registry lacks: "Client ID" and "Client Secret" are made by the instance
//! when they are left blank (`inbound-oauth.md` §3.1). The token of an API key is made by nobody else (§5.5).

use std::sync::Arc;

use crate::{
    behaviour::Row,
    dictionary::Column,
    value::{Value, ValueRef},
};

/// The columns that the instance has to fill.
#[derive(Debug, Clone, Default)]
pub(super) struct Missing {
    pub(super) client_id: Option<Arc<Column>>,
    pub(super) secret: Option<Arc<Column>>,
}

/// Returns what the row of a new client lacks; `has_secret` tells whether it came with one.
pub(super) fn missing(row: &Row<'_>, has_secret: bool) -> Missing {
    let column = |element| row.table().column(element).map(Arc::clone);
    if row.is_a("api_key") {
        return Missing {
            secret: column("token"),
            ..Missing::default()
        };
    }
    if !names_itself_here(row) {
        return Missing::default();
    }
    // RFC 6749 §2.1: a public client can keep no secret.
    let is_public = row.value("public_client") == Value::Int(1).as_ref();
    Missing {
        client_id: column("client_id").filter(|_| row.value("client_id") == ValueRef::Null),
        secret: column("client_secret").filter(|_| !has_secret && !is_public),
    }
}

/// Tells whether the record is a client of this instance. Others get their ids elsewhere: a provider's from the
/// provider, an OIDC entity's from whoever issues the ID tokens, a CIMD client's from its own URL.
fn names_itself_here(row: &Row<'_>) -> bool {
    let is_client = matches!(row.value("type"), ValueRef::Null | ValueRef::Text("client"));
    is_client
        && row.is_a("oauth_entity")
        && !row.is_a("oauth_oidc_entity")
        && !row.is_a("oauth_entity_cimd")
}
