//! What a log-in carries from page to page counts across `kill -9`, once, on both databases: handles of the second factor
//! and of a new password, codes, recovery codes.

use serde_json::json;
use snowglobe_oauth::totp::TotpSecret;
use snowglobe_testkit::{Answer, Http, Instance};

use crate::{
    visitor::Visitor,
    world::{Admin, Place, Store},
};

const OLD: &str = "Right-1! and long";
const NEW: &str = "a wholly new sentence";
const SETUP: &str = "/my_second_factor.do";
const CODE_PAGE: &str = "/validate_multifactor_auth_code.do";
const NEW_PASSWORD: &str = "/change_password.do";
/// 2027-01-15 08:00:00 UTC, where the clock stands: it does so across restarts.
const NOW: i64 = 1_800_000_000;

/// Somebody who logs in at an instance that is killed before each of their steps.
struct Person {
    place: Place,
    instance: Option<Instance>,
    visitor: Visitor,
}

impl Person {
    fn arrive(store: Store) -> Self {
        let place = Place::new(store);
        let instance = place.launch().start();
        let admin = Admin::of(&instance);
        for wanted in [
            json!({"set": "2027-01-15 08:00:00"}),
            json!({"freeze": true}),
        ] {
            move_clock(&admin, &wanted);
        }
        admin.create(
            "sys_user",
            &json!({"user_name": "mortal", "user_password": OLD}),
        );
        Self {
            place,
            instance: Some(instance),
            visitor: Visitor::default(),
        }
    }

    fn http(&self) -> &Http {
        self.instance.as_ref().unwrap().http()
    }

    fn admin(&self) -> Admin {
        Admin::of(self.instance.as_ref().unwrap())
    }

    fn killed(&mut self) {
        self.instance.take().unwrap().kill();
        self.instance = Some(self.place.launch().start());
    }

    /// Fills a page in, at a process that never showed it.
    fn fill_in(&mut self, path: &str, page: &Answer, typed: &[(&str, &str)]) -> Answer {
        self.killed();
        self.visitor.fill_in(self.http(), path, page, typed)
    }

    /// Brings the password, and returns what is asked for next.
    fn begin(&mut self, password: &str) -> Answer {
        self.visitor = Visitor::default();
        let page = self.visitor.get(self.http(), "/login.do");
        let typed = [("user_name", "mortal"), ("user_password", password)];
        self.fill_in("/login.do", &page, &typed)
    }

    /// Sets a second factor up; returns its secret and the recovery codes.
    fn enrol(&mut self) -> (TotpSecret, Vec<String>) {
        assert_eq!(self.begin(OLD).status, 303);
        let page = self.visitor.get(self.http(), SETUP);
        let page = self.visitor.fill_in(self.http(), SETUP, &page, &[]);
        let secret = secret_of(&page.body);
        let code = secret.code(NOW / 30 - 1);
        let typed = [("code", &*code), ("sys_action", "confirm")];
        let shown = self.fill_in(SETUP, &page, &typed);
        let again = self.fill_in(SETUP, &page, &typed);
        assert_eq!(again.status, 403, "one is there now: {}", again.body);
        let codes: Vec<String> = between(&shown.body, "<li>", "</li>")
            .map(str::to_owned)
            .collect();
        assert_eq!(codes.len(), 10, "{}", shown.body);
        (secret, codes)
    }
}

fn move_clock(admin: &Admin, wanted: &serde_json::Value) {
    let answer = admin.send("POST", "/_sg/clock", Some(wanted));
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// The texts between two marks.
fn between<'t>(text: &'t str, before: &'t str, after: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(before)
        .skip(1)
        .filter_map(move |rest| Some(rest.split_once(after)?.0))
}

/// The key that the page shows, in base32: eight letters are five bytes.
fn secret_of(page: &str) -> TotpSecret {
    let key = between(page, "id=\"key\">", "<").next().unwrap();
    let letters: Vec<u64> = key
        .bytes()
        .filter(|byte| *byte != b' ')
        .map(|byte| {
            u64::from(if byte.is_ascii_digit() {
                byte - b'2' + 26
            } else {
                byte - b'A'
            })
        })
        .collect();
    let bytes = letters.chunks(8).flat_map(|eight| {
        let number = eight.iter().fold(0, |number, letter| number << 5 | letter);
        number.to_be_bytes()[3..].to_vec()
    });
    TotpSecret::new(bytes.collect::<Vec<u8>>().try_into().unwrap())
}

fn a_second_factor(store: Store) {
    let mut person = Person::arrive(store);
    let (secret, recovery) = person.enrol();
    for code in [secret.code(NOW / 30), recovery[0].clone()] {
        let page = person.begin(OLD);
        let typed = [("code", &*code)];
        let right = person.fill_in(CODE_PAGE, &page, &typed);
        assert_eq!(right.status, 303, "{code}: {}", right.body);
        // The same page and code once more, and the same code with a page of its own.
        let again = person.fill_in(CODE_PAGE, &page, &typed);
        assert_eq!(again.status, 403, "{code}: {}", again.body);
        let page = person.begin(OLD);
        let again = person.fill_in(CODE_PAGE, &page, &typed);
        assert_eq!(again.status, 403, "{code}: {}", again.body);
    }
    let page = person.begin(OLD);
    let other = person.fill_in(CODE_PAGE, &page, &[("code", &recovery[1])]);
    assert_eq!(other.status, 303, "{}", other.body);
    let left = person.visitor.get(person.http(), SETUP).body;
    assert!(left.contains("8 unused recovery codes"), "{left}");
}

#[test]
fn a_second_factors_codes_count_once_across_kill_9_on_sqlite() {
    a_second_factor(Store::Sqlite);
}

#[test]
fn a_second_factors_codes_count_once_across_kill_9_on_postgres() {
    a_second_factor(Store::Postgres);
}

fn a_new_password(store: Store) {
    let mut person = Person::arrive(store);
    let admin = person.admin();
    let sys_id = admin.sys_id("sys_user", "user_name=mortal");
    admin.change(
        "sys_user",
        &sys_id,
        &json!({"password_needs_reset": "true"}),
    );
    let page = person.begin(OLD);
    // What began before the change ended with it, by the clock.
    move_clock(&person.admin(), &json!({"advance": "1s"}));
    let typed = [
        ("current_password", OLD),
        ("new_password", NEW),
        ("confirm_password", NEW),
    ];
    let changed = person.fill_in(NEW_PASSWORD, &page, &typed);
    assert_eq!(changed.status, 303, "{}", changed.body);
    let back = [
        ("current_password", NEW),
        ("new_password", OLD),
        ("confirm_password", OLD),
    ];
    let again = person.fill_in(NEW_PASSWORD, &page, &back);
    assert_eq!(
        again.status, 403,
        "the page ended with what it did: {}",
        again.body
    );
    assert_eq!(
        (person.begin(OLD).status, person.begin(NEW).status),
        (403, 303)
    );
}

#[test]
fn the_page_for_a_new_password_counts_once_across_kill_9_on_sqlite() {
    a_new_password(Store::Sqlite);
}

#[test]
fn the_page_for_a_new_password_counts_once_across_kill_9_on_postgres() {
    a_new_password(Store::Postgres);
}
