//! Choosing a new password, wanted or demanded, and what ends with the old one.

use serde_json::json;

use crate::{browser::Browser, world::World};

const OLD: &str = "Right-1! and long";
const NEW: &str = "a wholly new sentence";
const PATH: &str = "/change_password.do";

fn typed<'t>(current: &'t str, new: &'t str, again: &'t str) -> [(&'t str, &'t str); 3] {
    [
        ("current_password", current),
        ("new_password", new),
        ("confirm_password", again),
    ]
}

#[test]
fn sr_39_a_new_password_ends_other_sessions_and_tokens() {
    let world = World::shared();
    world.person("renewed", OLD, json!({}));
    let (browser, other) = (Browser::new(world), Browser::new(world));
    browser.log_in("renewed", OLD);
    other.log_in("renewed", OLD);
    let before = browser.cookie("JSESSIONID");
    let tokens = world.tokens(&world.demo_client(), "renewed", OLD);
    let page = browser.get(PATH);
    let changed = browser.submit(&page, PATH, &typed(OLD, NEW, NEW));
    assert_eq!(
        (changed.status, changed.header("location")),
        (303, "/"),
        "{}",
        changed.body
    );
    assert_eq!(browser.who().as_deref(), Some("renewed"));
    assert_ne!(browser.cookie("JSESSIONID"), before);
    assert_eq!(other.who(), None);
    let path = "/api/now/table/incident?sysparm_limit=1";
    assert_eq!(world.as_bearer(&tokens.access).get(path).status, 401);
    assert_eq!(Browser::new(world).log_in("renewed", OLD).status, 403);
    assert_eq!(Browser::new(world).log_in("renewed", NEW).status, 303);
}

#[test]
fn what_is_no_good_password_is_said_and_changes_nothing() {
    let world = World::shared();
    world.person("careless", OLD, json!({}));
    let browser = Browser::new(world);
    browser.log_in("careless", OLD);
    let page = browser.get(PATH);
    for (fields, said) in [
        (typed(OLD, "short", "short"), "at least 12 characters"),
        (typed(OLD, NEW, OLD), "two new passwords differ"),
        (typed(OLD, OLD, OLD), "must differ from the present one"),
        (
            typed(OLD, "I am Careless me", "I am Careless me"),
            "must not contain the user name",
        ),
        (typed("wrong", NEW, NEW), "present password is not right"),
    ] {
        let answer = browser.submit(&page, PATH, &fields);
        assert_eq!(answer.status, 403, "{said}");
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
    }
    assert_eq!(browser.who().as_deref(), Some("careless"));
    assert_eq!(Browser::new(world).log_in("careless", OLD).status, 303);
}

#[test]
fn another_site_changes_nobody_s_password() {
    let world = World::shared();
    world.person("visited", OLD, json!({}));
    let browser = Browser::new(world);
    browser.log_in("visited", OLD);
    let other = Browser::of(world, "employee").ck();
    for ck in ["", "x", &other] {
        let fields = [&typed(OLD, NEW, NEW)[..], &[("sysparm_ck", ck)]].concat();
        assert_eq!(browser.post(PATH, &fields).status, 403, "{ck}");
    }
    assert_eq!(Browser::new(world).log_in("visited", OLD).status, 303);
}

#[test]
fn who_must_choose_a_new_one_does_so_before_anything_else() {
    let world = World::shared();
    world.person("resetting", OLD, json!({"password_needs_reset": "true"}));
    let browser = Browser::new(world);
    let page = browser.log_in_at("/login.do?sysparm_goto_url=%2Fwanted.do", "resetting", OLD);
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(
        page.body.contains("must be replaced before you go on"),
        "{}",
        page.body
    );
    assert_eq!((browser.who(), browser.get("/").status), (None, 303));
    let stranger = Browser::new(world);
    stranger.get("/login.do");
    assert_eq!(
        stranger.submit(&page, PATH, &typed(OLD, NEW, NEW)).status,
        403
    );
    let again = browser.submit(&page, PATH, &typed(OLD, "short", "short"));
    assert_eq!(again.status, 403);
    let done = browser.submit(&again, PATH, &typed(OLD, NEW, NEW));
    assert_eq!(
        (done.status, done.header("location")),
        (303, "/wanted.do"),
        "{}",
        done.body
    );
    assert_eq!(browser.who().as_deref(), Some("resetting"));
    // The handle was good for one change.
    let replayed = browser.submit(
        &page,
        PATH,
        &typed(NEW, "yet another sentence", "yet another sentence"),
    );
    assert_eq!(replayed.status, 403);
    let tokens = world.tokens(&world.demo_client(), "resetting", NEW);
    assert!(!tokens.access.is_empty());
}
