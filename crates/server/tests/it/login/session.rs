//! Browser sessions: when one begins and whatever ends it.

use serde_json::json;

use crate::{browser::Browser, world::World};

fn cookie_line(answer: &snowglobe_testkit::Answer) -> String {
    let lines = answer.headers.get_all("set-cookie").iter();
    let mut lines = lines.map(|line| line.to_str().unwrap());
    let line = lines.find(|line| line.starts_with("JSESSIONID="));
    line.expect("a session begins").to_owned()
}

#[test]
fn the_cookie_is_for_us_alone() {
    let world = World::shared();
    let answer = Browser::new(world).log_in("employee", world.password("employee"));
    let line = cookie_line(&answer);
    let (value, attributes) = line.split_once(';').unwrap();
    assert_eq!(value.len(), "JSESSIONID=".len() + 43);
    assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Lax");
}

#[test]
fn a_session_id_that_was_planted_is_worth_nothing() {
    let world = World::shared();
    let browser = Browser::new(world);
    let planted = "A".repeat(43);
    browser.set_cookie("JSESSIONID", &planted);
    browser.log_in("employee", world.password("employee"));
    let first = browser.cookie("JSESSIONID").unwrap();
    assert_ne!(first, planted);
    // Logging in again begins a new session and ends the old one.
    browser.log_in("employee", world.password("employee"));
    assert_ne!(browser.cookie("JSESSIONID").unwrap(), first);
    assert_eq!(browser.who().as_deref(), Some("employee"));
    let thief = Browser::new(world);
    for old in [planted, first] {
        thief.set_cookie("JSESSIONID", &old);
        assert_eq!(thief.who(), None, "{old}");
    }
}

#[test]
fn logging_out_ends_the_session_itself() {
    let world = World::shared();
    let browser = Browser::of(world, "employee");
    let kept = browser.cookie("JSESSIONID").unwrap();
    let answer = browser.post("/logout.do", &[("sysparm_ck", &browser.ck())]);
    assert_eq!(answer.status, 200);
    assert!(
        answer.body.contains("You are logged out"),
        "{}",
        answer.body
    );
    assert_eq!(browser.cookie("JSESSIONID"), None);
    browser.set_cookie("JSESSIONID", &kept);
    assert_eq!(browser.who(), None);
    assert_eq!(browser.get("/").status, 303);
}

#[test]
fn another_site_logs_nobody_out() {
    let world = World::shared();
    let (browser, other) = (
        Browser::of(world, "employee"),
        Browser::of(world, "employee"),
    );
    for ck in ["", "x", &other.ck()] {
        let answer = browser.post("/logout.do", &[("sysparm_ck", ck)]);
        assert_eq!(answer.status, 403, "{ck}");
        assert!(answer.body.contains("sysparm_ck"), "{}", answer.body);
    }
    assert_eq!(browser.get("/logout.do").status, 200);
    assert_eq!(browser.who().as_deref(), Some("employee"));
}

#[test]
fn sr_39_whatever_blocks_a_person_ends_their_sessions_at_once() {
    let world = World::shared();
    for (at, change) in [
        json!({"active": "false"}),
        json!({"locked_out": "true"}),
        json!({"web_service_access_only": "true"}),
        json!({"password_needs_reset": "true"}),
        json!({"user_password": "Another-1! and long"}),
    ]
    .iter()
    .enumerate()
    {
        let name = format!("session.blocked.{at}");
        let sys_id = world.person(&name, "Right-1! and long", json!({}));
        let browser = Browser::new(world);
        assert_eq!(browser.log_in(&name, "Right-1! and long").status, 303);
        assert_eq!(browser.who(), Some(name), "{change}");
        world.admin().change("sys_user", &sys_id, change);
        assert_eq!(browser.who(), None, "{change}");
    }
    let sys_id = world.person("session.gone", "Right-1! and long", json!({}));
    let browser = Browser::new(world);
    browser.log_in("session.gone", "Right-1! and long");
    let path = format!("/api/now/table/sys_user/{sys_id}");
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    assert_eq!(browser.who(), None);
}

#[test]
fn what_is_no_session_is_nobody_s() {
    let world = World::shared();
    let browser = Browser::of(world, "employee");
    let good = browser.cookie("JSESSIONID").unwrap();
    for bad in [
        "",
        "x",
        &good[..42],
        &format!("{good}A"),
        &good.to_lowercase(),
        "' OR 1=1 --",
    ] {
        browser.set_cookie("JSESSIONID", bad);
        assert_eq!(browser.who(), None, "{bad}");
    }
}
