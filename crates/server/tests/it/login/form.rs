//! The login form: what it takes, where it leads, and what it never tells.

use serde_json::json;

use crate::{
    browser::{Browser, hidden},
    world::World,
};

const WRONG: &str = "The user name or the password is not right.";

#[test]
fn the_form_has_the_names_that_scripts_and_browser_tests_rely_on() {
    let page = Browser::new(World::shared()).get("/login.do");
    for part in [
        "<form method=\"post\" action=\"/login.do\"",
        "<input type=\"text\" id=\"user_name\" name=\"user_name\"",
        "<input type=\"password\" id=\"user_password\" name=\"user_password\"",
        "id=\"sysverb_login\"",
        "<input type=\"hidden\" name=\"sys_action\" value=\"sysverb_login\">",
        "<input type=\"hidden\" name=\"sysparm_ck\" value=\"",
    ] {
        assert!(page.body.contains(part), "{part}:\n{}", page.body);
    }
}

#[test]
fn a_person_logs_in_and_arrives_where_they_wanted_to() {
    let world = World::shared();
    let browser = Browser::new(world);
    let sent = browser.get("/");
    assert_eq!(sent.status, 303);
    assert_eq!(sent.header("location"), "/login.do?sysparm_goto_url=%2F");
    let wanted = "/oauth_auth.do?client_id=a&state=%26%22x";
    let address =
        "/login.do?sysparm_goto_url=%2Foauth_auth.do%3Fclient_id%3Da%26state%3D%2526%2522x";
    let answer = browser.log_in_at(address, "employee", world.password("employee"));
    assert_eq!((answer.status, answer.header("location")), (303, wanted));
    assert_eq!(browser.who().as_deref(), Some("employee"));
    let home = browser.log_in("employee", world.password("employee"));
    assert_eq!((home.status, home.header("location")), (303, "/"));
    assert_eq!(browser.get("/").status, 200);
}

#[test]
fn sr_05_the_login_page_is_no_open_redirector() {
    let world = World::shared();
    for hostile in [
        "//evil.example",
        "/\\evil.example",
        "/%09/evil.example".replace("%09", "\t").as_str(),
        "https://evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "evil.example",
        " //evil.example",
        "/\r\nSet-Cookie: a=b",
    ] {
        let escaped: String = form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
        let browser = Browser::new(world);
        let page = browser.get(&format!("/login.do?sysparm_goto_url={escaped}"));
        assert_eq!(hidden(&page.body, "sysparm_goto_url"), "", "{hostile:?}");
        let typed = [
            ("user_name", "employee"),
            ("user_password", world.password("employee")),
            ("sysparm_goto_url", hostile),
        ];
        let answer = browser.submit(&page, "/login.do", &typed);
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/"),
            "{hostile:?}"
        );
        let sent = browser.submit(
            &page,
            "/logout.do",
            &[("sysparm_goto_url", hostile), ("sysparm_ck", &browser.ck())],
        );
        assert_eq!(
            (sent.status, sent.header("location")),
            (200, ""),
            "{hostile:?}"
        );
    }
}

#[test]
fn whatever_is_wrong_reads_alike() {
    let world = World::shared();
    for (name, fields) in [
        ("login.known", json!({})),
        ("login.inactive", json!({"active": "false"})),
        ("login.machine", json!({"web_service_access_only": "true"})),
    ] {
        world.person(name, "Right-1! and long", fields);
    }
    let refused = |name: &str, password: &str| {
        let browser = Browser::new(world);
        let answer = browser.log_in(name, password);
        assert_eq!(answer.status, 403, "{name}");
        assert!(answer.body.contains(WRONG), "{name}: {}", answer.body);
        assert_eq!(browser.cookie("JSESSIONID"), None, "{name}");
        // The same page but for what was typed and what is random.
        let ck = hidden(&answer.body, "sysparm_ck");
        answer.body.replace(name, "NAME").replace(&ck, "CK")
    };
    let known = refused("login.known", "wrong");
    for (name, password) in [
        ("login.nobody", "wrong"),
        ("login.inactive", "wrong"),
        ("login.inactive", "Right-1! and long"),
        ("login.machine", "Right-1! and long"),
    ] {
        assert_eq!(refused(name, password), known, "{name} {password}");
    }
}

#[test]
fn what_was_typed_is_shown_as_text() {
    let browser = Browser::new(World::shared());
    let answer = browser.log_in("\"><script>alert(1)</script>", "wrong");
    assert_eq!(answer.status, 403);
    assert!(!answer.body.contains("<script>"), "{}", answer.body);
    assert!(answer.body.contains("&#60;script&#62;"), "{}", answer.body);
}

#[test]
fn a_form_of_another_browser_logs_nobody_in() {
    let world = World::shared();
    let (mine, theirs) = (Browser::new(world), Browser::new(world));
    let page = theirs.get("/login.do");
    let employee = [
        ("user_name", "employee"),
        ("user_password", world.password("employee")),
    ];
    let before_any_page = mine.submit(&page, "/login.do", &employee);
    assert_eq!(before_any_page.status, 403);
    let own = mine.get("/login.do");
    for ck in ["", "x", &hidden(&page.body, "sysparm_ck")] {
        let typed = [&employee[..], &[("sysparm_ck", ck)]].concat();
        let answer = mine.submit(&own, "/login.do", &typed);
        assert_eq!(answer.status, 403, "{ck}");
        assert!(
            answer.body.contains("sysparm_ck included"),
            "{}",
            answer.body
        );
        assert_eq!(mine.cookie("JSESSIONID"), None, "{ck}");
    }
    assert_eq!(mine.submit(&own, "/login.do", &employee).status, 303);
}

#[test]
fn a_form_that_cannot_be_read_is_refused() {
    let world = World::shared();
    let browser = Browser::new(world);
    let page = browser.get("/login.do");
    let twice = [("user_name", "a"), ("user_name", "b")];
    assert_eq!(browser.submit(&page, "/login.do", &twice).status, 400);
    let large = "a".repeat(100 * 1024);
    assert_eq!(
        browser.post("/login.do", &[("user_name", &large)]).status,
        400
    );
}
