//! The metadata: `/.well-known/oauth-authorization-server` (RFC 8414) and `/.well-known/openid-configuration` (OpenID
//! Connect Discovery 1.0).

use axum::{extract::State, response::Response};
use serde_json::Value;
use snowglobe_oauth::{metadata::Described, policy::Dialect};

use super::jwks::public_json;
use crate::{app::App, router::routes};

/// Seconds that a document may be kept.
const MAX_AGE: u32 = 300;

/// `GET /.well-known/oauth-authorization-server`, `GET /.well-known/openid-configuration`
pub(crate) async fn get(State(app): State<App>) -> Response {
    let properties = app.store.properties();
    let described = Described {
        issuer: &app.issuer,
        policy: app.policy(Dialect::Strict),
        properties: properties.oauth(),
    };
    let document = described.document(|path| routes().any(|routed| routed == path));
    public_json(Value::Object(document).to_string(), MAX_AGE)
}
