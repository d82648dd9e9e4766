//! What people are told before a grant ends, and where they look; and what providers are told when nobody needs a token
//! any more.

use std::time::Duration;

use serde_json::{Value, json};
use snowglobe_server::simulate::{Control, Temper};
use snowglobe_testkit::Webhook;

use super::{
    consent::consented,
    simulated::Provider,
    tokens::{permit, set_up, standing, token},
};
use crate::{
    browser::Browser,
    world::{World, text},
};

fn metric(world: &World, name: &str) -> Option<String> {
    let metrics = world.http.get("/_sg/metrics").body;
    let line = metrics.lines().find_map(|line| line.strip_prefix(name));
    line.map(|rest| rest.trim().to_owned())
}

#[test]
fn outbound_9_3_people_are_told_at_14_3_and_0_days_once_and_when_it_is_over() {
    let world = World::own_frozen();
    let hook = Webhook::start(0);
    world.set_property("snowglobe.outbound.alert_webhook", hook.url());
    let simulated = Provider::start(Temper::Strict, 3600);
    let credential = set_up(&world, "alert", &simulated, "authorization_code");
    consented(&world, &credential);
    // Its refresh token stays, so each renewal leaves the end of 100 days where it is.
    world.advance("61m");
    token(&world, "alert");
    for (by, event, days) in [
        ("86d", "expiring", 14),
        ("11d", "expiring", 3),
        ("3d", "expired", 0),
    ] {
        world.advance(by);
        let told = hook.next();
        assert_eq!(
            (&told["event"], &told["days"]),
            (&json!(event), &json!(days)),
            "{told}"
        );
        assert_eq!(told["credential"]["name"], "alert");
        assert_eq!(told["provider"], "alert");
        assert_eq!(told["expires"], "2027-04-25T08:00:00Z");
        assert!(
            told["id"].as_str().is_some_and(|id| id.len() == 32),
            "{told}"
        );
    }
    simulated.control(Control {
        revoke: true,
        ..Control::default()
    });
    world.advance("61m");
    let dead = hook.next();
    assert_eq!(
        (&dead["event"], &dead["days"]),
        (&json!("needs_consent"), &json!(0))
    );
    assert_eq!(dead["reason"], "outbound_consent_ended");
    consented(&world, &credential);
    let over = hook.next();
    assert_eq!(
        (&over["event"], &over["days"]),
        (&json!("recovered"), &Value::Null)
    );
    let label = "snowglobe_outbound_alerts_total{event=\"expiring\",days=\"14\"}";
    assert_eq!(metric(&world, label).as_deref(), Some("1"));
    let healthy = "snowglobe_outbound_credentials{state=\"healthy\"}";
    assert_eq!(metric(&world, healthy).as_deref(), Some("1"));
    assert_eq!(hook.waiting(), [Value::Null; 0], "each occasion once");
}

#[test]
fn an_alert_that_the_webhook_did_not_take_comes_again() {
    let world = World::own_frozen();
    let hook = Webhook::start(1);
    world.set_property("snowglobe.outbound.alert_webhook", hook.url());
    let simulated = Provider::start(Temper::Strict, 3600);
    let gone = json!({"token_url": "https://169.254.169.254/"});
    let (_, profile) = super::provider(&world, "again", &gone);
    super::alias(&world, "again", &profile, &simulated.url());
    permit(&world, "again");
    assert_eq!(super::tokens::ask(&world, "again").status, 502);
    let told = hook.next();
    assert_eq!(
        (&told["event"], &told["state"]),
        (&json!("broken"), &json!("broken"))
    );
    assert_eq!(told["reason"], "outbound_address_refused");
}

#[test]
fn the_board_says_who_has_to_do_what() {
    let world = World::own_frozen();
    let simulated = Provider::start(Temper::Strict, 3600);
    let code = set_up(&world, "board.code", &simulated, "authorization_code");
    let other = Provider::start(Temper::Strict, 3600);
    set_up(&world, "board.cc", &other, "client_credentials");
    set_up(&world, "board.new", &other, "authorization_code");
    consented(&world, &code);
    token(&world, "board.cc");
    let browser = Browser::of(&world, "admin");
    let page = browser.get("/sg_credentials.do");
    assert_eq!(page.status, 200, "{}", page.body);
    for part in [
        "1 No token yet",
        "2 Healthy",
        "Get the first token.",
        "2027-04-25 08:00:00",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    // What wants somebody comes first.
    let at = |name: &str| page.body.find(&format!(">{name}</a>")).unwrap();
    assert!(at("board.new") < at("board.cc") && at("board.new") < at("board.code"));
    world.advance("61m");
    token(&world, "board.code");
    world.advance("87d");
    let page = browser.get("/sg_credentials.do");
    // The session is long over.
    assert_eq!(page.status, 303);
    let browser = Browser::of(&world, "admin");
    let page = browser.get("/sg_credentials.do").body;
    assert!(
        page.contains("1 Expiring") && page.contains("Consent again before 2027-04-25"),
        "{page}"
    );
    simulated.control(Control {
        revoke: true,
        ..Control::default()
    });
    assert_eq!(super::tokens::ask(&world, "board.code").status, 409);
    let page = browser.get("/sg_credentials.do").body;
    assert!(
        page.contains("1 Needs consent") && page.contains("/oauth_initiator.do?"),
        "{page}"
    );
    assert_eq!(text(&standing(&world, &code), "state"), "needs_consent");
    let none = Browser::of(&world, "employee").get("/sg_credentials.do");
    assert!(!none.body.contains("board."), "{}", none.body);
}

/// Waits until a provider was told to end so many tokens.
fn revoked(simulated: &Provider, count: u64) {
    for _ in 0..400 {
        if simulated.ledger().revoked >= count {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(simulated.ledger().revoked, count);
}

#[test]
fn outbound_3_5_a_provider_is_told_of_tokens_that_are_deleted_or_revoked_here() {
    let world = World::own_frozen();
    let simulated = Provider::start(Temper::Strict, 3600);
    let credential = set_up(&world, "farewell", &simulated, "authorization_code");
    consented(&world, &credential);
    // Revoke Access on either token ends both.
    let held = world
        .admin()
        .list("oauth_credential", "sysparm_query=type=access_token");
    let received = held
        .iter()
        .find(|row| text(row, "name") == "farewell")
        .unwrap();
    let browser = Browser::of(&world, "admin");
    let path = format!("/oauth_credential.do?sys_id={}", text(received, "sys_id"));
    let form = browser.get(&path);
    let done = browser.submit(&form, &path, &[("sysverb_revoke_access", "1")]);
    assert!(done.body.contains("Access is revoked"), "{}", done.body);
    revoked(&simulated, 2);
    assert_eq!(simulated.ledger().living_refresh_tokens, 0);
    assert_eq!(super::tokens::ask(&world, "farewell").status, 409);
    // A credential that is deleted takes what it holds with it, although the provider is down at first.
    consented(&world, &credential);
    simulated.control(Control {
        fail_revocations: 1,
        ..Control::default()
    });
    let path = format!("/api/now/table/oauth_2_0_credentials/{credential}");
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    let query = format!("sysparm_query=requestor_id={credential}");
    assert_eq!(
        world.admin().list("oauth_requestor_profile", &query).len(),
        0
    );
    revoked(&simulated, 4);
    assert_eq!(simulated.ledger().living_refresh_tokens, 0);
}
