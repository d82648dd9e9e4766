//! This instance as a client of others (`outbound-oauth.md`).

mod api;
mod calls;
mod consent;
mod defects;
mod expiry;
mod flows;
mod grant;
mod hand_out;
mod messages;
mod model;
mod queue;
mod simulated;
mod tokens;

use serde_json::{Value, json};

use crate::world::{World, text};

/// Makes a provider, and returns the keys of its record and of its default profile.
pub(crate) fn provider(world: &World, name: &str, more: &Value) -> (String, String) {
    let mut fields = json!({
        "name": name,
        "type": "consumer",
        "client_id": format!("{name}-id"),
        "client_secret": "hush-hush-provider",
        "token_url": "http://127.0.0.1:9/token",
        "default_grant_type": "client_credentials",
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        fields[key] = value.clone();
    }
    let provider = text(&world.admin().create("oauth_entity", &fields), "sys_id");
    let query = format!("oauth_entity={provider}^default=true");
    let profile = world.admin().sys_id("oauth_entity_profile", &query);
    (provider, profile)
}

/// Makes a connection alias with a connection and an OAuth 2.0 credential, all of this name, and returns the key of the
/// credential.
pub(crate) fn alias(world: &World, name: &str, profile: &str, url: &str) -> String {
    let admin = world.admin();
    let alias = text(&admin.create("sys_alias", &json!({"name": name})), "sys_id");
    let credential = json!({"name": name, "oauth_entity_profile": profile});
    let credential = text(
        &admin.create("oauth_2_0_credentials", &credential),
        "sys_id",
    );
    admin.create(
        "http_connection",
        &json!({
            "name": name, "connection_url": url, "connection_alias": alias, "credential": credential,
        }),
    );
    credential
}
