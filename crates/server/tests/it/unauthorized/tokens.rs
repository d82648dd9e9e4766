//! Tokens that were good once, or nearly are, and those that are good for something else.

use serde_json::{Value, json};

use super::{E3, Guard, bearers, nowhere, on, rows};
use crate::world::{SERVICENOW, World};

#[test]
fn a_token_that_was_tampered_with_gets_e3_on_every_route_of_the_api() {
    let world = World::shared();
    let good = world.access_token(&world.demo_client());
    let mut tokens = Vec::new();
    for (why, at) in [("first character", 0), ("a claim", 20), ("the proof", 80)] {
        let old = good.as_bytes()[at];
        let new = if old == b'A' { 'B' } else { 'A' };
        let mut tampered = good.clone();
        tampered.replace_range(at..=at, &new.to_string());
        tokens.push((why, tampered));
    }
    tokens.push(("cut", good[..85].to_owned()));
    tokens.push(("longer", format!("{good}A")));
    nowhere(world, bearers(tokens));
}

#[test]
fn a_token_that_is_over_gets_e3_on_every_route_of_the_api() {
    let world = World::shared();
    let mut tokens = Vec::new();
    let expired = world.register("matrix.expired", "s", json!({"access_token_lifespan": "0"}));
    tokens.push(("expired", world.access_token(&expired)));

    let client = world.register("matrix.revoked", "s", json!({}));
    let revoked = world.access_token(&client);
    let url = format!("/oauth_revoke_token.do?token={revoked}");
    assert_eq!(world.http.get(&url).status, 200);
    tokens.push(("revoked", revoked));

    let client = world.register("matrix.inactive.client", "s", json!({}));
    tokens.push(("client deactivated", world.access_token(&client)));
    let change = json!({"active": "false"});
    world
        .admin()
        .change("oauth_entity", &client.sys_id, &change);

    let client = world.register("matrix.deleted.client", "s", json!({}));
    tokens.push(("client deleted", world.access_token(&client)));
    let path = format!("/api/now/table/oauth_entity/{}", client.sys_id);
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    nowhere(world, bearers(tokens));
}

#[test]
fn a_token_of_somebody_who_lost_their_account_gets_e3_on_every_route_of_the_api() {
    let world = World::shared();
    let mut tokens = Vec::new();
    for (why, change) in [
        ("password changed", json!({"user_password": "Other-1!"})),
        ("user deactivated", json!({"active": "false"})),
        ("user locked", json!({"locked_out": "true"})),
    ] {
        let name = format!("matrix.{}", why.replace(' ', "."));
        let sys_id = world.person(&name, "Right-1!", json!({}));
        let token = world.tokens(&world.demo_client(), &name, "Right-1!").access;
        let path = "/api/now/table/sys_user?sysparm_limit=1";
        let before = world.as_bearer(&token).get(path);
        assert_eq!(before.status, 200, "{why}: before");
        tokens.push((why, token));
        world.admin().change("sys_user", &sys_id, &change);
    }
    nowhere(world, bearers(tokens));
}

/// A token of an administrator by way of a client that is set up like this.
fn of_client(world: &World, name: &str, more: Value) -> String {
    let client = world.register(name, "s", more);
    let fields = [
        ("grant_type", "password"),
        ("username", "admin"),
        ("password", world.password("admin")),
    ];
    world
        .grant(SERVICENOW, &client, &fields)
        .text("access_token")
}

/// Sends a token everywhere; who it is of might do anything.
fn opens_nothing(world: &World, token: &str, status: u16, told: &str) {
    let caller = world.as_bearer(token);
    for (path, method) in rows(Guard::User) {
        let answer = caller.send(method, &on(path, "incident", &"0".repeat(32)));
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        if method != "HEAD" {
            assert!(
                answer.body.contains(told),
                "{method} {path}: {}",
                answer.body
            );
        }
    }
}

#[test]
fn a_token_with_too_little_scope_gets_403_on_every_route_of_the_api() {
    let world = World::shared();
    let more = json!({"scope_restriction_status": "restricted"});
    let token = of_client(world, "matrix.securely.scoped", more);
    opens_nothing(world, &token, 403, "Missing required api access scope");
}

#[test]
fn a_restricted_token_gets_401_on_every_route_of_the_api() {
    let world = World::shared();
    let more = json!({"enforce_token_restrictions": "true"});
    let token = of_client(world, "matrix.restricted", more);
    opens_nothing(world, &token, 401, E3);
}
