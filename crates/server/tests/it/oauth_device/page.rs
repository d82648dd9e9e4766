//! The page where a person lets a device in.

use serde_json::json;

use super::device::{Device, PAGE, press, type_in};
use crate::{
    browser::{Browser, hidden},
    world::World,
};

#[test]
fn rfc8628_5_4_the_page_shows_who_asks_for_what_and_the_code_to_compare() {
    let world = World::shared();
    let device = Device::asks(world, "device.shown", "openid email");
    let shown = device.shown_to(&Browser::of(world, "itil"));
    for text in [
        "device.shown would like to connect a device",
        device.user_code(),
        "You are <strong>itil</strong>",
        "See your e-mail address",
        "Deny it if somebody sent you the code",
    ] {
        assert!(shown.body.contains(text), "{text}: {}", shown.body);
    }
}

#[test]
fn rfc8628_3_3_1_a_code_in_the_link_is_filled_in_and_lets_nobody_in() {
    let world = World::shared();
    let device = Device::asks(world, "device.link", "");
    let typed = device.user_code().to_lowercase().replace('-', "");
    let link = format!("{PAGE}?user_code={typed}");
    let stranger = Browser::new(world);
    let to_login = stranger.get(&link);
    let code = device.user_code();
    assert_eq!(
        to_login.header("location"),
        format!("/login.do?sysparm_goto_url=%2Foauth2%2Fdevice%3Fuser_code%3D{code}")
    );
    let browser = Browser::of(world, "itil");
    let page = browser.get(&link);
    assert!(
        page.body.contains(&format!("value=\"{code}\"")),
        "{}",
        page.body
    );
    assert!(!page.body.contains("oauth_auth_check_action"));
    assert_eq!(device.refused(), "authorization_pending");
}

#[test]
fn what_a_link_carries_is_shown_as_text_and_leads_nowhere() {
    let world = World::shared();
    let browser = Browser::of(world, "itil");
    for hostile in [
        "%22%3E%3Cscript%3E",
        "%0d%0aSet-Cookie:a=b",
        "//evil.example",
        "%ff",
    ] {
        let link = format!("{PAGE}?user_code={hostile}");
        let page = browser.get(&link);
        assert!(!page.body.contains("<script"), "{}", page.body);
        assert!([200, 400].contains(&page.status), "{hostile}");
        let location = Browser::new(world).get(&link);
        assert_eq!(
            location.header("location"),
            "/login.do?sysparm_goto_url=%2Foauth2%2Fdevice"
        );
    }
    assert_eq!(
        browser
            .get(&format!("{PAGE}?user_code=a&user_code=b"))
            .status,
        400
    );
}

#[test]
fn a_device_is_asked_about_whatever_was_allowed_before() {
    let world = World::shared();
    let device = Device::asks(world, "device.always", "");
    let skip = json!({"skip_consent": "true"});
    world.admin().change("oauth_entity", &device.sys_id, &skip);
    let browser = Browser::of(world, "itil");
    device.answered_by(&browser, "authorize");
    let again = device.again();
    assert!(
        again
            .shown_to(&browser)
            .body
            .contains("value=\"authorize\"")
    );
    assert_eq!(again.refused(), "authorization_pending");
}

#[test]
fn security_22_52_an_answer_is_about_the_device_that_this_session_was_shown() {
    let world = World::shared();
    let device = Device::asks(world, "device.csrf", "");
    let (victim, attacker) = (Browser::of(world, "itil"), Browser::of(world, "employee"));
    let theirs = hidden(&device.shown_to(&attacker).body, "sysparm_ck");
    let ck = victim.ck();
    let consent = "oauth_auth_check_action";
    for fields in [
        vec![("user_code", device.user_code())],
        vec![("user_code", device.user_code()), ("sysparm_ck", "x")],
        vec![("user_code", device.user_code()), ("sysparm_ck", &*theirs)],
        vec![(consent, "authorize")],
        vec![(consent, "authorize"), ("sysparm_ck", &*ck)],
        vec![(consent, "authorize"), ("sysparm_ck", &*theirs)],
        vec![
            (consent, "authorize"),
            ("sysparm_ck", &*theirs),
            ("user_code", device.user_code()),
        ],
    ] {
        let answer = victim.post(PAGE, &fields);
        assert_eq!(answer.status, 403, "{fields:?}: {}", answer.body);
        assert!(
            answer
                .header("x-snowglobe-reason")
                .starts_with("csrf_token_"),
            "{fields:?}"
        );
    }
    assert_eq!(device.refused(), "authorization_pending");
}

#[test]
fn security_52_the_first_answer_counts() {
    let world = World::shared();
    let device = Device::asks(world, "device.two.people", "");
    let (first, second) = (Browser::of(world, "itil"), Browser::of(world, "employee"));
    let (to_first, to_second) = (device.shown_to(&first), device.shown_to(&second));
    assert_eq!(press(&first, &to_first, "deny").status, 200);
    for (browser, page) in [(&first, &to_first), (&second, &to_second)] {
        let answer = press(browser, page, "authorize");
        assert_eq!(answer.status, 403);
        assert_eq!(answer.header("x-snowglobe-reason"), "user_code_answered");
    }
    let typed = device.shown_to(&second);
    assert_eq!(
        (typed.status, typed.header("x-snowglobe-reason")),
        (403, "user_code_answered")
    );
    assert_eq!(device.refused(), "access_denied");
}

#[test]
fn rfc8628_5_1_whoever_guesses_has_to_wait() {
    let world = World::own_frozen();
    let device = Device::asks(&world, "device.guessed", "");
    let browser = Browser::of(&world, "admin");
    // A code that is none of these is not likely to be the device's.
    for at in 0..10 {
        let (code, reason) = if at % 2 == 0 {
            ("BBBB-BBBB", "user_code_unknown")
        } else {
            ("HELLO", "user_code_malformed")
        };
        let answer = type_in(&browser, code);
        assert_eq!(
            (answer.status, answer.header("x-snowglobe-reason")),
            (403, reason)
        );
        assert!(
            answer.body.contains("No device waits with this code"),
            "{}",
            answer.body
        );
    }
    let right = device.shown_to(&browser);
    assert_eq!(right.status, 429, "{}", right.body);
    assert_eq!(right.header("x-snowglobe-reason"), "user_codes_throttled");
    world.advance("30s");
    assert_eq!(device.shown_to(&browser).status, 200);
}

#[test]
fn a_session_that_ends_before_the_answer_lets_nobody_in() {
    let world = World::shared();
    let device = Device::asks(world, "device.logged.out", "");
    let browser = Browser::of(world, "itil");
    let shown = device.shown_to(&browser);
    let ck = browser.ck();
    browser.post("/logout.do", &[("sysparm_ck", &ck)]);
    let answer = press(&browser, &shown, "authorize");
    assert_eq!(
        answer.header("location"),
        "/login.do?sysparm_goto_url=%2Foauth2%2Fdevice"
    );
    assert_eq!(device.refused(), "authorization_pending");
}

#[test]
fn a_person_who_logs_out_at_once_has_let_the_device_in_all_the_same() {
    let world = World::shared();
    let device = Device::asks(world, "device.elsewhere", "");
    let browser = Browser::of(world, "itil");
    device.answered_by(&browser, "authorize");
    let ck = browser.ck();
    browser.post("/logout.do", &[("sysparm_ck", &ck)]);
    assert_eq!(device.poll().status, 200);
}
