//! What goes wrong without anybody to tell but the person.

use serde_json::json;

use super::application::{Application, Landed};
use crate::{browser::Browser, world::World};

#[test]
fn an_address_that_is_not_registered_is_shown_and_not_gone_to() {
    let world = World::shared();
    let app = Application::register(world, "faults.redirect");
    for browser in [Browser::new(world), Browser::of(world, "employee")] {
        for endpoint in ["/oauth_auth.do", "/oauth2/authorize"] {
            let url = app
                .url(endpoint, "")
                .replace("app.example%2Fcb", "app.example%2Fevil");
            let answer = browser.get(&url);
            assert_eq!((answer.status, answer.header("location")), (400, ""));
            // Development mode: what came, and what is registered.
            assert!(
                answer.body.contains("https://app.example/evil"),
                "{}",
                answer.body
            );
            assert!(
                answer.body.contains("https://app.example/cb"),
                "{}",
                answer.body
            );
            assert!(!answer.body.contains("href=\"https"), "no link leads there");
        }
    }
}

#[test]
fn a_client_that_is_not_known_gets_no_answer() {
    let world = World::shared();
    let app = Application::register_with(world, "faults.inactive", json!({"active": "false"}));
    let browser = Browser::of(world, "employee");
    for query in [
        app.url("/oauth_auth.do", ""),
        "/oauth_auth.do".to_owned(),
        "/oauth_auth.do?response_type=code&client_id=nobody&redirect_uri=https://app.example/cb&state=1".to_owned(),
        "/oauth_auth.do?client_id=%ff".to_owned(),
    ] {
        let answer = browser.get(&query);
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{query}");
    }
}

#[test]
fn a_missing_state_is_told_in_servicenow_s_words() {
    let world = World::own();
    world.set_property("glide.oauth.state.parameter.required", "true");
    let app = Application::register(&world, "faults.state");
    let url = app.url("/oauth_auth.do", "").replace("&state=a%20b", "");
    let answer = world.http.get(&url);
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("Missing State parameter in request."));
}

/// What gets into the registry another way is left out when it is read: `store::clients`.
#[test]
fn security_4_a_script_cannot_be_registered() {
    let world = World::shared();
    for uri in [
        "javascript:alert(1)",
        "JaVaScript:alert(1)",
        "data:text/html,x",
        "http://app.example/cb",
        "https://app.example/cb, https://user@app.example/cb",
    ] {
        let fields =
            json!({"name": "faults.script", "client_id": "faults.script", "redirect_url": uri});
        let answer = world
            .admin()
            .send_json("POST", "/api/now/table/oauth_entity", &fields);
        assert_eq!(answer.status, 403, "{uri}");
    }
}

#[test]
fn faults_of_a_known_client_go_back_to_it() {
    let world = World::shared();
    let app = Application::register(world, "faults.told");
    let browser = Browser::new(world);
    let landed = Landed::of(&browser.get(&app.url("/oauth2/authorize", "&scope=unknown")));
    assert_eq!(
        (landed.get("error"), landed.get("state")),
        ("invalid_scope", "a b")
    );
    assert_eq!(landed.get("iss"), world.url);
    let landed = Landed::of(&browser.get(&app.url("/oauth2/authorize", "&prompt=none")));
    assert_eq!(landed.get("error"), "login_required");
}
