//! What may be granted: scopes, switches, the same-token rule (§2.0, §2.4, §7).

use serde_json::json;
use snowglobe_testkit::Answer;

use super::{password_grant, refused_by_servicenow, refused_strictly};
use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, STRICT, Tokens, World};

#[test]
fn scopes_are_those_registered() {
    let world = World::shared();
    let client = world.register("token.scopes", "s", json!({}));
    for scope in ["incident_read", "incident_write"] {
        world.admin().create(
            "oauth_entity_scope",
            &json!({"name": scope, "oauth_entity_scope": scope, "oauth_entity": client.sys_id}),
        );
    }
    let ask = |path: &str, scope: &str| {
        world.grant(path, &client, &[CLIENT_CREDENTIALS, ("scope", scope)])
    };
    assert_eq!(ask(STRICT, "incident_read").text("scope"), "incident_read");
    assert_eq!(
        ask(SERVICENOW, "incident_read").text("scope"),
        "incident_read"
    );
    let both = ask(STRICT, "incident_write incident_read").text("scope");
    let mut both: Vec<_> = both.split(' ').collect();
    both.sort_unstable();
    assert_eq!(both, ["incident_read", "incident_write"]);
    refused_strictly(
        &ask(STRICT, "incident_read admin"),
        "invalid_scope",
        "more than registered",
    );
    refused_by_servicenow(
        &ask(SERVICENOW, "incident_read admin"),
        "more than registered",
    );
    // RFC 6749 §3.3: the default is documented; here, all that is registered, or what ServiceNow always says.
    assert_eq!(
        world
            .grant(STRICT, &client, &[CLIENT_CREDENTIALS])
            .text("scope")
            .split(' ')
            .count(),
        2
    );
    assert_eq!(
        world
            .grant(SERVICENOW, &client, &[CLIENT_CREDENTIALS])
            .text("scope"),
        "useraccount"
    );
}

#[test]
fn a_scope_taken_from_a_client_is_refused_from_then_on() {
    let world = World::shared();
    let client = world.register("token.scope.gone", "s", json!({}));
    let scope = json!({"name": "r", "oauth_entity_scope": "r", "oauth_entity": client.sys_id});
    let scope = world.admin().create("oauth_entity_scope", &scope);
    let ask = || world.grant(STRICT, &client, &[CLIENT_CREDENTIALS, ("scope", "r")]);
    assert_eq!(ask().status, 200);
    let path = format!(
        "/api/now/table/oauth_entity_scope/{}",
        scope["sys_id"].as_str().unwrap()
    );
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    refused_strictly(&ask(), "invalid_scope", "taken away");
}

/// A property, the value that switches off, the strict dialect's error, and a request that needs it.
type Switch<'a> = (&'a str, &'a str, &'a str, &'a dyn Fn(&str) -> Answer);

#[test]
fn properties_switch_for_the_next_request() {
    let world = World::own();
    let client = world.demo_client();
    let cases: [Switch<'_>; 3] = [
        (
            "com.snc.platform.security.oauth.is.active",
            "false",
            "unauthorized_client",
            &|path| world.grant(path, &client, &[CLIENT_CREDENTIALS]),
        ),
        (
            "glide.oauth.inbound.client.credential.grant_type.enabled",
            "false",
            "unsupported_grant_type",
            &|path| world.grant(path, &client, &[CLIENT_CREDENTIALS]),
        ),
        (
            "glide.oauth.inbound.ropc.grant_type.disabled",
            "true",
            "",
            &|path| password_grant(&world, path, &client),
        ),
    ];
    for (property, off, error, request) in cases {
        assert_eq!(request(SERVICENOW).status, 200, "{property}: before");
        world.set_property(property, off);
        refused_by_servicenow(&request(SERVICENOW), property);
        if !error.is_empty() {
            refused_strictly(&request(STRICT), error, property);
        }
        world.set_property(property, if off == "true" { "false" } else { "true" });
        assert_eq!(request(SERVICENOW).status, 200, "{property}: after");
    }
}

#[test]
fn a_client_without_a_user_or_for_other_grants_gets_no_client_credentials() {
    let world = World::shared();
    let nobody = world.register("token.nobody", "s", json!({"user": ""}));
    refused_strictly(
        &world.grant(STRICT, &nobody, &[CLIENT_CREDENTIALS]),
        "unauthorized_client",
        "no user",
    );
    refused_by_servicenow(
        &world.grant(SERVICENOW, &nobody, &[CLIENT_CREDENTIALS]),
        "no user",
    );
    let code = world.register(
        "token.code",
        "s",
        json!({"inbound_grant_type": "authz_code"}),
    );
    refused_strictly(
        &world.grant(STRICT, &code, &[CLIENT_CREDENTIALS]),
        "unauthorized_client",
        "for codes",
    );
    let public = Client {
        secret: String::new(),
        ..world.register("token.public", "s", json!({"public_client": "true"}))
    };
    let answer = world
        .http
        .form(STRICT, &[CLIENT_CREDENTIALS, ("client_id", &public.id)]);
    // RFC 6749 §4.4: "MUST only be used by confidential clients".
    refused_strictly(&answer, "unauthorized_client", "public");
}

#[test]
fn a_further_grant_returns_the_same_tokens_only_in_servicenow_s_dialect() {
    let world = World::shared();
    let client = world.register("token.same", "s", json!({}));
    let tokens = |path: &str| {
        world
            .grant(path, &client, &[CLIENT_CREDENTIALS])
            .text("access_token")
    };
    assert_eq!(tokens(SERVICENOW), tokens(SERVICENOW));
    assert_ne!(tokens(STRICT), tokens(STRICT));
    let first = Tokens::of(&password_grant(world, SERVICENOW, &client));
    assert_eq!(
        Tokens::of(&password_grant(world, SERVICENOW, &client)),
        first
    );
}

/// Rows of tokens are written behind; nobody finds out.
#[test]
fn whoever_got_a_token_finds_its_record_at_once() {
    let world = World::shared();
    let client = world.register("token.row", "s", json!({}));
    let query = "sysparm_query=name=token.row^type=access_token&sysparm_fields=sys_id";
    let counted = |query: &str| {
        let path = format!("/api/now/stats/oauth_credential?sysparm_count=true&{query}");
        world.admin().get(&path).json()["result"]["stats"]["count"].clone()
    };
    for issued in 1..=10_usize {
        world
            .grant(STRICT, &client, &[CLIENT_CREDENTIALS])
            .text("access_token");
        if issued % 2 == 0 {
            let rows = world.admin().list("oauth_credential", query);
            assert_eq!(rows.len(), issued);
        } else {
            assert_eq!(counted(query), json!(issued.to_string()));
        }
    }
}
