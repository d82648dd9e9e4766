//! kill -9 around refresh and rotation: no token that could be kept is lost, and what is lost is called lost.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use super::{Provider, access_token, ask, person, set_up, state};
use crate::world::{Place, Store};

/// How often the process is killed on each database.
const KILLS: u64 = 20;

/// Every token lives for no time at all, so each call rotates the refresh token.
fn provider(grace_ms: &str) -> Provider {
    Provider::start(&[
        "--temper",
        "rotating",
        "--lifetime",
        "0",
        "--grace-ms",
        grace_ms,
    ])
}

/// Asks until the process is gone.
fn until_killed(place: &Place, after: Duration) {
    let instance = place.launch().start();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let admin = instance.user("admin");
            let http = instance.http().clone();
            while !stop.load(Ordering::Relaxed) {
                let request = http
                    .request("GET", "/api/sn_broker/token/g")
                    .basic_auth(&admin.name, Some(&admin.password));
                if request.send().is_err() {
                    return;
                }
            }
        });
        std::thread::sleep(after);
        let killed = std::process::Command::new("kill")
            .args(["-9", &instance.pid().to_string()])
            .status();
        assert!(killed.unwrap().success());
        stop.store(true, Ordering::Relaxed);
        asking.join().unwrap();
    });
}

fn no_kill_loses_a_token_that_the_provider_forgives(store: Store) {
    let provider = provider("600000");
    let place = Place::new(store);
    let instance = place.launch().start();
    let grant = set_up(&instance, &provider, "authorization_code");
    person::consent(&instance, &grant);
    instance.kill();
    for kill in 0..KILLS {
        // Different places of the cycle, without randomness that a failure could not repeat.
        until_killed(&place, Duration::from_millis(20 + kill * 37 % 150));
    }
    let instance = place.launch().start();
    let answer = ask_until_it_rested(&instance);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(state(&instance), ("healthy".to_owned(), String::new()));
    assert_eq!(
        provider.ledger("replays"),
        0,
        "no spent token was used outside of the grace"
    );
    assert_eq!(provider.ledger("living_refresh_tokens"), 1);
    // On PostgreSQL a dead process's request is waited for, unless the next process gets its number: fewer rotations.
    assert!(provider.ledger("refreshed") > 0);
}

fn without_grace_a_lost_answer_is_called_lost_and_never_success(store: Store) {
    let provider = provider("0");
    let place = Place::new(store);
    let instance = place.launch().start();
    let grant = set_up(&instance, &provider, "authorization_code");
    person::consent(&instance, &grant);
    instance.kill();
    let mut lost = 0;
    for kill in 0..KILLS / 2 {
        until_killed(&place, Duration::from_millis(20 + kill * 41 % 150));
        let instance = place.launch().start();
        let answer = ask_until_it_rested(&instance);
        let living = provider.ledger("living_refresh_tokens");
        let (state, reason) = state(&instance);
        if answer.status == 200 {
            assert_eq!((&*state, living), ("healthy", 1));
        } else {
            lost += 1;
            assert_eq!(
                (&*state, &*reason, living),
                ("needs_consent", "outbound_answer_lost", 0)
            );
            assert_eq!(answer.status, 409, "{}", answer.body);
            person::consent(&instance, &grant);
        }
        instance.kill();
    }
    let instance = place.launch().start();
    let token = access_token(&ask_until_it_rested(&instance));
    assert!(!token.is_empty());
    assert!(lost <= KILLS / 2);
}

/// A provider that was cut off in the middle is left alone for a second or two.
fn ask_until_it_rested(instance: &snowglobe_testkit::Instance) -> snowglobe_testkit::Answer {
    for _ in 0..100 {
        let answer = ask(instance).expect("an answer");
        if !matches!(answer.status, 502 | 503) {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("the provider stayed in trouble");
}

#[test]
fn no_kill_loses_a_token_that_the_provider_forgives_on_sqlite() {
    no_kill_loses_a_token_that_the_provider_forgives(Store::Sqlite);
}

#[test]
fn no_kill_loses_a_token_that_the_provider_forgives_on_postgres() {
    no_kill_loses_a_token_that_the_provider_forgives(Store::Postgres);
}

#[test]
fn without_grace_a_lost_answer_is_called_lost_on_sqlite() {
    without_grace_a_lost_answer_is_called_lost_and_never_success(Store::Sqlite);
}

#[test]
fn without_grace_a_lost_answer_is_called_lost_on_postgres() {
    without_grace_a_lost_answer_is_called_lost_and_never_success(Store::Postgres);
}
