//! kill -9 around refresh and rotation: no token that could be kept is lost, and what is lost is called lost.
//!
//! Each kill meets [`GRANTS`] grants that rotate independently of each other, each at another point between the decision to
//! refresh and the moment when its answer is on disk. Four tests of [`KILLS`] kills make 500 points; the provider's ledger
//! says what became of each.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use serde_json::json;
use snowglobe_testkit::{Answer, Instance};

use super::{Grant, Provider, ask_for, person::Person, set_up_many};
use crate::world::{Admin, Place, Store};

const GRANTS: usize = 25;
/// How often the process is killed in each test.
const KILLS: usize = 5;

/// Every token lives for no time at all, so each call rotates the refresh token, and answers take a moment, so that many
/// are on their way.
fn provider(grace_ms: &str) -> Provider {
    let temper = ["--temper", "rotating", "--lifetime", "0"];
    let provider = Provider::start(&[&temper[..], &["--grace-ms", grace_ms]].concat());
    provider.control(&json!({"delay_ms": 10}));
    provider
}

fn name(at: usize) -> String {
    format!("g{at}")
}

/// A place with grants that somebody has consented to.
fn consented(store: Store, provider: &Provider) -> (Place, Vec<Grant>) {
    let place = Place::new(store);
    let instance = place.launch().start();
    let grants = set_up_many(&instance, provider, "authorization_code", GRANTS);
    consent(&instance, grants.iter());
    instance.kill();
    (place, grants)
}

fn consent<'g>(instance: &Instance, grants: impl Iterator<Item = &'g Grant>) {
    let mut person = Person::log_in(instance);
    grants.for_each(|grant| person.consent(grant));
}

/// Starts an instance for which the time is over that others' requests are waited for. SQLite has one process, so there
/// those of an earlier one are dead at once.
fn start(store: Store, place: &Place) -> Instance {
    if matches!(store, Store::Postgres) {
        place.run("UPDATE sg_grant SET flight_until = 0 WHERE flight IS NOT NULL");
    }
    place.launch().start()
}

/// Asks for all of them until the process is gone. The last kill of a test comes while the provider holds its answers
/// back, so one at least is met on its way however fast or slow the machine is.
fn kill_after(instance: &Instance, provider: &Provider, kill: usize) {
    let is_last = (kill + 1).is_multiple_of(KILLS);
    provider.control(&json!({"delay_ms": if is_last { 20_000 } else { 10 }}));
    let before = provider.ledger("token_requests");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for at in 0..GRANTS {
            let stop = &stop;
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) && ask_for(instance, &name(at)).is_some() {}
            });
        }
        while provider.ledger("token_requests") == before {
            std::thread::sleep(Duration::from_millis(5));
        }
        if !is_last {
            std::thread::sleep(moment(kill));
        }
        let killed = std::process::Command::new("kill")
            .args(["-9", &instance.pid().to_string()])
            .status();
        assert!(killed.unwrap().success());
        stop.store(true, Ordering::Relaxed);
    });
    provider.control(&json!({"delay_ms": 10}));
}

/// Different places of the cycle, without randomness that a failure could not repeat.
fn moment(kill: usize) -> Duration {
    let spread = u64::try_from(kill * 37 % 90).unwrap();
    Duration::from_millis(20 + spread)
}

/// A provider that was cut off in the middle is left alone for a second or two.
fn ask_all_until_they_rested(instance: &Instance) -> Vec<Answer> {
    let ask = |at: usize| {
        for _ in 0..100 {
            let answer = ask_for(instance, &name(at)).expect("an answer");
            if !matches!(answer.status, 502 | 503) {
                return answer;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        panic!("the provider stayed in trouble");
    };
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..GRANTS).map(|at| scope.spawn(move || ask(at))).collect();
        asking.into_iter().map(|it| it.join().unwrap()).collect()
    })
}

/// How many are in a state, as people see it, for a reason.
fn in_state(instance: &Instance, state: &str, reason: &str) -> u64 {
    let held = Admin::of(instance).list("oauth_requestor_profile", &format!("state={state}"));
    let of_reason = held.iter().filter(|row| row["reason"] == reason);
    u64::try_from(of_reason.count()).unwrap()
}

fn no_kill_loses_a_token_that_the_provider_forgives(store: Store) {
    let provider = provider("600000");
    let (place, _) = consented(store, &provider);
    for kill in 0..KILLS {
        kill_after(&start(store, &place), &provider, kill);
    }
    let instance = start(store, &place);
    for answer in ask_all_until_they_rested(&instance) {
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let all = u64::try_from(GRANTS).unwrap();
    assert_eq!(in_state(&instance, "healthy", ""), all);
    assert_eq!(provider.ledger("living_refresh_tokens"), all);
    let replays = provider.ledger("replays");
    assert_eq!(replays, 0, "no spent token was used outside of the grace");
    let caught = provider.ledger("forgiven");
    assert!(caught > 0, "no kill met an answer on its way");
}

fn without_grace_a_lost_answer_is_called_lost_and_never_success(store: Store) {
    let provider = provider("0");
    let (place, grants) = consented(store, &provider);
    let mut lost = 0;
    for kill in 0..KILLS {
        kill_after(&start(store, &place), &provider, kill + KILLS);
        let instance = start(store, &place);
        let answers = ask_all_until_they_rested(&instance);
        let dead = answers.iter().zip(&grants);
        let dead: Vec<&Grant> = dead
            .filter(|(answer, _)| answer.status != 200)
            .map(|(answer, grant)| {
                assert_eq!(answer.status, 409, "{}", answer.body);
                grant
            })
            .collect();
        let count = |n: usize| u64::try_from(n).unwrap();
        lost += count(dead.len());
        let living = count(GRANTS - dead.len());
        assert_eq!(in_state(&instance, "healthy", ""), living);
        let told = in_state(&instance, "needs_consent", "outbound_answer_lost");
        assert_eq!(told, count(dead.len()), "each is called what it is");
        assert_eq!(
            provider.ledger("living_refresh_tokens"),
            living,
            "none was thrown away"
        );
        // What may be spent is tried once more, since some providers forgive that; and never again.
        assert_eq!(provider.ledger("replays"), lost);
        consent(&instance, dead.into_iter());
        instance.kill();
    }
    let instance = start(store, &place);
    for answer in ask_all_until_they_rested(&instance) {
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    assert!(lost > 0, "no kill met an answer on its way");
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
