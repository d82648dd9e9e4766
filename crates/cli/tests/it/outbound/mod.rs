//! Outbound OAuth end to end (scenario G): the binary as a client of the simulated provider, which keeps a ledger.

mod kills;
mod many;
mod messages;
mod person;
mod provider;

use serde_json::json;
use snowglobe_testkit::{Answer, Instance};

use crate::world::Admin;
use provider::Provider;

/// Makes a provider, a credential, a connection and an alias, all called `g`, and lets the administrator take tokens.
fn set_up(instance: &Instance, provider: &Provider, grant_type: &str) -> Grant {
    let admin = Admin::of(instance);
    let key = |record: serde_json::Value| record["sys_id"].as_str().unwrap().to_owned();
    let url = provider.url();
    let entity = key(admin.create(
        "oauth_entity",
        &json!({
            "name": "g", "type": "consumer", "client_id": "g", "client_secret": SECRET,
            "auth_url": format!("{url}/authorize"), "token_url": format!("{url}/token"),
            "default_grant_type": grant_type,
        }),
    ));
    let profile = admin.sys_id("oauth_entity_profile", &format!("oauth_entity={entity}"));
    let credential = json!({"name": "g", "oauth_entity_profile": profile});
    let credential = key(admin.create("oauth_2_0_credentials", &credential));
    let alias = key(admin.create("sys_alias", &json!({"name": "g"})));
    admin.create(
        "http_connection",
        &json!({
            "name": "g", "connection_url": format!("{url}/api"), "connection_alias": alias,
            "credential": credential,
        }),
    );
    let me = admin.sys_id("sys_user", "user_name=admin");
    admin.create("sys_alias_access", &json!({"alias": alias, "user": me}));
    Grant {
        profile,
        credential,
    }
}

/// What the tests look for in all that is written.
const SECRET: &str = "canary-client-secret";

/// The keys of what was set up.
struct Grant {
    profile: String,
    credential: String,
}

/// Asks for a token of the alias.
fn ask(instance: &Instance) -> Option<Answer> {
    let admin = instance.user("admin");
    let request = instance
        .http()
        .request("GET", "/api/sn_broker/token/g")
        .basic_auth(&admin.name, Some(&admin.password));
    Answer::try_of(request).ok()
}

fn access_token(answer: &Answer) -> String {
    let token = answer.json()["result"]["access_token"]
        .as_str()
        .map(str::to_owned);
    token.unwrap_or_else(|| panic!("{} {}", answer.status, answer.body))
}

/// How the held token stands, as people see it.
fn state(instance: &Instance) -> (String, String) {
    let held = Admin::of(instance).list(
        "oauth_requestor_profile",
        "requestor_context=oauth_2_0_credentials",
    );
    assert_eq!(held.len(), 1, "{held:?}");
    let text = |name: &str| held[0][name].as_str().unwrap().to_owned();
    (text("state"), text("reason"))
}
