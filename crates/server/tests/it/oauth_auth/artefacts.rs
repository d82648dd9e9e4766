//! Every artefact × every other client: whatever one application holds is worth nothing to another (security.md §1,
//! CVE-2026-55672).

use serde_json::json;
use snowglobe_testkit::Answer;

use super::application::{Application, CALLBACK, CHALLENGE, VERIFIER, press};
use crate::{
    browser::Browser,
    world::{Client, SERVICENOW, STRICT, Tokens, World},
};

/// Clients that are like the owner in all but one thing.
fn others(world: &World, of: &str) -> Vec<Client> {
    let kinds = [
        ("confidential", json!({})),
        ("public", json!({"public_client": "true"})),
        ("strict", json!({"dialect": "strict"})),
        ("with PKCE", json!({"use_pkce": "true"})),
    ];
    let register = |(kind, more): (&str, serde_json::Value)| {
        Application::register_with(world, &format!("{of}, not this one: {kind}"), more).client
    };
    kinds.into_iter().map(register).collect()
}

/// A token request of a client that proves itself as well as it can.
fn ask(world: &World, endpoint: &str, client: &Client, grant: &[(&str, &str)]) -> Answer {
    world.grant(endpoint, client, grant)
}

fn refused(answer: &Answer, what: &str) {
    assert!(
        matches!(answer.status, 400 | 401),
        "{what}: {} {}",
        answer.status,
        answer.body
    );
    assert!(
        !answer.body.contains("access_token"),
        "{what}: {}",
        answer.body
    );
}

#[test]
fn a_code_is_worth_nothing_to_another_client() {
    let world = World::shared();
    let app = Application::register(world, "artefacts.code");
    let browser = Browser::of(world, "employee");
    let pkce = format!("&code_challenge={CHALLENGE}&code_challenge_method=S256");
    for endpoint in [SERVICENOW, STRICT] {
        for other in others(world, &format!("artefacts.code{endpoint}")) {
            let code = app.code(&browser, &pkce);
            let grant = [
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ];
            refused(&ask(world, endpoint, &other, &grant), &other.id);
        }
        let code = app.code(&browser, &pkce);
        let own = app.exchange(endpoint, &code, &[("code_verifier", VERIFIER)]);
        assert_eq!(own.status, 200, "the owner's own: {}", own.body);
    }
}

#[test]
fn a_refresh_token_is_worth_nothing_to_another_client() {
    let world = World::shared();
    let app = Application::register(world, "artefacts.refresh");
    let code = app.code(&Browser::of(world, "employee"), "");
    let tokens = Tokens::of(&app.exchange(SERVICENOW, &code, &[]));
    let grant = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens.refresh.as_str()),
    ];
    for endpoint in [SERVICENOW, STRICT] {
        for other in others(world, &format!("artefacts.refresh{endpoint}")) {
            refused(&ask(world, endpoint, &other, &grant), &other.id);
        }
    }
    let own = ask(world, SERVICENOW, &app.client, &grant);
    assert_eq!(own.status, 200, "strangers ended it: {}", own.body);
}

#[test]
fn another_client_neither_revokes_a_token_nor_learns_of_it() {
    let world = World::shared();
    let app = Application::register(world, "artefacts.access");
    let code = app.code(&Browser::of(world, "employee"), "");
    let tokens = Tokens::of(&app.exchange(SERVICENOW, &code, &[]));
    for other in others(world, "artefacts.access") {
        for token in [&tokens.access, &tokens.refresh] {
            let say = [("token", token.as_str())];
            ask(world, "/oauth2/revoke", &other, &say);
            let told = ask(world, "/oauth2/introspect", &other, &say);
            assert!(
                !told.body.contains("\"active\":true"),
                "{}: {}",
                other.id,
                told.body
            );
        }
    }
    let path = "/api/now/table/incident?sysparm_limit=1";
    assert_eq!(world.as_bearer(&tokens.access).get(path).status, 200);
}

#[test]
fn a_consent_ticket_is_worth_nothing_in_another_browser() {
    let world = World::shared();
    let app = Application::register(world, "artefacts.ticket");
    let (asked, other) = (Browser::of(world, "employee"), Browser::of(world, "admin"));
    let page = asked.get(&app.url("/oauth_auth.do", ""));
    assert_eq!(page.status, 200, "{}", page.body);
    let answer = press(&other, &page, "authorize");
    assert_ne!(answer.status, 303, "{}", answer.header("location"));
    // The one who was asked still may.
    assert_eq!(press(&asked, &page, "authorize").status, 303);
}
