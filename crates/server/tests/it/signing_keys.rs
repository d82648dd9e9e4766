//! The rollover of signing keys, as those see it who verify tokens (security.md §2, 59).

use serde_json::{Value, json};
use snowglobe_oauth::jose::{Algorithm, Jwt, KeySet};
use snowglobe_server::admin::Action;

use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, World};

const API: &str = "/api/now/table/sys_user?sysparm_limit=1";

fn kids(world: &World) -> Vec<String> {
    let document = world.http.get("/oauth2/jwks").json();
    let keys = document["keys"].as_array().unwrap();
    let rsa = keys.iter().filter(|key| key["alg"] == json!("RS256"));
    rsa.map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect()
}

fn fresh_token(world: &World, client: &Client) -> String {
    let token = world.grant(SERVICENOW, client, &[CLIENT_CREDENTIALS]);
    token.text("access_token")
}

fn kid_of(token: &str) -> String {
    let jwt = Jwt::parse(token).unwrap();
    jwt.header().kid.clone().unwrap().into()
}

fn verifies(world: &World, token: &str) -> bool {
    let published = world.http.get("/api/now/oauth/jwks").body;
    let keys = KeySet::parse(published.as_bytes()).unwrap();
    let jwt = Jwt::parse(token).unwrap();
    jwt.verify(&keys, &[Algorithm::Rs256]).is_ok()
}

fn opens(world: &World, token: &str) -> u16 {
    world.as_bearer(token).get(API).status
}

fn advance(world: &World, by: &str) {
    let body = json!({"advance": by});
    let answer = world.admin().send_json("POST", "/_sg/clock", &body);
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// Another process makes the change; this node hears of it.
fn rotate(world: &World) -> String {
    let action = Action::RotateSigningKey {
        alg: "RS256".to_owned(),
    };
    let made = world.administer(action);
    let kid = made.iter().find(|(name, _)| *name == "kid").unwrap();
    kid.1.clone()
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = std::time::Instant::now();
    while !holds() {
        assert!(started.elapsed().as_secs() < 20, "{what}");
        std::thread::yield_now();
    }
}

fn long_lived(world: &World, name: &str) -> Client {
    let fields: Value = json!({
        "token_format": "jwt", "dialect": "strict", "access_token_lifespan": "8640000",
    });
    world.register(name, "s", fields)
}

#[test]
fn security_59_a_key_is_published_first_signs_then_and_verifies_until_its_tokens_are_dead() {
    let world = World::on_postgres();
    let client = long_lived(&world, "rollover");
    let old_token = fresh_token(&world, &client);
    let old = kid_of(&old_token);
    let new = rotate(&world);
    until("the new key is published", || kids(&world).len() == 2);
    assert_eq!(kids(&world), [new.clone(), old.clone()]);
    assert_eq!(kid_of(&fresh_token(&world, &client)), old, "not yet");
    advance(&world, "10m");
    let new_token = fresh_token(&world, &client);
    assert_eq!(kid_of(&new_token), new);
    for token in [&old_token, &new_token] {
        assert_eq!((opens(&world, token), verifies(&world, token)), (200, true));
    }
    // 100 days are the life of the token, 105 that of the key.
    advance(&world, "99d");
    assert_eq!(
        (opens(&world, &old_token), verifies(&world, &old_token)),
        (200, true)
    );
    advance(&world, "6d");
    assert_eq!(kids(&world), [new]);
    assert!(!verifies(&world, &old_token));
    assert_eq!(opens(&world, &old_token), 401);
}

#[test]
fn security_59_a_removed_key_takes_its_tokens_with_it_at_once() {
    let world = World::on_postgres();
    let client = long_lived(&world, "stolen");
    let token = fresh_token(&world, &client);
    assert_eq!(
        (opens(&world, &token), verifies(&world, &token)),
        (200, true)
    );
    let kid = kid_of(&token);
    world.administer(Action::RemoveSigningKey { kid: kid.clone() });
    until("the token is dead", || opens(&world, &token) == 401);
    assert!(!verifies(&world, &token));
    let told = world.grant("/oauth2/introspect", &client, &[("token", &token)]);
    assert_eq!(told.body, r#"{"active":false}"#);
    // Its replacement signs without delay.
    let next = fresh_token(&world, &client);
    assert_ne!(kid_of(&next), kid);
    assert_eq!((opens(&world, &next), verifies(&world, &next)), (200, true));
}
