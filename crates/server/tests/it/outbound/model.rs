//! The records of outbound calls, and how an alias resolves.

use serde_json::{Value, json};

use super::{alias, provider};
use crate::world::{World, text};

fn refused(world: &World, method: &str, path: &str, body: &Value) -> String {
    let answer = world.admin().send_json(method, path, body);
    assert_eq!(answer.status, 403, "{path} {body}: {}", answer.body);
    answer.body
}

#[test]
fn outbound_2_2_a_new_provider_has_a_default_profile_without_scopes() {
    let world = World::shared();
    let (provider, profile) = provider(world, "model.default", &json!({}));
    let path = format!("/api/now/table/oauth_entity_profile/{profile}");
    let shown = world.admin().get(&path).json()["result"].clone();
    assert_eq!(text(&shown, "name"), "model.default default_profile");
    assert_eq!(text(&shown, "grant_type"), "client_credentials");
    let second = json!({"name": "other", "oauth_entity": provider, "default": "true"});
    let body = refused(
        world,
        "POST",
        "/api/now/table/oauth_entity_profile",
        &second,
    );
    assert!(body.contains("has a default profile already"), "{body}");
}

#[test]
fn outbound_7_5_secrets_are_written_and_never_read() {
    let world = World::shared();
    let (provider, _) = provider(world, "model.secret", &json!({}));
    let basic = json!({"name": "model.basic", "user_name": "jo", "password": "hush-hush-basic"});
    let basic = world.admin().create("basic_auth_credentials", &basic);
    let key = json!({"name": "model.key", "api_key": "hush-hush-key"});
    let key = world.admin().create("api_key_credentials", &key);
    let jwt = json!({"name": "model.jwt", "signing_key": "hush-hush-jwt"});
    let jwt = world.admin().create("jwt_keystore_aliases", &jwt);
    for (table, sys_id, element) in [
        ("oauth_entity", provider, "client_secret"),
        ("basic_auth_credentials", text(&basic, "sys_id"), "password"),
        ("api_key_credentials", text(&key, "sys_id"), "api_key"),
        ("jwt_keystore_aliases", text(&jwt, "sys_id"), "signing_key"),
    ] {
        for display in ["true", "false", "all"] {
            let path = format!("/api/now/table/{table}/{sys_id}?sysparm_display_value={display}");
            let answer = world.admin().get(&path);
            assert_eq!(answer.status, 200, "{path}");
            assert!(
                !answer.body.contains("hush-hush"),
                "{path}: {}",
                answer.body
            );
            assert!(answer.json()["result"].get(element).is_some(), "{path}");
        }
    }
}

#[test]
fn a_provider_may_call_this_instance_what_a_client_here_is_called() {
    let world = World::shared();
    let client = world.register("model.same", "s", json!({}));
    let same = json!({"client_id": client.id, "name": "model.same.provider"});
    provider(world, "ignored", &same);
    world.access_token(&client);
    let again = json!({"name": "model.same.again", "client_id": client.id});
    let answer = world
        .admin()
        .send_json("POST", "/api/now/table/oauth_entity", &again);
    assert_eq!(
        answer.status, 403,
        "two clients are never called the same: {}",
        answer.body
    );
}

#[test]
fn a_provider_is_no_client() {
    let world = World::shared();
    let (sys_id, _) = provider(world, "model.provider", &json!({"client_secret": "s"}));
    let fields = [("client_id", "model.provider-id"), ("client_secret", "s")];
    let grant = [&[crate::world::CLIENT_CREDENTIALS], &fields[..]].concat();
    assert_eq!(
        world.http.form(crate::world::SERVICENOW, &grant).status,
        401
    );
    let path = format!("/api/now/table/oauth_entity/{sys_id}");
    let body = refused(world, "PATCH", &path, &json!({"type": "client"}));
    assert!(
        body.contains("A provider does not become a client"),
        "{body}"
    );
}

#[test]
fn outbound_2_3_what_contradicts_itself_is_refused() {
    let world = World::shared();
    let (_, profile) = provider(world, "model.one", &json!({}));
    let (other, _) = provider(world, "model.two", &json!({}));
    let scope = json!({"name": "s", "oauth_entity_scope": "s", "oauth_entity": other});
    let scope = text(
        &world.admin().create("oauth_entity_scope", &scope),
        "sys_id",
    );
    let chosen = json!({"oauth_entity_profile": profile, "oauth_entity_scope": scope});
    let table = "/api/now/table/oauth_entity_profile_scope";
    assert!(refused(world, "POST", table, &chosen).contains("another provider"));
    let url =
        json!({"name": "model.url", "type": "consumer", "token_url": "https://u:p@as.example/"});
    assert!(refused(world, "POST", "/api/now/table/oauth_entity", &url).contains("must be a URL"));
    let url = json!({"name": "model.url", "connection_url": "api.example"});
    assert!(
        refused(world, "POST", "/api/now/table/http_connection", &url).contains("must be a URL")
    );
}

#[test]
fn outbound_4_4_an_alias_has_one_active_connection_unless_it_supports_several() {
    let world = World::shared();
    let (_, profile) = provider(world, "model.active", &json!({}));
    let credential = alias(world, "model_active", &profile, "https://api.example");
    let of_alias = world.admin().sys_id("sys_alias", "id=model_active");
    let table = "/api/now/table/http_connection";
    let second = |name: &str| json!({"name": name, "connection_url": "https://other.example", "connection_alias": of_alias, "order": "50"});
    let body = refused(world, "POST", table, &second("model.second"));
    assert!(body.contains("active connection already"), "{body}");
    let taken = json!({"name": "model.taken", "connection_url": "https://x.example", "credential": credential});
    assert!(refused(world, "POST", table, &taken).contains("uses this credential"));
    let several = json!({"multiple_connections": "true"});
    world.admin().change("sys_alias", &of_alias, &several);
    world
        .admin()
        .create("http_connection", &second("model.second"));
    let resolve = |more: &str| {
        let path = format!("/api/sn_broker/alias/model_active/resolve{more}");
        world.admin().get(&path).json()["result"].clone()
    };
    assert_eq!(resolve("")["connection"]["name"], "model.second");
    let named = resolve("?connection=model_active");
    assert_eq!(named["connection"]["connection_url"], "https://api.example");
    assert_eq!(
        named["oauth_entity_profile"]["grant_type"],
        "client_credentials"
    );
    assert_eq!(named["oauth_entity"]["name"], "model.active");
}

#[test]
fn outbound_4_3_a_child_starts_with_its_parents_settings_and_keeps_its_parent() {
    let world = World::shared();
    let parent = json!({"name": "model_parent", "multiple_connections": "true"});
    let parent = text(&world.admin().create("sys_alias", &parent), "sys_id");
    let child = json!({"name": "model_child", "parent": parent});
    let child = world.admin().create("sys_alias", &child);
    assert_eq!(text(&child, "multiple_connections"), "true");
    assert_eq!(text(&child, "id"), "model_child");
    let path = format!("/api/now/table/sys_alias/{}", text(&child, "sys_id"));
    assert!(refused(world, "PATCH", &path, &json!({"parent": ""})).contains("set when it is made"));
    let wrong = json!({"name": "model_wrong", "parent": parent, "type": "credential"});
    assert!(refused(world, "POST", "/api/now/table/sys_alias", &wrong).contains("Only an alias"));
}

#[test]
fn outbound_4_4_what_leads_nowhere_says_why_and_who_may_not_see_aliases_learns_nothing() {
    let world = World::shared();
    let told = world
        .admin()
        .get("/api/sn_broker/alias/nowhere/resolve")
        .json()["result"]
        .clone();
    assert_eq!(told["resolved"], false);
    assert_eq!(told["reason"], "alias_unknown");
    world
        .admin()
        .create("sys_alias", &json!({"name": "model_empty"}));
    let told = world
        .admin()
        .get("/api/sn_broker/alias/model_empty/resolve")
        .json()["result"]
        .clone();
    assert_eq!(told["reason"], "alias_without_connection");
    for user in ["itil", "employee"] {
        let answer = world
            .as_user(user)
            .get("/api/sn_broker/alias/model_empty/resolve");
        assert_eq!(answer.status, 403, "{user}: {}", answer.body);
    }
}
