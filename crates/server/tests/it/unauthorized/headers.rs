//! Every `Authorization` header that identifies nobody, at every route that asks for somebody.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{E3, Nobody, everywhere, nowhere, password_tokens};
use crate::world::{Tokens, World};

#[test]
fn who_sends_no_credentials_or_garbled_ones_gets_e3_on_every_route_of_the_api() {
    let world = World::shared();
    let token = world.access_token(&world.demo_client());
    let Tokens { refresh, .. } = password_tokens(world);
    nowhere(
        world,
        vec![
            ("none", None),
            ("empty", Some(String::new())),
            ("no such scheme", Some(format!("Digest {token}"))),
            ("no scheme", Some(token.clone())),
            ("Basic without credentials", Some("Basic".to_owned())),
            ("Basic that is no base64", Some("Basic !!!".to_owned())),
            ("Basic without a colon", Some("Basic YWRtaW4=".to_owned())),
            ("Basic with nothing in it", Some(basic("", ""))),
            ("Basic with a token", Some(format!("Basic {token}"))),
            ("Bearer without a token", Some("Bearer".to_owned())),
            ("Bearer with blanks", Some("Bearer    ".to_owned())),
            ("Bearer that is no token", Some("Bearer abc".to_owned())),
            ("refresh token", Some(format!("Bearer {refresh}"))),
        ],
    );
}

// covers: rest §1.7 E3
// covers: rest §1.4 Authorization
// covers: rest §1.5 WWW-Authenticate
#[test]
fn a_wrong_password_gets_e3_on_every_route_of_the_api() {
    let world = World::shared();
    // The fifth guess locks: not somebody whom other tests need.
    world.person("matrix.guessed", "Right-1!", json!({}));
    nowhere(
        world,
        vec![("wrong password", Some(basic("matrix.guessed", "wrong")))],
    );
}

/// Each costs a slow hash, and all look alike to a route: together they go over all routes once.
#[test]
fn who_has_no_password_here_gets_e3_on_every_route_of_the_api() {
    let world = World::shared();
    let client = world.demo_client();
    let mut cases: Vec<Nobody> = vec![
        ("empty password", Some(basic("admin", ""))),
        ("no password is set", Some(basic("beth.anglin", ""))),
        ("unknown user", Some(basic("nobody.at.all", "wrong"))),
        (
            "a client's id and secret",
            Some(basic(&client.id, &client.secret)),
        ),
    ];
    for (why, fields) in [
        ("inactive", json!({"active": "false"})),
        ("locked", json!({"locked_out": "true"})),
        ("must reset", json!({"password_needs_reset": "true"})),
    ] {
        let name = format!("matrix.{}", why.replace(' ', "."));
        world.person(&name, "Right-1!", fields);
        cases.push((why, Some(basic(&name, "Right-1!"))));
    }
    let all = cases.len();
    for (first, case) in cases.into_iter().enumerate() {
        everywhere(world, case, |at| at % all == first);
    }
}

#[test]
fn a_password_opens_nothing_that_asks_for_a_token() {
    let world = World::shared();
    super::is_told_nothing_of_a_person(&world.admin(), "a user's password");
}

#[test]
fn an_unidentified_caller_learns_nothing_about_tables() {
    let world = World::shared();
    for table in ["incident", "no_such_table", "v_db_index", "..%2f", "%00"] {
        let answer = world.as_nobody().get(&format!("/api/now/table/{table}"));
        assert_eq!((answer.status, answer.body.as_str()), (401, E3), "{table}");
    }
}

#[test]
fn every_way_to_send_good_credentials_is_taken() {
    let world = World::shared();
    let token = world.access_token(&world.demo_client());
    let password = world.password("admin");
    let encoded = STANDARD.encode(format!("admin:{password}"));
    for header in [
        format!("Bearer {token}"),
        format!("bearer {token}"),
        format!("BEARER  {token}"),
        format!("Basic {encoded}"),
        format!("basic {encoded}"),
    ] {
        let answer = world
            .as_header(&header)
            .get("/api/now/table/incident?sysparm_limit=1");
        assert_eq!(answer.status, 200, "{header}");
        assert_eq!(answer.header("x-is-logged-in"), "true");
    }
}

pub(super) fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}
