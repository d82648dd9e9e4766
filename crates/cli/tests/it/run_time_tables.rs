//! Tables and columns are records: made by a request, there for the next one.

use serde_json::json;

use crate::world::{Admin, Place, Store};

fn a_table_is_there_for_the_next_request(store: Store) {
    let place = Place::new(store);
    let instance = place.launch().start();
    let admin = Admin::of(&instance);
    assert_eq!(admin.send("GET", "/api/now/table/u_pet", None).status, 400);

    admin.create("sys_db_object", &json!({"name": "u_pet", "label": "Pet"}));
    let legs = json!({
        "name": "u_pet", "element": "u_legs", "internal_type": "integer", "column_label": "Legs",
    });
    admin.create("sys_dictionary", &legs);
    for legs in [4, 8, 0] {
        let pet = admin.create("u_pet", &json!({"u_legs": legs}));
        assert_eq!(pet["u_legs"], legs.to_string());
    }
    let found = admin.list("u_pet", "u_legs>3^ORDERBYDESCu_legs");
    let legs: Vec<&str> = found
        .iter()
        .filter_map(|pet| pet["u_legs"].as_str())
        .collect();
    assert_eq!(legs, ["8", "4"]);
}

fn a_class_of_task_is_a_task(store: Store) {
    let place = Place::new(store);
    let instance = place.launch().start();
    let admin = Admin::of(&instance);
    let task = admin.sys_id("sys_db_object", "name=task");
    admin.create(
        "sys_db_object",
        &json!({"name": "u_chore", "label": "Chore", "super_class": task}),
    );
    let room = json!({
        "name": "u_chore", "element": "u_room", "internal_type": "string", "column_label": "Room",
        "max_length": "40",
    });
    admin.create("sys_dictionary", &room);
    let chore = json!({"short_description": "Sweep", "u_room": "attic"});
    let chore = admin.create("u_chore", &chore);
    assert_eq!(
        (&chore["u_room"], &chore["sys_class_name"]),
        (&json!("attic"), &json!("u_chore"))
    );
    let as_task = admin.list("task", "sys_class_name=u_chore");
    assert_eq!(as_task.len(), 1);
    assert_eq!(as_task[0]["short_description"], "Sweep");
}

fn a_column_is_there_for_the_next_request(store: Store) {
    let place = Place::new(store);
    let instance = place.launch().start();
    let admin = Admin::of(&instance);
    let colour = json!({
        "name": "incident", "element": "u_colour", "internal_type": "string",
        "column_label": "Colour", "max_length": "40",
    });
    admin.create("sys_dictionary", &colour);
    let incident = admin.create("incident", &json!({"u_colour": "red"}));
    assert_eq!(incident["u_colour"], "red");
    let sys_id = incident["sys_id"].as_str().unwrap();
    assert_eq!(admin.sys_id("incident", "u_colour=red"), sys_id);

    // And after a restart.
    instance.kill();
    let instance = place.launch().start();
    assert_eq!(
        Admin::of(&instance).sys_id("incident", "u_colour=red"),
        sys_id
    );
}

#[test]
fn a_new_table_is_there_for_the_next_request_on_sqlite() {
    a_table_is_there_for_the_next_request(Store::Sqlite);
}

#[test]
fn a_new_table_is_there_for_the_next_request_on_postgres() {
    a_table_is_there_for_the_next_request(Store::Postgres);
}

#[test]
fn a_new_class_of_task_is_a_task_on_sqlite() {
    a_class_of_task_is_a_task(Store::Sqlite);
}

#[test]
fn a_new_class_of_task_is_a_task_on_postgres() {
    a_class_of_task_is_a_task(Store::Postgres);
}

#[test]
fn a_new_column_is_there_for_the_next_request_on_sqlite() {
    a_column_is_there_for_the_next_request(Store::Sqlite);
}

#[test]
fn a_new_column_is_there_for_the_next_request_on_postgres() {
    a_column_is_there_for_the_next_request(Store::Postgres);
}
