//! The credentials matrix: every route × every kind of credentials (`inbound-oauth.md` §9.2).
//!
//! | file | who calls |
//! |---|---|
//! | `matrix` | the routes, and what each asks for |
//! | `headers` | nobody: no header, a garbled one, a password that is none |
//! | `tokens` | tokens that are over, were tampered with, or have too little scope |
//! | `api_key` | keys that are not good |
//! | `clients` | clients that prove nothing |
//! | `known` | somebody who may not |
//! | `strangers` | somebody whose record it is not |
//!
//! What another client's or another user's token, code or handle is worth: `oauth_auth::artefacts`, `oauth_device`,
//! `introspect`, `oauth_revoke`.

mod api_key;
mod clients;
mod headers;
mod known;
mod matrix;
mod strangers;
mod tokens;

use std::collections::BTreeSet;

use self::matrix::{Guard, on, rows};
use crate::world::{Caller, Tokens, World};

const E3: &str = r#"{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}"#;

#[test]
fn every_route_has_a_row() {
    let served: BTreeSet<&str> = snowglobe_server::routes().collect();
    let tested: BTreeSet<&str> = matrix::paths().collect();
    assert_eq!(served, tested);
}

/// What a row does not name does nothing, whoever asks for it.
#[test]
fn every_method_that_a_route_takes_has_a_row() {
    let world = World::shared();
    let mut taken = Vec::new();
    for (path, methods, guard) in matrix::guarded() {
        let path = on(path, "incident", &"0".repeat(32)).replace("{page}", "incident.do");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if methods.contains(&method) {
                continue;
            }
            let answer = world.admin().send(method, &path);
            let refused = match guard {
                // In the words of RFC 6749 §5.2, or they ask who asks first.
                Guard::Client | Guard::StrictClient | Guard::Token => {
                    [400, 401].contains(&answer.status)
                }
                // Somebody's own pages lead to the log-in, whatever is sent to them: `login`.
                Guard::Session => {
                    answer.status == 405 || answer.header("location").starts_with("/login.do")
                }
                // What is asked about is looked up first.
                Guard::Operator => [403, 405].contains(&answer.status),
                _ => answer.status == 405,
            };
            if !refused {
                taken.push(format!("{method} {path}: {}", answer.status));
            }
        }
    }
    assert!(taken.is_empty(), "{taken:#?}");
}

/// What it is, and an `Authorization` header that identifies nobody.
type Nobody = (&'static str, Option<String>);

/// Tokens as headers.
fn bearers(tokens: Vec<(&'static str, String)>) -> Vec<Nobody> {
    let header = |(why, token)| (why, Some(format!("Bearer {token}")));
    tokens.into_iter().map(header).collect()
}

/// Each of these gets in nowhere.
fn nowhere(world: &World, cases: Vec<Nobody>) {
    for case in cases {
        everywhere(world, case, |_| true);
    }
}

/// Sends a header to the routes, by their place in the matrix, and is refused at each.
fn everywhere(world: &World, (case, header): Nobody, tried: impl Fn(usize) -> bool) {
    let caller = match &header {
        None => world.as_nobody(),
        Some(header) => world.as_header(header),
    };
    let routes = rows(Guard::User).chain(rows(Guard::Operator));
    for (_, (path, method)) in routes.enumerate().filter(|(at, _)| tried(*at)) {
        let path = on(path, "incident", "0123456789abcdef0123456789abcdef");
        let answer = caller.send(method, &path);
        assert_eq!(
            answer.status, 401,
            "{case}: {method} {path}: {}",
            answer.body
        );
        let body = if method == "HEAD" { "" } else { E3 };
        assert_eq!(answer.body, body, "{case}: {method} {path}");
        let challenges: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
        assert_eq!(challenges[0], "BASIC realm=\"Service-now\"", "{case}");
        assert_eq!(answer.header("x-is-logged-in"), "false", "{case}");
    }
    is_told_nothing_of_a_person(&caller, case);
}

/// RFC 6750 §3.1.
fn is_told_nothing_of_a_person(caller: &Caller<'_>, case: &str) {
    for (path, method) in rows(Guard::Bearer) {
        let answer = caller.send(method, path);
        assert_eq!(answer.status, 401, "{case}: {method} {path}");
        let challenge = answer.header("www-authenticate");
        assert!(challenge.starts_with("Bearer "), "{case}: {challenge}");
        assert_eq!(answer.text("error"), "invalid_token", "{case}");
    }
}

fn password_tokens(world: &World) -> Tokens {
    world.tokens(&world.demo_client(), "employee", world.password("employee"))
}
