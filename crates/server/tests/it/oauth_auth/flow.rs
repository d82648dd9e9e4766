//! Scenario A: a person lets an application in, and it reads as them.

use super::application::{Application, CALLBACK, CHALLENGE, Landed, VERIFIER, press};
use crate::{
    browser::Browser,
    world::{SERVICENOW, STRICT, Tokens, World},
};

const BOTH: [(&str, &str); 2] = [
    ("/oauth_auth.do", SERVICENOW),
    ("/oauth2/authorize", STRICT),
];

#[test]
fn a_person_logs_in_allows_and_the_application_reads_as_them() {
    let world = World::shared();
    for (authorize, token) in BOTH {
        let app = Application::register(world, &format!("flow{}", authorize.len()));
        let browser = Browser::new(world);
        let pkce = format!("&code_challenge={CHALLENGE}&code_challenge_method=S256");
        let sent = browser.get(&app.url(authorize, &pkce));
        assert_eq!(sent.status, 303);
        let login = sent.header("location").to_owned();
        let back = browser.log_in_at(&login, "itil", world.password("itil"));
        assert_eq!(back.header("location"), app.url(authorize, &pkce));
        let page = browser.get(back.header("location"));
        assert_eq!(page.status, 200, "{}", page.body);
        let landed = Landed::of(&press(&browser, &page, "authorize"));
        assert_eq!((&*landed.uri, landed.get("state")), (CALLBACK, "a b"));
        assert_eq!(
            landed.find("iss").is_some(),
            authorize == "/oauth2/authorize"
        );
        let answer = app.exchange(token, landed.get("code"), &[("code_verifier", VERIFIER)]);
        let tokens = Tokens::of(&answer);
        assert_eq!(answer.text("token_type"), "Bearer");
        let me = "/api/now/table/sys_user?sysparm_query=sys_id=javascript:gs.getUserID()&sysparm_fields=user_name";
        let me = world.as_bearer(&tokens.access).get(me).json();
        assert_eq!(me["result"][0]["user_name"], "itil");
    }
}

#[test]
fn denying_returns_the_person_with_an_error_and_no_code() {
    let world = World::shared();
    let app = Application::register(world, "flow.denied");
    let browser = Browser::of(world, "employee");
    let page = browser.get(&app.url("/oauth_auth.do", ""));
    let landed = Landed::of(&press(&browser, &page, "deny"));
    assert_eq!(
        (landed.get("error"), landed.get("state")),
        ("access_denied", "a b")
    );
    assert_eq!(landed.find("code"), None);
    assert_eq!(
        browser.who().as_deref(),
        Some("employee"),
        "still logged in"
    );
    // Nothing is remembered: the person is asked again.
    assert_eq!(browser.get(&app.url("/oauth_auth.do", "")).status, 200);
}

#[test]
fn a_code_works_once_and_its_second_use_ends_what_it_gave() {
    let world = World::shared();
    for (_, token) in BOTH {
        let app = Application::register(world, &format!("flow.replay{}", token.len()));
        let browser = Browser::of(world, "employee");
        let code = app.code(&browser, "");
        let tokens = Tokens::of(&app.exchange(token, &code, &[]));
        let api = "/api/now/table/incident?sysparm_limit=1";
        assert_eq!(world.as_bearer(&tokens.access).get(api).status, 200);
        assert_ne!(app.exchange(token, &code, &[]).status, 200);
        assert_eq!(world.as_bearer(&tokens.access).get(api).status, 401);
        let refresh = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &tokens.refresh),
        ];
        assert_ne!(world.grant(token, &app.client, &refresh).status, 200);
    }
}

#[test]
fn a_code_is_bound_to_client_redirect_uri_and_challenge_and_none_of_them_uses_it_up() {
    let world = World::shared();
    let app = Application::register(world, "flow.bound");
    let thief = Application::register(world, "flow.thief");
    let browser = Browser::of(world, "employee");
    let pkce = format!("&code_challenge={CHALLENGE}&code_challenge_method=S256");
    let code = app.code(&browser, &pkce);
    let verifier = [("code_verifier", VERIFIER)];
    let catch_all = r#"{"error_description":"access_denied","error":"server_error"}"#;
    let elsewhere = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "https://app.example/other"),
        ("code_verifier", VERIFIER),
    ];
    for answer in [
        thief.exchange(SERVICENOW, &code, &verifier),
        app.exchange(SERVICENOW, &code, &[]),
        world.grant(SERVICENOW, &app.client, &elsewhere),
        world.grant(SERVICENOW, &app.client, &elsewhere[..2]),
    ] {
        assert_eq!((answer.status, &*answer.body), (401, catch_all));
    }
    let wrong = "x".repeat(43);
    let answer = app.exchange(SERVICENOW, &code, &[("code_verifier", &wrong)]);
    assert_eq!(
        (answer.status, &*answer.text("error")),
        (401, "invalid_request")
    );
    let expected = format!(
        "can't verify code challenge, expected:zAscLGbzu5_RoIHGJrob72L2-WRBpDvhUmhSN3asJqE, actual:{CHALLENGE}"
    );
    assert_eq!(answer.text("error_description"), expected);
    Tokens::of(&app.exchange(SERVICENOW, &code, &verifier));
}

#[test]
fn a_code_dies_with_the_session_it_was_allowed_in() {
    let world = World::shared();
    let app = Application::register(world, "flow.logout");
    let browser = Browser::of(world, "employee");
    let code = app.code(&browser, "");
    browser.post("/logout.do", &[("sysparm_ck", &browser.ck())]);
    let answer = app.exchange(STRICT, &code, &[]);
    assert_eq!(
        (answer.status, &*answer.text("error")),
        (400, "invalid_grant")
    );
}

#[test]
fn a_public_client_needs_a_challenge_and_no_secret() {
    let world = World::shared();
    let more = serde_json::json!({"public_client": "true", "client_secret": ""});
    let app = Application::register_with(world, "flow.public", more);
    let browser = Browser::of(world, "employee");
    let refused = Landed::of(&browser.get(&app.url("/oauth_auth.do", "")));
    assert_eq!(refused.get("error"), "invalid_request");
    let code = app.code(
        &browser,
        &format!("&code_challenge={CHALLENGE}&code_challenge_method=S256"),
    );
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", &*app.client.id),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    Tokens::of(&world.http.form(SERVICENOW, &fields));
}

#[test]
fn a_locked_person_s_code_gives_nothing() {
    let world = World::shared();
    let app = Application::register(world, "flow.locked");
    let sys_id = world.person("flow.locked", "Right-1!", serde_json::json!({}));
    let browser = Browser::new(world);
    browser.log_in("flow.locked", "Right-1!");
    let code = app.code(&browser, "");
    let change = serde_json::json!({"locked_out": "true"});
    world.admin().change("sys_user", &sys_id, &change);
    assert_eq!(app.exchange(SERVICENOW, &code, &[]).status, 401);
}
