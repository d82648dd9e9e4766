//! One code, sixty-four exchanges at once.

use std::{sync::Barrier, thread};

use super::application::Application;
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
