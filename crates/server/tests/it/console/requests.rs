//! The request inspector.

use crate::{
    browser::Browser,
    world::{CLIENT_CREDENTIALS, Client, STRICT, World},
};

#[test]
fn an_administrator_reads_why_a_request_was_refused() {
    let world = World::shared();
    let wrong = Client {
        secret: "canary-of-the-inspector".to_owned(),
        ..world.demo_client()
    };
    let refused = world.grant(STRICT, &wrong, &[CLIENT_CREDENTIALS]);
    let id = refused.header("x-transaction-id");
    let browser = Browser::of(world, "admin");

    let link = format!("/sg_requests.do?id={id}");
    for path in ["/sg_requests.do", "/sg_requests.do?refused=1"] {
        let list = browser.get(path);
        assert_eq!(list.status, 200, "{path}");
        assert!(list.body.contains(&link), "{path}: {}", list.body);
    }
    let told = browser.get(&link);
    for part in [
        "POST /oauth2/token",
        "client_secret_wrong",
        &wrong.id,
        "RFC 6749",
    ] {
        assert!(told.body.contains(part), "{part}: {}", told.body);
    }
    assert!(!told.body.contains("canary"), "{}", told.body);
    // The path is shown as it was asked for, and nothing of its query.
    let missing = world.http.get("/no/such/page?code=canary-of-the-path");
    let told = browser.get(&format!(
        "/sg_requests.do?id={}",
        missing.header("x-transaction-id")
    ));
    assert!(told.body.contains("GET /no/such/page"), "{}", told.body);
    assert!(!told.body.contains("canary"), "{}", told.body);
    assert_eq!(browser.get("/sg_requests.do?id=000000000000").status, 404);
    let home = browser.get("/");
    assert!(home.body.contains("Latest refusals"), "{}", home.body);
}

#[test]
fn the_inspector_is_for_administrators() {
    let browser = Browser::of(World::shared(), "employee");
    let refused = browser.get("/sg_requests.do");
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("x-snowglobe-reason"), "page_forbidden");
    let home = browser.get("/");
    assert!(home.body.contains("/oauth_token.do"), "{}", home.body);
    for hidden in ["Latest refusals", "/sg_requests.do"] {
        assert!(!home.body.contains(hidden), "{hidden}");
    }
}
