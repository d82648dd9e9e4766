//! Grants at other providers, looked after over REST: how each stands, renewed, ended; and who may (`outbound-oauth.md`
//! §8.5).

use serde_json::{Value, json};
use snowglobe_server::simulate::Temper;

use super::{
    alias, provider,
    simulated::Provider,
    tokens::{set_up, token},
};
use crate::world::World;

fn grant(world: &World, user: &str, method: &str, alias: &str) -> (u16, Value) {
    let path = format!("/api/sn_broker/alias/{alias}/grant");
    let answer = world.as_user(user).send(method, &path);
    let told = serde_json::from_str::<Value>(&answer.body).unwrap_or_default();
    (answer.status, told["result"].clone())
}

#[test]
fn outbound_8_5_a_grant_is_told_of_renewed_and_ended() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    set_up(world, "gr.shared", &simulated, "client_credentials");
    let (status, before) = grant(world, "admin", "GET", "gr.shared");
    assert_eq!((status, &before["state"]), (200, &json!("new")), "{before}");
    assert_eq!(before["initiator_url"], Value::Null, "no person is needed");
    let first = token(world, "gr.shared");
    let (_, told) = grant(world, "admin", "GET", "gr.shared");
    assert_eq!(told["state"], "healthy");
    assert!(told["access_expires"].as_str().is_some(), "{told}");
    let (status, told) = grant(world, "admin", "POST", "gr.shared");
    assert_eq!((status, &told["state"]), (200, &json!("healthy")));
    let second = token(world, "gr.shared");
    assert_ne!(second, first, "however long the first lives");
    assert!(!told.to_string().contains(&second));
    assert_eq!(grant(world, "admin", "DELETE", "gr.shared").0, 204);
    assert_eq!(grant(world, "admin", "DELETE", "gr.shared").0, 204);
    let (_, told) = grant(world, "admin", "GET", "gr.shared");
    assert_eq!(told["state"], "new");
    // The provider hears of it, whoever is slow.
    let told = (0..400).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        simulated.ledger().revoked > 0
    });
    assert!(told, "{:?}", simulated.ledger());
}

#[test]
fn outbound_8_5_where_a_person_is_needed_the_address_is_told() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    set_up(world, "gr.person", &simulated, "authorization_code");
    let (_, told) = grant(world, "admin", "GET", "gr.person");
    let address = told["initiator_url"].as_str().unwrap_or_default();
    assert!(address.contains("/oauth_initiator.do?"), "{told}");
    let (status, _) = grant(world, "admin", "POST", "gr.person");
    assert_eq!(status, 409);
}

#[test]
fn outbound_8_5_everybody_looks_after_what_is_theirs_alone() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    let (_, profile) = provider(world, "gr.own", &simulated.fields("authorization_code"));
    let credential = alias(world, "gr.own", &profile, "https://api.example");
    set_up(world, "gr.all", &simulated, "client_credentials");
    let personal = json!({"integration_type": "personal"});
    world
        .admin()
        .change("oauth_2_0_credentials", &credential, &personal);
    let (status, told) = grant(world, "employee", "GET", "gr.own");
    assert_eq!((status, &told["user"]), (200, &json!("employee")), "{told}");
    let address = told["initiator_url"].as_str().unwrap_or_default();
    assert!(address.ends_with("&personal=true"), "{told}");
    assert_eq!(grant(world, "employee", "DELETE", "gr.own").0, 204);
    for alias in ["gr.all", "gr.none"] {
        for method in ["GET", "POST", "DELETE"] {
            assert_eq!(
                grant(world, "employee", method, alias).0,
                403,
                "{method} {alias}"
            );
        }
    }
    assert_eq!(grant(world, "admin", "GET", "gr.none").0, 404);
    assert_eq!(simulated.ledger().token_requests, 0);
}

#[test]
fn outbound_8_5_the_health_of_all_grants_is_told_those_that_want_somebody_first() {
    let world = World::own();
    let simulated = Provider::start(Temper::Strict, 3600);
    set_up(&world, "h.well", &simulated, "client_credentials");
    token(&world, "h.well");
    let nowhere = json!({"token_url": "https://169.254.169.254/token"});
    let (_, profile) = provider(&world, "h.broken", &nowhere);
    alias(&world, "h.broken", &profile, "https://api.example");
    assert_eq!(grant(&world, "admin", "POST", "h.broken").0, 502);
    let health = world.admin().get("/api/sn_broker/health").json()["result"].clone();
    let told = |at: usize| {
        (
            health[at]["credential"]["name"].clone(),
            health[at]["state"].clone(),
        )
    };
    assert_eq!(told(0), (json!("h.broken"), json!("broken")), "{health}");
    assert_eq!(told(1), (json!("h.well"), json!("healthy")), "{health}");
    assert_eq!(health[0]["reason"], "outbound_address_refused");
    assert_eq!(
        (&health[0]["wants_somebody"], &health[1]["wants_somebody"]),
        (&json!(true), &json!(false))
    );
    // Somebody else sees what is theirs, and nothing here is.
    let theirs = world.as_user("employee").get("/api/sn_broker/health");
    assert_eq!(theirs.json()["result"], json!([]));
}
