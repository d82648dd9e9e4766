//! Flows end to end: an instance that is killed again and again loses no run and makes nothing twice (scenario G).

use std::process::Command;

use serde_json::{Value, json};
use snowglobe_testkit::Instance;

use super::{Provider, set_up};
use crate::world::{Admin, Place, Store};

fn text(record: &Value, name: &str) -> String {
    let value = &record[name];
    let text = value.as_str().or_else(|| value["value"].as_str());
    text.unwrap_or_default().to_owned()
}

/// For each problem: a call of the protected API, and an incident that says what it answered.
fn make_flow(instance: &Instance) {
    let admin = Admin::of(instance);
    let alias = admin.sys_id("sys_alias", "id=g");
    let flow = json!({"name": "Tell", "active": "true"});
    let flow = text(&admin.create("sys_hub_flow", &flow), "sys_id");
    admin.create(
        "sys_hub_trigger_instance",
        &json!({
            "flow": flow, "trigger_type": "record_create", "table": "problem",
            "condition": "short_descriptionSTARTSWITHflow",
        }),
    );
    admin.create(
        "sys_hub_action_instance",
        &json!({
            "flow": flow, "order": "100", "name": "call", "action_type": "rest_step",
            "connection_alias": alias, "http_method": "post", "resource_path": "/tell",
            "request_body": "{\"text\": \"${trigger.short_description}\"}",
            "mappings": "path = $.path\nkey = $.headers['idempotency-key']",
        }),
    );
    admin.create(
        "sys_hub_action_instance",
        &json!({
            "flow": flow, "order": "200", "action_type": "create_record", "table": "incident",
            "values": "short_description=${trigger.short_description}\ncorrelation_id=${call.path}",
        }),
    );
}

fn kill(instance: &Instance) {
    let killed = Command::new("kill")
        .args(["-9", &instance.pid().to_string()])
        .status();
    assert!(killed.unwrap().success());
}

fn every_run_comes_to_its_end_once(store: Store) {
    const EACH: usize = 8;
    const KILLS: usize = 3;
    let provider = Provider::start(&["--temper", "strict"]);
    let place = Place::new(store);
    let instance = place.launch().start();
    set_up(&instance, &provider, "client_credentials");
    make_flow(&instance);
    let mut instance = instance;
    for round in 0..KILLS {
        let admin = Admin::of(&instance);
        for each in 0..EACH {
            let fields = json!({"short_description": format!("flow {round} {each}")});
            admin.create("problem", &fields);
        }
        kill(&instance);
        drop(instance);
        instance = place.launch().start();
    }
    let admin = Admin::of(&instance);
    let over = |_: usize| {
        let runs = admin.list("sys_flow_context", "name=Tell");
        let complete = runs.iter().filter(|it| text(it, "state") == "COMPLETE");
        (runs.len(), complete.count())
    };
    let done = (0..600).map(over).find(|(all, complete)| {
        let done = *all == EACH * KILLS && all == complete;
        if !done {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        done
    });
    assert!(done.is_some(), "{:?}", over(0));
    let made = admin.list("incident", "short_descriptionSTARTSWITHflow");
    let mut texts: Vec<String> = made
        .iter()
        .map(|it| text(it, "short_description"))
        .collect();
    texts.sort();
    texts.dedup();
    assert_eq!((made.len(), texts.len()), (EACH * KILLS, EACH * KILLS));
    assert!(
        made.iter()
            .all(|it| text(it, "correlation_id") == "/api/tell")
    );
}

#[test]
fn scenario_g_no_run_of_a_flow_is_lost_or_made_twice_by_kill_9_on_sqlite() {
    every_run_comes_to_its_end_once(Store::Sqlite);
}

#[test]
fn scenario_g_no_run_of_a_flow_is_lost_or_made_twice_by_kill_9_on_postgres() {
    every_run_comes_to_its_end_once(Store::Postgres);
}
