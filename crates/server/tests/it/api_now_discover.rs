//! What clients ask before they start (`rest-and-records.md` §9.5).

use serde_json::{Value, json};

use crate::world::World;

fn result(world: &World, user: &str, path: &str) -> Value {
    let answer = world.as_user(user).get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.json()["result"].clone()
}

#[test]
fn a_caller_is_told_who_they_are() {
    let world = World::shared();
    let user = result(world, "itil", "/api/now/ui/user/current_user");
    let sys_id = world.admin().sys_id("sys_user", "user_name=itil");
    assert_eq!(
        user,
        json!({"user_sys_id": sys_id, "user_name": "itil", "user_display_name": "ITIL User",
               "user_initials": "IU", "user_avatar": ""})
    );
}

#[test]
fn tables_and_columns_are_told_as_far_as_they_may_be_read() {
    let world = World::shared();
    let tables = |user| result(world, user, "/api/now/doc/table/schema");
    let has = |tables: &Value, name: &str| {
        tables
            .as_array()
            .unwrap()
            .iter()
            .any(|table| table["value"] == name)
    };
    let (all, few) = (tables("admin"), tables("employee"));
    assert!(has(&all, "incident") && has(&all, "sys_properties"));
    assert!(has(&few, "incident") && !has(&few, "sys_properties"));
    let columns = result(world, "admin", "/api/now/doc/table/schema/incident");
    let caller = columns
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["value"] == "caller_id");
    let expected = json!({"label": "Caller", "value": "caller_id", "type": "reference", "reference": "sys_user"});
    assert_eq!(caller, Some(&expected));
    let meta = result(world, "admin", "/api/now/ui/meta/incident");
    let state = &meta["columns"]["state"];
    assert_eq!(
        (&state["label"], &state["type"]),
        (&json!("State"), &json!("integer"))
    );
    assert_eq!(
        state["choices"][0],
        json!({"label": "New", "value": "1", "sequence": "0"})
    );
    let closed = world
        .as_user("employee")
        .get("/api/now/ui/meta/sys_properties");
    assert_eq!(closed.status, 403);
    assert_eq!(world.admin().get("/api/now/ui/meta/nothing").status, 400);
}
