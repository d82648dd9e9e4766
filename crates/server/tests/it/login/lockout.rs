//! Guessing passwords: what is counted, what locks, and what ends a lock (`inbound-oauth.md` §8.3).

use serde_json::json;

use crate::{
    browser::Browser,
    world::{RIGHT, SERVICENOW, World, text},
};

/// A way to try a name and a password; tells whether it opened.
type Door = fn(&World, &str, &str) -> bool;

const DOORS: [(&str, Door); 3] = [
    ("the login form", |world, name, password| {
        Browser::new(world).log_in(name, password).status == 303
    }),
    ("the password grant", |world, name, password| {
        let fields = [
            ("grant_type", "password"),
            ("username", name),
            ("password", password),
        ];
        world
            .grant(SERVICENOW, &world.demo_client(), &fields)
            .status
            == 200
    }),
    ("Basic", |world, name, password| {
        let caller = world.as_basic(name, password);
        caller.get("/api/now/table/incident?sysparm_limit=1").status == 200
    }),
];

fn shown(world: &World, sys_id: &str) -> (String, String) {
    let path = format!("/api/now/table/sys_user/{sys_id}");
    let record = &world.admin().get(&path).json()["result"];
    (text(record, "failed_attempts"), text(record, "locked_out"))
}

#[test]
fn sr_25_five_wrong_tries_lock_at_every_door_and_time_unlocks() {
    let world = World::own();
    for (door, opens) in DOORS {
        let name = format!("guessed at {door}");
        let sys_id = world.person(&name, RIGHT, json!({}));
        for tries in 1..=4 {
            assert!(!opens(&world, &name, "wrong"), "{door}");
            let counted = (tries.to_string(), "false".to_owned());
            assert_eq!(shown(&world, &sys_id), counted, "{door}");
        }
        assert!(opens(&world, &name, RIGHT), "{door}");
        assert_eq!(
            shown(&world, &sys_id),
            ("0".to_owned(), "false".to_owned()),
            "{door}"
        );
        for _ in 0..5 {
            assert!(!opens(&world, &name, "wrong"), "{door}");
        }
        assert_eq!(
            shown(&world, &sys_id),
            ("5".to_owned(), "true".to_owned()),
            "{door}"
        );
        // The right one does not open now, at any door, and guessing on changes nothing.
        for (other, opens) in DOORS {
            assert!(!opens(&world, &name, RIGHT), "{other}");
            assert!(!opens(&world, &name, "wrong"), "{other}");
        }
        assert_eq!(
            shown(&world, &sys_id),
            ("5".to_owned(), "true".to_owned()),
            "{door}"
        );
        world.advance("15m");
        assert!(opens(&world, &name, RIGHT), "{door}");
        assert_eq!(
            shown(&world, &sys_id),
            ("0".to_owned(), "false".to_owned()),
            "{door}"
        );
    }
}

#[test]
fn a_lock_ends_what_was_open_and_an_administrator_s_lock_stays() {
    let world = World::own();
    let sys_id = world.person("locked", RIGHT, json!({}));
    let browser = Browser::new(&world);
    browser.log_in("locked", RIGHT);
    let token = world.tokens(&world.demo_client(), "locked", RIGHT).access;
    for _ in 0..5 {
        Browser::new(&world).log_in("locked", "wrong");
    }
    assert_eq!(browser.who(), None);
    let path = "/api/now/table/incident?sysparm_limit=1";
    assert_eq!(world.as_bearer(&token).get(path).status, 401);
    let by_hand = json!({"locked_out": "true"});
    world
        .admin()
        .change("sys_user", &sys_id, &json!({"locked_out": "false"}));
    world.admin().change("sys_user", &sys_id, &by_hand);
    world.advance("16m");
    assert_eq!(Browser::new(&world).log_in("locked", RIGHT).status, 403);
}

#[test]
fn a_locked_account_and_one_that_is_not_there_read_alike() {
    let world = World::own();
    world.person("guessed", RIGHT, json!({}));
    let refused = |name: &str, password: &str| {
        let answer = Browser::new(&world).log_in(name, password);
        let ck = crate::browser::hidden(&answer.body, "sysparm_ck");
        (
            answer.status,
            answer.body.replace(name, "NAME").replace(&ck, "CK"),
        )
    };
    let first = refused("guessed", "wrong");
    for _ in 0..5 {
        assert_eq!(refused("guessed", "wrong"), first);
    }
    assert_eq!(refused("guessed", RIGHT), first);
    assert_eq!(refused("nobody", "wrong"), first);
}

#[test]
fn guesses_that_come_together_are_counted_too() {
    let world = World::own();
    let sys_id = world.person("stormed", RIGHT, json!({}));
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                world
                    .as_basic("stormed", "wrong")
                    .get("/api/now/table/incident")
            });
        }
    });
    assert_eq!(shown(&world, &sys_id).1, "true");
}

#[test]
fn a_sessions_time_is_the_instance_s() {
    let world = World::own();
    let browser = Browser::of(&world, "admin");
    for _ in 0..3 {
        world.advance("29m");
        assert_eq!(browser.who().as_deref(), Some("admin"));
    }
    world.advance("30m");
    assert_eq!(browser.who(), None);
    let busy = Browser::of(&world, "admin");
    for _ in 0..35 {
        world.advance("20m");
        assert_eq!(busy.who().as_deref(), Some("admin"));
    }
    world.advance("20m");
    assert_eq!(busy.who(), None, "twelve hours are over");
}

#[test]
fn a_login_form_does_not_stay_good_for_ever() {
    let world = World::own();
    let browser = Browser::new(&world);
    let page = browser.get("/login.do");
    world.advance("1h");
    let typed = [
        ("user_name", "admin"),
        ("user_password", world.password("admin")),
    ];
    assert_eq!(browser.submit(&page, "/login.do", &typed).status, 403);
    assert_eq!(browser.log_in("admin", world.password("admin")).status, 303);
}

#[test]
fn a_log_in_is_noted() {
    let world = World::own();
    let sys_id = world.person("noted", RIGHT, json!({}));
    assert_eq!(world.last_login(&sys_id), "");
    for (door, opens) in DOORS {
        let before = world.last_login(&sys_id);
        world.advance("1m");
        assert!(opens(&world, "noted", RIGHT));
        assert!(world.last_login(&sys_id) > before, "{door}");
    }
}
