//! Many callers in several processes at the moment of expiry, and what all of them write about it.

use std::time::Duration;

use serde_json::json;
use snowglobe_testkit::{Answer, Instance};

use super::{Provider, SECRET, access_token, ask, person, set_up};
use crate::world::{Admin, Place, Store};

const PROCESSES: usize = 4;
const CALLERS: usize = 250;

/// Waits until it holds, and not for ever.
fn until(holds: impl Fn() -> bool) {
    for _ in 0..600 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("not within half a minute");
}

fn now(instance: &Instance) -> String {
    let answer = Admin::of(instance).send("GET", "/_sg/clock", None);
    answer.text("now")
}

#[test]
fn a_thousand_callers_in_four_processes_at_expiry_cause_one_token_request() {
    let provider = Provider::start(&["--temper", "rotating", "--lifetime", "3600"]);
    let place = Place::new(Store::Postgres);
    let instances: Vec<Instance> = (0..PROCESSES).map(|_| place.launch().start()).collect();
    let grant = set_up(&instances[0], &provider, "authorization_code");
    person::consent(&instances[0], &grant);
    // The others hear of the records a moment later.
    for instance in &instances {
        until(|| ask(instance).unwrap().status == 200);
    }
    // Late enough that everybody comes while it is under way, whoever begins it.
    provider.control(&json!({"delay_ms": 2500}));
    let before = provider.ledger("token_requests");
    let admin = Admin::of(&instances[0]);
    let moved = admin.send("POST", "/_sg/clock", Some(&json!({"advance": "3595s"})));
    assert_eq!(moved.status, 200);
    let moved_to = moved.text("now");
    for instance in &instances {
        until(|| now(instance) >= moved_to);
    }
    let times: Vec<String> = instances.iter().map(now).collect();
    let tokens: Vec<String> = std::thread::scope(|scope| {
        let asking: Vec<_> = instances
            .iter()
            .flat_map(|instance| std::iter::repeat_n(instance, CALLERS))
            .map(|instance| scope.spawn(move || ask(instance).map(|it| access_token(&it))))
            .collect();
        asking
            .into_iter()
            .map(|it| it.join().unwrap().expect("an answer"))
            .collect()
    });
    assert_eq!(tokens.len(), PROCESSES * CALLERS);
    assert!(
        tokens.iter().all(|token| *token == tokens[0]),
        "at {times:?}"
    );
    assert_eq!(provider.ledger("token_requests") - before, 1);
    assert_eq!(provider.ledger("replays"), 0);
    assert_eq!(provider.call(&tokens[0]), 200);
}

#[test]
fn security_58_no_secret_is_in_an_answer_or_a_page() {
    let provider = Provider::start(&["--temper", "rotating", "--lifetime", "3600"]);
    let place = Place::new(Store::Sqlite);
    let instance = place.launch().start();
    let grant = set_up(&instance, &provider, "authorization_code");
    person::consent(&instance, &grant);
    let token = access_token(&ask(&instance).unwrap());
    provider.control(&json!({"revoke": true, "expire": true}));
    let admin = Admin::of(&instance);
    let paths = [
        "/api/now/table/oauth_entity?sysparm_display_value=all",
        "/api/now/table/oauth_credential?sysparm_display_value=all",
        "/api/now/table/oauth_requestor_profile",
        "/api/now/table/sys_alias_hand_out",
        "/api/now/table/sys_audit",
        "/api/sn_broker/alias/g/resolve",
        "/_sg/alias/g",
        "/_sg/requests",
    ];
    for path in paths {
        let answer: Answer = admin.send("GET", path, None);
        assert_eq!(answer.status, 200, "{path}");
        for canary in [SECRET, &token] {
            assert!(!answer.body.contains(canary), "{path} tells {canary}");
        }
    }
    // Nor in the files of the database.
    drop(instance);
    for entry in std::fs::read_dir(place.folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            for canary in [SECRET, &token] {
                let found = bytes
                    .windows(canary.len())
                    .any(|part| part == canary.as_bytes());
                assert!(!found, "{} holds {canary}", path.display());
            }
        }
    }
}
