//! The three tempers of `snowglobe simulate provider`, each as a person meets it who renews a token by hand.

use std::process::Command;

use serde_json::json;
use snowglobe_testkit::Instance;

use super::{Provider, access_token, ask, person::consent, set_up, state};
use crate::world::{Admin, Place, Store};

/// An instance with a grant that a person consented to.
fn consented(place: &Place, provider: &Provider) -> Instance {
    let instance = place.launch().start();
    let grant = set_up(&instance, provider, "authorization_code");
    consent(&instance, &grant);
    instance
}

/// Whether `snowglobe oauth refresh g`, beside the instance, got a token; without one it tells how the grant stands.
fn refresh(place: &Place) -> bool {
    let done = Command::new(env!("CARGO_BIN_EXE_snowglobe"))
        .args(["oauth", "refresh", "--data"])
        .arg(place.folder())
        .arg("g")
        .output();
    let done = done.unwrap();
    done.status.success() && done.stdout.starts_with(b"healthy")
}

fn healthy() -> (String, String) {
    ("healthy".to_owned(), String::new())
}

#[test]
fn strict_keeps_its_refresh_token() {
    let provider = Provider::start(&["--temper", "strict"]);
    let place = Place::new(Store::Sqlite);
    let instance = consented(&place, &provider);
    let first = access_token(&ask(&instance).unwrap());
    assert!(refresh(&place) && refresh(&place));
    assert_ne!(access_token(&ask(&instance).unwrap()), first);
    assert_eq!(provider.ledger("refreshed"), 2);
    assert_eq!(provider.ledger("living_refresh_tokens"), 1);
    assert_eq!(state(&instance), healthy());
}

#[test]
fn rotating_replaces_it_and_nothing_is_used_twice() {
    let provider = Provider::start(&["--temper", "rotating"]);
    let place = Place::new(Store::Sqlite);
    let instance = consented(&place, &provider);
    assert!((0..5).all(|_| refresh(&place)));
    assert_eq!(provider.ledger("refreshed"), 5);
    assert_eq!(provider.ledger("replays"), 0);
    assert_eq!(provider.ledger("living_refresh_tokens"), 1);
    assert_eq!(provider.call(&access_token(&ask(&instance).unwrap())), 200);
    assert_eq!(state(&instance), healthy());
}

#[test]
fn flaky_costs_nothing_where_it_forgives() {
    let provider = Provider::start(&["--temper", "flaky", "--grace-ms", "60000"]);
    let place = Place::new(Store::Sqlite);
    let instance = consented(&place, &provider);
    // The consent was the first token request; of the others the third is refused, and the answer of the sixth cut off.
    let renewed: Vec<bool> = (2..=10).map(|_| refresh(&place)).collect();
    let expected = [true, false, true, true, false, true, true, true, true];
    assert_eq!(renewed, expected);
    assert_eq!(provider.ledger("forgiven"), 1);
    assert_eq!(provider.ledger("replays"), 0);
    assert_eq!(provider.call(&access_token(&ask(&instance).unwrap())), 200);
    assert_eq!(state(&instance), healthy());
}

#[test]
fn flaky_without_grace_ends_in_a_grant_that_says_what_was_lost() {
    let provider = Provider::start(&["--temper", "flaky"]);
    let place = Place::new(Store::Sqlite);
    let instance = consented(&place, &provider);
    let renewed: Vec<bool> = (2..=7).map(|_| refresh(&place)).collect();
    assert_eq!(renewed, [true, false, true, true, false, false]);
    let lost = ("needs_consent", "outbound_answer_lost");
    assert_eq!(state(&instance), (lost.0.to_owned(), lost.1.to_owned()));
    // The access token lives on for a while, and is of use until then.
    assert_eq!(ask(&instance).unwrap().status, 200);
    let moved = Admin::of(&instance).send("POST", "/_sg/clock", Some(&json!({"advance": "10m"})));
    assert_eq!(moved.status, 200, "{}", moved.body);
    let told = ask(&instance).unwrap().body;
    assert!(told.contains("/oauth_initiator.do?"), "{told}");
}
