//! REST messages while nobody waits.

use serde_json::{Value, json};

use super::{api::Api, messages::message};
use crate::world::{World, text};

/// Takes a call on, and returns the key of its record.
fn queue(world: &World, name: &str) -> String {
    let path = format!("/api/sn_broker/rest_message/{name}/call/execute");
    let answer = world
        .admin()
        .send_json("POST", &path, &json!({"async": true}));
    assert_eq!(answer.status, 202, "{}", answer.body);
    let told = answer.json()["result"].clone();
    assert_eq!(told["state"], "queued");
    text(&told, "sys_id")
}

fn progress(world: &World, sys_id: &str) -> Value {
    let path = format!("/api/sn_broker/rest_execution/{sys_id}");
    world.admin().get(&path).json()["result"].clone()
}

/// What has become of it once it is in one of these states.
fn until(world: &World, sys_id: &str, states: &[&str]) -> Value {
    for _ in 0..400 {
        let told = progress(world, sys_id);
        if states.contains(&told["state"].as_str().unwrap_or_default()) {
            return told;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    panic!("{}", progress(world, sys_id));
}

fn policy(world: &World, message: &str, fields: &Value) {
    let policy = text(&world.admin().create("sys_retry_policy", fields), "sys_id");
    let of_message = json!({"retry_policy": policy});
    world
        .admin()
        .change("sys_rest_message", message, &of_message);
}

fn is_made_and_tried_again_when_its_time_has_come(world: &World) {
    let api = Api::start();
    let endpoint = json!({"rest_endpoint": api.url()});
    let post = json!({"http_method": "post", "content": "x"});
    let (key, _) = message(world, "q_again", &endpoint, &post);
    let hourly = json!({"name": "hourly", "count": "2", "interval": "3600"});
    policy(world, &key, &hourly);
    api.tell_statuses(&[502, 200]);
    let sys_id = queue(world, "q_again");
    let told = until(world, &sys_id, &["waiting"]);
    assert_eq!(
        (&told["attempts"], &told["status_code"]),
        (&json!(1), &json!(502))
    );
    assert_eq!(told["next_attempt"], "2027-01-15 09:00:00");
    world.advance("59m");
    assert_eq!(api.asked().len(), 1);
    world.advance("1m");
    let told = until(world, &sys_id, &["done", "failed"]);
    assert_eq!(
        (&told["state"], &told["attempts"]),
        (&json!("done"), &json!(2))
    );
    let again = api.asked();
    assert_eq!(again[0].header("idempotency-key"), Some(&*sys_id));
    let shown = world
        .admin()
        .list("sys_rest_execution", "sysparm_query=name=q_again / call");
    assert_eq!(text(&shown[0], "state"), "done");
}

#[test]
fn outbound_6_4_a_call_is_made_and_tried_again_when_its_time_has_come() {
    is_made_and_tried_again_when_its_time_has_come(&World::own_frozen());
}

#[test]
fn outbound_6_4_what_has_failed_says_why() {
    let world = World::shared();
    let api = Api::start();
    let endpoint = json!({"rest_endpoint": api.url()});
    message(world, "q_404", &endpoint, &json!({}));
    api.tell_statuses(&[404]);
    let sys_id = queue(world, "q_404");
    let told = until(world, &sys_id, &["done", "failed"]);
    assert_eq!(
        (&told["state"], &told["reason"], &told["status_code"]),
        (&json!("failed"), &json!("rest_status_error"), &json!(404))
    );
    let nowhere = json!({"rest_endpoint": "http://127.0.0.1:1/"});
    message(world, "q_nowhere", &nowhere, &json!({}));
    let told = until(world, &queue(world, "q_nowhere"), &["failed"]);
    assert_eq!(told["reason"], "outbound_unreachable");
    assert_eq!(told["attempts"], 1);
}

#[test]
fn an_execution_is_nobody_elses_business() {
    let world = World::shared();
    let api = Api::start();
    message(
        world,
        "q_mine",
        &json!({"rest_endpoint": api.url()}),
        &json!({}),
    );
    let sys_id = queue(world, "q_mine");
    let path = format!("/api/sn_broker/rest_execution/{sys_id}");
    assert_eq!(world.as_user("itil").get(&path).status, 403);
    let nobody = "/api/sn_broker/rest_execution/00000000000000000000000000000000";
    assert_eq!(world.as_user("itil").get(nobody).status, 403);
    assert_eq!(world.admin().get(nobody).status, 404);
    let shown = world
        .as_user("itil")
        .get("/api/now/table/sys_rest_execution");
    assert!(!shown.body.contains(&sys_id), "{}", shown.body);
}

#[test]
fn who_deletes_the_record_takes_the_call_back() {
    let world = World::own_frozen();
    let api = Api::start();
    let endpoint = json!({"rest_endpoint": api.url()});
    let (key, _) = message(&world, "q_back", &endpoint, &json!({}));
    policy(
        &world,
        &key,
        &json!({"name": "hourly", "count": "9", "interval": "3600"}),
    );
    api.tell_statuses(&[503]);
    let sys_id = queue(&world, "q_back");
    until(&world, &sys_id, &["waiting"]);
    let path = format!("/api/now/table/sys_rest_execution/{sys_id}");
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    api.asked();
    world.advance("2h");
    // Another one comes behind it: when that is made, the first would have been.
    let (_, _) = message(&world, "q_next", &endpoint, &json!({}));
    until(&world, &queue(&world, "q_next"), &["done"]);
    assert_eq!(api.asked().len(), 1);
}
