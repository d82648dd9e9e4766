//! Outbound OAuth end to end (scenario G): the binary as a client of the simulated provider, which keeps a ledger.

mod canary;
mod care;
mod expiry;
mod flows;
mod independent;
mod kills;
mod many;
mod messages;
mod person;
mod provider;
mod tempers;
mod token;

use serde_json::{Value, json};
use snowglobe_testkit::{Answer, Instance};

use crate::world::Admin;
use provider::Provider;

/// Makes a provider, a credential, a connection and an alias, all called `g`, and lets the administrator take tokens.
fn set_up(instance: &Instance, provider: &Provider, grant_type: &str) -> Grant {
    let api = format!("{}/api", provider.url());
    set_up_at(instance, &simulated(provider, grant_type), ("", &api))
}

/// Makes so many of the last three, called `g0` and so on.
fn set_up_many(
    instance: &Instance,
    provider: &Provider,
    grant_type: &str,
    count: usize,
) -> Vec<Grant> {
    let admin = Admin::of(instance);
    let profile = profile(&admin, &simulated(provider, grant_type), "");
    let me = admin.sys_id("sys_user", "user_name=admin");
    let name = |at: usize| format!("g{at}");
    (0..count)
        .map(|at| alias(&admin, (&name(at), NOWHERE), &profile, &me))
        .collect()
}

/// The same with these scopes, of any provider, whose API is there.
fn set_up_at(instance: &Instance, provider: &Value, (scope, api): (&str, &str)) -> Grant {
    let admin = Admin::of(instance);
    let profile = profile(&admin, provider, scope);
    let me = admin.sys_id("sys_user", "user_name=admin");
    alias(&admin, ("g", api), &profile, &me)
}

fn simulated(provider: &Provider, grant_type: &str) -> Value {
    let url = provider.url();
    json!({
        "client_id": "g", "client_secret": SECRET, "default_grant_type": grant_type,
        "auth_url": format!("{url}/authorize"), "token_url": format!("{url}/token"),
        "revoke_token_url": format!("{url}/revoke"),
    })
}

/// A provider, and the key of its default profile with these scopes.
fn profile(admin: &Admin, provider: &Value, scope: &str) -> String {
    let mut fields = provider.clone();
    fields["name"] = "g".into();
    fields["type"] = "consumer".into();
    let entity = key(&admin.create("oauth_entity", &fields));
    let profile = admin.sys_id("oauth_entity_profile", &format!("oauth_entity={entity}"));
    for name in scope.split_whitespace() {
        let scope = json!({"name": name, "oauth_entity_scope": name, "oauth_entity": entity});
        let scope = key(&admin.create("oauth_entity_scope", &scope));
        let of_profile = json!({"oauth_entity_profile": profile, "oauth_entity_scope": scope});
        admin.create("oauth_entity_profile_scope", &of_profile);
    }
    profile
}

/// A credential, a connection and an alias of one name, whose tokens this user may take.
fn alias(admin: &Admin, (name, api): (&str, &str), profile: &str, user: &str) -> Grant {
    let credential = json!({"name": name, "oauth_entity_profile": profile});
    let credential = key(&admin.create("oauth_2_0_credentials", &credential));
    let alias = key(&admin.create("sys_alias", &json!({"name": name})));
    let connection = json!({
        "name": name, "connection_url": api, "connection_alias": alias,
        "credential": credential,
    });
    admin.create("http_connection", &connection);
    admin.create("sys_alias_access", &json!({"alias": alias, "user": user}));
    Grant {
        profile: profile.to_owned(),
        credential,
    }
}

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:9";

fn key(record: &Value) -> String {
    record["sys_id"].as_str().unwrap().to_owned()
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
    ask_for(instance, "g")
}

fn ask_for(instance: &Instance, alias: &str) -> Option<Answer> {
    let admin = instance.user("admin");
    let request = instance
        .http()
        .request("GET", &format!("/api/sn_broker/token/{alias}"))
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
