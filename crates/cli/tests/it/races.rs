//! What may happen once happens once, however many ask at the same moment.

use std::collections::BTreeSet;
use std::sync::Barrier;

use snowglobe_testkit::{Answer, Http};

use crate::world::{Credentials, Place, SERVICENOW, STRICT, Store, call};

const CALLERS: usize = 64;

/// Runs `work` on many threads at once; the callers are spread over the servers.
fn at_once<T: Send>(servers: &[Http], work: impl Fn(&Http) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(CALLERS);
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| {
                let (start, work, http) = (&start, &work, &servers[caller % servers.len()]);
                scope.spawn(move || {
                    start.wait();
                    work(http)
                })
            })
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .collect()
    })
}

fn refresh(client: &Credentials, http: &Http, path: &str, token: &str) -> Answer {
    client.request(
        http,
        path,
        &[("grant_type", "refresh_token"), ("refresh_token", token)],
    )
}

/// One rotating refresh token, used by all at once: RFC 9700 §4.14.2 lets it have one successor.
fn one_successor(servers: &[Http], client: &Credentials, token: &str) -> String {
    let answers = at_once(servers, |http| refresh(client, http, STRICT, token));
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(
            (answer.status, answer.text("error").as_str()),
            (400, "invalid_grant")
        );
    }
    let granted = answers.iter().filter(|answer| answer.status == 200);
    let successors: BTreeSet<String> = granted.map(|answer| answer.text("refresh_token")).collect();
    assert_eq!(
        successors.len(),
        1,
        "one token has one successor: {successors:?}"
    );
    successors.into_iter().next().unwrap()
}

fn a_rotating_token_has_one_successor(store: Store) {
    let place = Place::new(store);
    let instance = place.launch().start();
    let client = Credentials::of_demo_client(&instance);
    let mut token = client.refresh_token(&instance);
    let mut seen = BTreeSet::from([token.clone()]);
    for _generation in 0..5 {
        token = one_successor(&[instance.http().clone()], &client, &token);
        assert!(seen.insert(token.clone()), "a generation came back");
    }
}

#[test]
fn a_rotating_refresh_token_has_one_successor_on_sqlite() {
    a_rotating_token_has_one_successor(Store::Sqlite);
}

#[test]
fn a_rotating_refresh_token_has_one_successor_on_postgres() {
    a_rotating_token_has_one_successor(Store::Postgres);
}

#[test]
fn a_rotating_refresh_token_has_one_successor_for_two_processes() {
    let place = Place::new(Store::Postgres);
    let (one, other) = (place.launch().start(), place.launch().start());
    let client = Credentials::of_demo_client(&one);
    let token = client.refresh_token(&one);
    one_successor(&[one.http().clone(), other.http().clone()], &client, &token);
}

#[test]
fn every_documented_way_to_revoke_ends_the_token() {
    let place = Place::new(Store::Sqlite);
    let instance = place.launch().argument("--token-reuse=fresh").start();
    let (http, client) = (instance.http(), Credentials::of_demo_client(&instance));
    let by_url = |method: &str, path: &str, token: &str| {
        Answer::of(http.request(method, &format!("{path}?token={token}")))
    };
    for path in ["/oauth_revoke_token.do", "/oauth_revoke.do"] {
        let tokens: [String; 3] = std::array::from_fn(|_| client.access_token(http));
        assert_eq!(by_url("GET", path, &tokens[0]).status, 200, "{path}");
        assert_eq!(by_url("POST", path, &tokens[1]).status, 200, "{path}");
        assert_eq!(
            http.form(path, &[("token", &tokens[2])]).status,
            200,
            "{path}"
        );
        assert_eq!(tokens.map(|token| call(http, &token)), [401; 3], "{path}");
    }
    // RFC 7009 §2.1: the client authenticates, and only its own tokens are revoked.
    let token = client.access_token(http);
    assert_eq!(
        http.form("/oauth2/revoke", &[("token", &token)]).status,
        401
    );
    assert_eq!(call(http, &token), 200);
    assert_eq!(
        client
            .request(http, "/oauth2/revoke", &[("token", &token)])
            .status,
        200
    );
    assert_eq!(call(http, &token), 401);
}

fn a_revocation_holds_for_every_later_request(store: Store) {
    let place = Place::new(store);
    let instance = place.launch().argument("--token-reuse=fresh").start();
    let client = Credentials::of_demo_client(&instance);
    for _round in 0..5 {
        let token = client.access_token(instance.http());
        let revoke = format!("/oauth_revoke_token.do?token={token}");
        // Mid-flight: some see the token alive, and every one of them gets an answer.
        let statuses = at_once(&[instance.http().clone()], |http| {
            if call(http, &token) == 401 {
                401
            } else {
                http.get(&revoke).status
            }
        });
        assert!(
            statuses.iter().all(|status| matches!(status, 200 | 401)),
            "{statuses:?}"
        );
        let after = at_once(&[instance.http().clone()], |http| call(http, &token));
        assert!(after.iter().all(|status| *status == 401), "{after:?}");
    }
}

#[test]
fn a_revocation_holds_for_every_later_request_on_sqlite() {
    a_revocation_holds_for_every_later_request(Store::Sqlite);
}

#[test]
fn a_revocation_holds_for_every_later_request_on_postgres() {
    a_revocation_holds_for_every_later_request(Store::Postgres);
}

#[test]
fn the_current_token_is_one_token_for_all_who_ask_at_once() {
    for store in [Store::Sqlite, Store::Postgres] {
        let place = Place::new(store);
        let instance = place.launch().start();
        let client = Credentials::of_demo_client(&instance);
        let grant = [("grant_type", "client_credentials")];
        let answers = at_once(&[instance.http().clone()], |http| {
            client
                .request(http, SERVICENOW, &grant)
                .text("access_token")
        });
        let tokens: BTreeSet<String> = answers.into_iter().collect();
        assert_eq!(tokens.len(), 1, "{store:?}");
    }
}
