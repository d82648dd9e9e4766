//! One code, sixty-four exchanges at once; one consent form, pressed sixty-four times at once.

use std::{sync::Barrier, thread};

use super::application::{Application, press};
use crate::{
    browser::Browser,
    world::{SERVICENOW, STRICT, World},
};

fn race(world: &World) {
    for endpoint in [SERVICENOW, STRICT] {
        let app = Application::register(world, &format!("race{}", endpoint.len()));
        let code = app.code(&Browser::of(world, "employee"), "");
        let start = Barrier::new(64);
        let winners: usize = thread::scope(|scope| {
            let exchange = || {
                start.wait();
                usize::from(app.exchange(endpoint, &code, &[]).status == 200)
            };
            let all: Vec<_> = (0..64).map(|_| scope.spawn(exchange)).collect();
            all.into_iter().map(|one| one.join().unwrap()).sum()
        });
        assert_eq!(winners, 1, "{endpoint}");
    }
}

#[test]
fn security_14_a_code_has_one_winner() {
    race(World::shared());
}

#[test]
fn security_14_a_code_has_one_winner_on_postgres() {
    race(&World::on_postgres());
}

fn press_at_once(world: &World) {
    let app = Application::register(world, "race.consent");
    let browser = Browser::of(world, "employee");
    let page = browser.get(&app.url("/oauth_auth.do", "&prompt=consent"));
    assert_eq!(page.status, 200, "{}", page.body);
    let start = Barrier::new(64);
    let codes: usize = thread::scope(|scope| {
        let allow = || {
            start.wait();
            let answer = press(&browser, &page, "authorize");
            usize::from(answer.header("location").contains("code="))
        };
        let all: Vec<_> = (0..64).map(|_| scope.spawn(allow)).collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    assert_eq!(codes, 1);
}

#[test]
fn security_22_a_consent_form_gives_one_code() {
    press_at_once(World::shared());
}

#[test]
fn security_22_a_consent_form_gives_one_code_on_postgres() {
    press_at_once(&World::on_postgres());
}
