//! The Change Management API (`rest-and-records.md` §9.6).

use serde_json::{Value, json};

use crate::world::World;

const API: &str = "/api/sn_chg_rest/change";

#[test]
fn rest_9_6_changes_and_their_tasks_come_with_both_values() {
    let world = World::shared();
    let admin = world.admin();
    let send = |method: &str, path: &str, body: &Value| {
        let answer = admin.send_json(method, &format!("{API}{path}"), body);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()["result"].clone()
    };
    let body = json!({"short_description": "A new pump", "priority_of_mine": "1"});
    let made = send("POST", "/emergency", &body);
    assert_eq!(
        made["type"],
        json!({"display_value": "Emergency", "value": "emergency"})
    );
    assert_eq!(
        made["state"],
        json!({"display_value": "New", "value": "-5"})
    );
    assert_eq!(
        made["__meta"],
        json!({"ignoredFields": ["priority_of_mine"]})
    );
    let id = made["sys_id"]["value"].as_str().unwrap();
    let read = admin.get(&format!("{API}/{id}?sysparm_fields=number"));
    assert_eq!(
        read.json(),
        json!({"result": {"number": made["number"]}}),
        "nothing else is told of a read"
    );
    let changed = send("PATCH", &format!("/emergency/{id}"), &json!({"risk": "2"}));
    assert_eq!(changed["risk"]["display_value"], "High");

    let task = send(
        "POST",
        &format!("/{id}/task"),
        &json!({"short_description": "Buy"}),
    );
    assert_eq!(
        task["change_request"]["display_value"],
        made["number"]["value"]
    );
    let tasks = send(
        "GET",
        &format!("/{id}/task?sysparm_fields=sys_id"),
        &json!({}),
    );
    assert_eq!(tasks, json!([{"sys_id": task["sys_id"]}]));
    let task = task["sys_id"]["value"].as_str().unwrap();
    let path = format!("/{id}/task/{task}");
    let changed = send("PATCH", &path, &json!({"state": "2"}));
    assert_eq!(changed["state"]["display_value"], "In Progress");
    assert_eq!(admin.send("DELETE", &format!("{API}{path}")).status, 204);
    assert_eq!(admin.get(&format!("{API}{path}")).status, 404);

    let query = "sysparm_query=short_description=A new pump&sysparm_fields=number";
    let found = send("GET", &format!("/emergency?{query}"), &json!({}));
    assert_eq!(found, json!([{"number": made["number"]}]));
    let none = send("GET", &format!("/normal?{query}"), &json!({}));
    assert_eq!(none, json!([]));
    let nobody = world.as_user("employee").get(&format!("{API}/{id}"));
    assert_eq!(nobody.status, 404, "who may not read it");
    assert_eq!(admin.send("DELETE", &format!("{API}/{id}")).status, 204);
    assert_eq!(admin.get(&format!("{API}/{id}/task")).status, 404);
}
