//! A person consents at another provider, and what is renewed from then on.

use serde_json::json;
use snowglobe_server::simulate::{Control, Temper};

use super::{
    simulated::Provider,
    tokens::{ask, set_up, standing, token},
};
use crate::{
    browser::Browser,
    world::{World, text},
};

/// Where a person begins.
fn initiator(world: &World, credential: &str) -> String {
    let record = world.admin().list(
        "oauth_2_0_credentials",
        &format!("sysparm_query=sys_id={credential}"),
    );
    let profile = text(&record[0]["oauth_entity_profile"], "value");
    format!(
        "/oauth_initiator.do?oauth_requestor_context=oauth_2_0_credentials&oauth_requestor={credential}\
         &oauth_provider_profile={profile}&response_type=code"
    )
}

/// Follows a person to the provider, and returns the address that they come back to.
fn consent(browser: &Browser<'_>, path: &str) -> String {
    let left = browser.get(path);
    assert_eq!(left.status, 303, "{}", left.body);
    let to = left.header("location").to_owned();
    assert!(to.contains("code_challenge_method=S256"), "{to}");
    let (base, rest) = to.split_at(to.find("/authorize").unwrap());
    let back = snowglobe_testkit::Http::new(base).get(rest);
    assert_eq!(back.status, 303);
    let back = back.header("location");
    back[back.find("/oauth_redirect.do").unwrap()..].to_owned()
}

/// Lets the administrator consent.
pub(super) fn consented(world: &World, credential: &str) {
    let browser = Browser::of(world, "admin");
    let back = consent(&browser, &initiator(world, credential));
    let done = browser.get(&back);
    assert_eq!(done.status, 200, "{}", done.body);
}

#[test]
fn outbound_3_2_a_person_consents_once_and_the_token_is_renewed_by_itself() {
    let world = World::own_frozen();
    let simulated = Provider::start(Temper::Rotating, 3600);
    let credential = set_up(&world, "code", &simulated, "authorization_code");
    let missing = ask(&world, "code");
    assert_eq!(missing.status, 409, "{}", missing.body);
    assert!(
        missing
            .body
            .contains("/oauth_initiator.do?oauth_requestor_context=")
    );
    let browser = Browser::of(&world, "admin");
    let back = consent(&browser, &initiator(&world, &credential));
    let done = browser.get(&back);
    assert_eq!(done.status, 200);
    assert!(done.body.contains("OAuth token obtained"), "{}", done.body);
    let first = token(&world, "code");
    world.advance("61m");
    let second = token(&world, "code");
    assert_ne!(first, second);
    let ledger = simulated.ledger();
    assert_eq!((ledger.refreshed, ledger.replays), (1, 0));
    // What came back counts once.
    assert_eq!(browser.get(&back).status, 403);
    let shown = standing(&world, &credential);
    assert_eq!(text(&shown, "state"), "healthy");
}

#[test]
fn rfc6749_10_12_what_another_browser_brings_back_counts_for_nobody() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    let credential = set_up(world, "forged", &simulated, "authorization_code");
    let back = consent(&Browser::of(world, "admin"), &initiator(world, &credential));
    let other = Browser::of(world, "admin");
    assert_eq!(other.get(&back).status, 403);
    assert_eq!(other.get("/oauth_redirect.do?code=c&state=s").status, 403);
    assert_eq!(world.http.get(&back).status, 403, "nobody is logged in");
    assert_eq!(ask(world, "forged").status, 409);
    let employee = Browser::of(world, "employee");
    assert_eq!(employee.get(&initiator(world, &credential)).status, 403);
}

#[test]
fn outbound_7_6_a_grant_that_the_provider_ended_needs_consent_and_is_asked_for_no_more() {
    let world = World::own_frozen();
    let simulated = Provider::start(Temper::Rotating, 3600);
    let credential = set_up(&world, "ended", &simulated, "authorization_code");
    let browser = Browser::of(&world, "admin");
    let back = consent(&browser, &initiator(&world, &credential));
    assert_eq!(browser.get(&back).status, 200);
    simulated.control(Control {
        revoke: true,
        ..Control::default()
    });
    world.advance("61m");
    assert_eq!(ask(&world, "ended").status, 409);
    let asked = simulated.ledger().token_requests;
    assert_eq!(ask(&world, "ended").status, 409);
    assert_eq!(simulated.ledger().token_requests, asked);
    let shown = standing(&world, &credential);
    assert_eq!(text(&shown, "state"), "needs_consent");
    assert_eq!(text(&shown, "reason"), "outbound_consent_ended");
    let browser = Browser::of(&world, "admin");
    let back = consent(&browser, &initiator(&world, &credential));
    assert_eq!(browser.get(&back).status, 200);
    token(&world, "ended");
}

#[test]
fn a_lost_answer_is_forgiven_within_the_grace_and_named_without_it() {
    let dropped = Control {
        drop: 1,
        ..Control::default()
    };
    for (grace_ms, state, reason) in [
        (60_000, "healthy", ""),
        (0, "needs_consent", "outbound_answer_lost"),
    ] {
        let world = World::own_frozen();
        let simulated = Provider::with(Temper::Rotating, 3600, grace_ms);
        let credential = set_up(&world, "lost", &simulated, "authorization_code");
        let browser = Browser::of(&world, "admin");
        let back = consent(&browser, &initiator(&world, &credential));
        assert_eq!(browser.get(&back).status, 200);
        simulated.control(dropped);
        world.advance("61m");
        let _lost = ask(&world, "lost");
        world.advance("2s");
        let _again = ask(&world, "lost");
        let shown = standing(&world, &credential);
        assert_eq!(text(&shown, "state"), state, "{shown}");
        assert_eq!(text(&shown, "reason"), reason, "{shown}");
        assert_eq!(
            simulated.ledger().living_refresh_tokens,
            u64::from(grace_ms > 0)
        );
    }
}

#[test]
fn outbound_7_1_a_personal_credential_has_a_token_for_each_user() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    let credential = set_up(world, "personal", &simulated, "authorization_code");
    let personal = json!({"integration_type": "personal"});
    world
        .admin()
        .change("oauth_2_0_credentials", &credential, &personal);
    let path = format!("{}&personal=true", initiator(world, &credential));
    let employee = Browser::of(world, "employee");
    let back = consent(&employee, &path);
    assert_eq!(employee.get(&back).status, 200);
    assert_eq!(
        ask(world, "personal").status,
        409,
        "the employee’s is the employee’s"
    );
    let admin = Browser::of(world, "admin");
    let back = consent(&admin, &path);
    assert_eq!(admin.get(&back).status, 200);
    token(world, "personal");
    let query = format!("sysparm_query=requestor_id={credential}");
    let employee = world.as_user("employee");
    let own = employee.list("oauth_requestor_profile", &query);
    assert_eq!(own.len(), 1, "people see their own and nobody else's");
}

#[test]
fn outbound_3_3_a_password_is_typed_once_and_kept_nowhere() {
    let world = World::own_frozen();
    let simulated = Provider::start(Temper::Rotating, 3600);
    let credential = set_up(&world, "ropc", &simulated, "password");
    let browser = Browser::of(&world, "admin");
    let led = browser.get(&initiator(&world, &credential));
    assert_eq!(led.status, 303);
    let form = browser.get(led.header("location"));
    assert_eq!(form.status, 200, "{}", form.body);
    let typed = [("user_name", "jo"), ("user_password", "word")];
    let done = browser.submit(&form, "/oauth_password_input.do", &typed);
    assert!(done.body.contains("OAuth token obtained"), "{}", done.body);
    token(&world, "ropc");
    world.advance("61m");
    token(&world, "ropc");
    assert_eq!(simulated.ledger().refreshed, 1);
}

#[test]
fn rfc9207_2_4_an_answer_of_another_issuer_counts_for_nothing() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    let credential = set_up(world, "mixed", &simulated, "authorization_code");
    let browser = Browser::of(world, "admin");
    let back = consent(&browser, &initiator(world, &credential));
    let other = browser.get(&format!("{back}&iss=https://evil.example"));
    assert_eq!(
        (other.status, other.header("x-snowglobe-reason")),
        (403, "callback_issuer_other")
    );
    assert_eq!(simulated.ledger().token_requests, 0);
    let back = consent(&browser, &initiator(world, &credential));
    let own = browser.get(&format!("{back}&iss={}", simulated.url()));
    assert_eq!(own.status, 200, "{}", own.body);
    token(world, "mixed");
}

#[test]
fn outbound_4_1_the_credentials_form_says_how_its_token_stands() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    let credential = set_up(world, "said", &simulated, "authorization_code");
    let browser = Browser::of(world, "admin");
    let path = format!("/oauth_2_0_credentials.do?sys_id={credential}");
    let before = browser.get(&path).body;
    assert!(
        before.contains("OAuth Access or Refresh tokens are not available."),
        "{before}"
    );
    let back = consent(&browser, &initiator(world, &credential));
    assert_eq!(browser.get(&back).status, 200);
    let after = browser.get(&path).body;
    assert!(
        after.contains("OAuth Refresh token is available and will expire at "),
        "{after}"
    );
}
