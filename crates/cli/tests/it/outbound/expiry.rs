//! Alerts outlive the process that gave them.

use std::time::Duration;

use serde_json::{Value, json};
use snowglobe_testkit::{Instance, Webhook};

use super::{Provider, ask, person, set_up};
use crate::world::{Admin, Place, Store};

/// Longer than it takes until grants are looked at again.
const LOOKED: Duration = Duration::from_secs(7);

fn advance(instance: &Instance, by: &str) {
    let moved = Admin::of(instance).send("POST", "/_sg/clock", Some(&json!({"advance": by})));
    assert_eq!(moved.status, 200, "{}", moved.body);
}

fn an_alert_is_given_once_across_a_restart(store: Store) {
    let provider = Provider::start(&["--temper", "strict", "--lifetime", "3600"]);
    let place = Place::new(store);
    let hook = Webhook::start(0);
    let instance = place.launch().start();
    let admin = Admin::of(&instance);
    let webhook = admin.sys_id("sys_properties", "name=snowglobe.outbound.alert_webhook");
    admin.change("sys_properties", &webhook, &json!({"value": hook.url()}));
    let grant = set_up(&instance, &provider, "authorization_code");
    person::consent(&instance, &grant);
    advance(&instance, "61m");
    assert_eq!(ask(&instance).unwrap().status, 200);
    advance(&instance, "87d");
    let first = hook.next();
    assert_eq!(first["days"], 14);
    instance.kill();
    let instance = place.launch().start();
    assert_eq!(ask(&instance).unwrap().status, 200);
    std::thread::sleep(LOOKED);
    // Killed before it noted that the webhook has it, the instance sends the same once more: same id, no other alert.
    let again = |told: &Value| told["id"] == first["id"];
    let meanwhile = hook.waiting();
    assert!(meanwhile.iter().all(again), "{store:?}: {meanwhile:?}");
    advance(&instance, "11d");
    let told = std::iter::repeat_with(|| hook.next()).find(|told| !again(told));
    assert_eq!(told.unwrap()["days"], 3);
}

#[test]
fn an_alert_is_given_once_across_a_restart_on_sqlite() {
    an_alert_is_given_once_across_a_restart(Store::Sqlite);
}

#[test]
fn an_alert_is_given_once_across_a_restart_on_postgres() {
    an_alert_is_given_once_across_a_restart(Store::Postgres);
}
