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
    let browser = Browser::of(world, "admin");
    let refused = world.grant(STRICT, &wrong, &[CLIENT_CREDENTIALS]);
    let id = refused.header("x-transaction-id");

    // Other tests are refused in the same world: the newest come first, and only so many are listed.
    let link = format!("/sg_requests.do?id={id}");
    let list = browser.get("/sg_requests.do?refused=1");
    assert_eq!(list.status, 200);
    assert!(list.body.contains("/sg_requests.do?id="), "{}", list.body);
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
fn an_administrator_reads_what_became_of_a_list_that_was_answered_200() {
    let world = World::shared();
    let path = "/api/now/table/incident?sysparm_query=active=true%5Enope=1%5EORDERBYnumber\
                &sysparm_fields=number,bogus&sysparm_limit=1";
    let answered = world.as_user("itil").get(path);
    assert_eq!(answered.status, 200);
    let link = format!("/sg_requests.do?id={}", answered.header("x-transaction-id"));
    let browser = Browser::of(world, "admin");
    let told = browser.get(&link);
    for part in [
        "<dt>Understood as</dt><dd>active = 1</dd>",
        "<dt>Ordered by</dt><dd>number</dd>",
        "<dt>Unknown fields</dt><dd>bogus</dd>",
        "<dt>Dropped</dt><dd><code>nope=1</code>",
        "<dt>Rows before rules</dt>",
        "<dt>Rows after rules</dt>",
        "<h3>read incident: granted",
        "<td class=\"short\">Allow If</td>",
    ] {
        assert!(told.body.contains(part), "{part}: {}", told.body);
    }
    assert!(!told.body.contains("Why it was refused"), "{}", told.body);
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
