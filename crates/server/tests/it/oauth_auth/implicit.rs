//! The implicit grant, for those that the property names.

use serde_json::json;

use super::application::{Application, Landed, press};
use crate::{browser::Browser, world::World};

#[test]
fn a_page_without_a_server_gets_a_token_in_the_fragment_where_it_is_allowed() {
    let world = World::own();
    let app = Application::register(&world, "spa");
    world.person("implicit.person", "Right-1!", json!({}));
    let browser = Browser::new(&world);
    browser.log_in("implicit.person", "Right-1!");
    let url = app
        .url("/oauth_auth.do", "")
        .replace("response_type=code", "response_type=token");
    let refused = Landed::of(&browser.get(&url));
    assert_eq!(refused.get("error"), "unauthorized_client");
    world.set_property("glide.oauth.clients.allowed.for.implicit.grant", "spa");
    let page = browser.get(&url);
    let answer = press(&browser, &page, "authorize");
    assert!(
        answer
            .header("location")
            .starts_with("https://app.example/cb#access_token=")
    );
    let landed = Landed::of(&answer);
    assert_eq!(
        (landed.get("token_type"), landed.get("state")),
        ("Bearer", "a b")
    );
    assert_eq!(
        (landed.get("scope"), landed.find("refresh_token")),
        ("useraccount", None)
    );
    let caller = world.as_bearer(landed.get("access_token"));
    assert_eq!(
        caller.get("/api/now/table/incident?sysparm_limit=1").status,
        200
    );
    let strict = url.replace("/oauth_auth.do", "/oauth2/authorize");
    let refused = Landed::of(&browser.get(&strict));
    assert_eq!(refused.get("error"), "unsupported_response_type");
}
