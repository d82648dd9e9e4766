//! What a log-in carries from page to page, used sixty-four times at once: each counts once.

use std::{sync::Barrier, thread};

use serde_json::json;
use snowglobe_testkit::Answer;

use super::second_factor::{CODE_PAGE, SETUP, codes_of, enrolled, secret_of};
use crate::{
    browser::Browser,
    world::{NOW, RIGHT, World},
};

const AT_ONCE: usize = 64;
const NEW_PASSWORD: &str = "/change_password.do";

/// Everybody starts at the same moment.
fn at_once(work: impl Fn(usize) -> Answer + Sync) -> Vec<Answer> {
    let start = Barrier::new(AT_ONCE);
    thread::scope(|scope| {
        let callers: Vec<_> = (0..AT_ONCE)
            .map(|caller| {
                let (start, work) = (&start, &work);
                scope.spawn(move || {
                    start.wait();
                    work(caller)
                })
            })
            .collect();
        callers.into_iter().map(|it| it.join().unwrap()).collect()
    })
}

fn count(answers: &[Answer], status: u16) -> usize {
    let with_status = answers.iter().filter(|answer| answer.status == status);
    with_status.count()
}

/// The clock stands, and nobody is locked out by those who come too late.
fn patient(world: World) -> World {
    let world = world.freeze();
    world.set_property("glide.user.max_unlock_attempts", "100000");
    world
}

fn codes(world: &World) {
    let app = enrolled(world, "many");
    for code in [app.code(0), app.codes[0].clone()] {
        let browser = Browser::new(world);
        let page = browser.log_in("many", RIGHT);
        assert_eq!(page.status, 200, "{}", page.body);
        let answers = at_once(|_| browser.submit(&page, CODE_PAGE, &[("code", &code)]));
        assert_eq!(count(&answers, 303), 1, "{code}");
        // So many failures of one person at once are not all counted at once: some are asked to try again.
        let refused = count(&answers, 403) + count(&answers, 503);
        assert_eq!(refused, AT_ONCE - 1, "{code}");
    }
    let browser = Browser::new(world);
    let page = browser.log_in("many", RIGHT);
    browser.submit(&page, CODE_PAGE, &[("code", &app.codes[1])]);
    let left = browser.get(SETUP).body;
    assert!(left.contains("8 unused recovery codes"), "{left}");
}

#[test]
fn a_code_and_a_recovery_code_have_one_winner_each() {
    codes(&patient(World::own()));
}

#[test]
fn a_code_and_a_recovery_code_have_one_winner_each_on_postgres() {
    codes(&patient(World::on_postgres()));
}

/// Of many who set one up at once, one is shown recovery codes, and those are the codes that count.
fn setting_up(world: &World) {
    world.person("newcomer", RIGHT, json!({}));
    let browser = Browser::new(world);
    browser.log_in("newcomer", RIGHT);
    let page = browser.get(SETUP);
    let page = browser.submit(&page, SETUP, &[]);
    let code = secret_of(&page).code(NOW / 30);
    let typed = [("code", &*code), ("sys_action", "confirm")];
    let answers = at_once(|_| browser.submit(&page, SETUP, &typed));
    assert_eq!(count(&answers, 200), 1);
    let shown = answers.iter().find(|answer| answer.status == 200).unwrap();
    let recovery = codes_of(shown).swap_remove(9);
    let other = Browser::new(world);
    let page = other.log_in("newcomer", RIGHT);
    let right = other.submit(&page, CODE_PAGE, &[("code", &recovery)]);
    assert_eq!(right.status, 303, "{}", right.body);
}

#[test]
fn a_second_factor_is_set_up_once() {
    setting_up(&patient(World::own()));
}

#[test]
fn a_second_factor_is_set_up_once_on_postgres() {
    setting_up(&patient(World::on_postgres()));
}

/// Of many new passwords that are chosen at once, one counts.
fn new_passwords(world: &World) {
    world.person("renewed", RIGHT, json!({"password_needs_reset": "true"}));
    let browser = Browser::new(world);
    let page = browser.log_in("renewed", RIGHT);
    assert_eq!(page.status, 200, "{}", page.body);
    let chosen = |caller: usize| format!("a wholly new sentence {caller}");
    let answers = at_once(|caller| {
        let new = chosen(caller);
        let typed = [
            ("current_password", RIGHT),
            ("new_password", &new),
            ("confirm_password", &new),
        ];
        browser.submit(&page, NEW_PASSWORD, &typed)
    });
    let winner = answers.iter().position(|answer| answer.status == 303);
    assert_eq!(count(&answers, 303), 1);
    let opens = |password: &str| Browser::new(world).log_in("renewed", password).status;
    assert_eq!((opens(RIGHT), opens(&chosen(winner.unwrap()))), (403, 303));
}

#[test]
fn a_new_password_is_chosen_once() {
    new_passwords(&patient(World::own()));
}

#[test]
fn a_new_password_is_chosen_once_on_postgres() {
    new_passwords(&patient(World::on_postgres()));
}
