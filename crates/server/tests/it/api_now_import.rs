//! The Import Set API (`rest-and-records.md` §7).

use serde_json::{Value, json};

use crate::world::{World, text};

const PEOPLE: &str = "/api/now/import/imp_user";

fn person(email: &str, first_name: &str) -> Value {
    json!({"user_id": email, "first_name": first_name, "last_name": "Import", "email": email, "u_unknown": "x"})
}

// covers: rest §7 inserted, updated, ignored
#[test]
fn rest_7_a_row_is_carried_to_its_record_and_found_again() {
    a_row_is_carried(&World::own());
}

/// On either database.
pub(crate) fn a_row_is_carried(world: &World) {
    let admin = world.admin();
    let send = |first_name: &str| {
        let body = person("import@example.com", first_name);
        let answer = admin.send_json("POST", PEOPLE, &body);
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.json()
    };
    let made = send("One");
    assert_eq!(made["import_set"], "ISET0010001");
    assert_eq!(made["staging_table"], "imp_user");
    let entry = &made["result"][0];
    let sys_id = admin.sys_id("sys_user", "email=import@example.com");
    let expected = json!({
        "transform_map": "User", "table": "sys_user", "display_name": "name", "display_value": "One Import",
        "record_link": format!("{}/api/now/table/sys_user/{sys_id}", world.url), "status": "inserted", "sys_id": sys_id,
    });
    assert_eq!(*entry, expected);
    assert_eq!(made["result"].as_array().unwrap().len(), 1);
    // The same e-mail address is the same person.
    let again = send("Two");
    assert_eq!(
        (&again["result"][0]["status"], &again["result"][0]["sys_id"]),
        (&json!("updated"), &json!(sys_id))
    );
    assert_eq!(again["import_set"], "ISET0010002");
    let third = send("Two");
    let ignored = &third["result"][0];
    assert_eq!(ignored["status"], "ignored");
    assert!(text(ignored, "status_message").contains("no field values changed"));
    let staged = admin.list(
        "imp_user",
        "sysparm_query=email=import@example.com^ORDERBYsys_created_on",
    );
    let states: Vec<String> = staged
        .iter()
        .map(|row| text(row, "sys_import_state"))
        .collect();
    assert_eq!(states.len(), 3);
    assert!(states.contains(&"inserted".to_owned()) && states.contains(&"ignored".to_owned()));
}

#[test]
fn rest_7_what_became_of_a_row_is_told_again() {
    let world = World::own();
    let admin = world.admin();
    let made = admin.send_json("POST", PEOPLE, &person("again@example.com", "A"));
    let location = made.header("location").to_owned();
    let path = location.strip_prefix(&world.url).unwrap();
    assert_eq!(admin.get(path).json(), made.json());
    assert_eq!(
        admin
            .get(&format!("{PEOPLE}/0123456789abcdef0123456789abcdef"))
            .status,
        404
    );
}

// covers: rest §7 insertMultiple, multi_import_set_id
#[test]
fn rest_7_several_rows_are_named_by_label_or_element() {
    several_rows(&World::own());
}

/// On either database.
pub(crate) fn several_rows(world: &World) {
    let admin = world.admin();
    let body = json!({"records": [
        {"User ID": "several.1", "Email": "several.1@example.com", "Last name": "Several"},
        {"user_id": "several.2", "email": "several.2@example.com"},
    ]});
    let answer = admin.send_json(
        "POST",
        &format!("{PEOPLE}/insertMultiple?multi_import_set_id=m1"),
        &body,
    );
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.json()["multi_import_set_id"], "m1");
    let set = answer.text("import_set_id");
    assert_eq!(
        admin
            .list("imp_user", &format!("sysparm_query=sys_import_set={set}"))
            .len(),
        2
    );
    assert_eq!(
        admin
            .list("sys_user", "sysparm_query=emailSTARTSWITHseveral.")
            .len(),
        2
    );
    for bad in [json!({}), json!([]), json!({"records": {}})] {
        let answer = admin.send_json("POST", &format!("{PEOPLE}/insertMultiple"), &bad);
        assert_eq!(answer.status, 400, "{bad}");
    }
}

#[test]
fn rest_7_only_staging_tables_take_rows_and_maps_have_no_scripts() {
    let world = World::own();
    let admin = world.admin();
    assert_eq!(
        admin
            .send_json("POST", "/api/now/import/incident", &json!({}))
            .status,
        400
    );
    assert_eq!(
        admin
            .send_json("POST", "/api/now/import/no_such", &json!({}))
            .status,
        400
    );
    let scripted = json!({"name": "s", "source_table": "imp_user", "target_table": "sys_user", "run_script": true});
    let answer = admin.send_json("POST", "/api/now/table/sys_transform_map", &scripted);
    assert_eq!(
        (answer.status, answer.header("x-snowglobe-reason")),
        (403, "script_not_run")
    );
}

// covers: rest §7 error
#[test]
fn rest_7_a_table_of_ones_own_is_staged_and_a_map_without_a_table_fails_alone() {
    let world = World::own();
    let admin = world.admin();
    let parent = admin.sys_id("sys_db_object", "name=sys_import_set_row");
    admin.create(
        "sys_db_object",
        &json!({"name": "u_imp_task", "label": "Tasks", "super_class": parent}),
    );
    admin.create("sys_dictionary", &json!({"name": "u_imp_task", "element": "u_text", "internal_type": "string", "max_length": 100}));
    for (order, target) in [("200", "u_nowhere"), ("100", "incident")] {
        let map = json!({"name": target, "source_table": "u_imp_task", "target_table": target, "order": order});
        let map = text(&admin.create("sys_transform_map", &map), "sys_id");
        let entry =
            json!({"map": map, "source_field": "u_text", "target_field": "short_description"});
        admin.create("sys_transform_entry", &entry);
    }
    let answer = admin.send_json(
        "POST",
        "/api/now/import/u_imp_task",
        &json!({"u_text": "staged"}),
    );
    assert_eq!(answer.status, 201, "{}", answer.body);
    let result = answer.json()["result"].clone();
    assert_eq!(
        (&result[0]["status"], &result[0]["table"]),
        (&json!("inserted"), &json!("incident"))
    );
    assert_eq!(result[0]["display_name"], "number");
    assert_eq!(
        (&result[1]["status"], &result[1]["error_message"]),
        (&json!("error"), &json!("Invalid table"))
    );
    assert_eq!(admin.list("incident", "short_description=staged").len(), 1);
}

#[test]
fn rest_7_a_map_is_no_way_around_the_rules() {
    let world = World::own();
    let admin = world.admin();
    let sys_id = world.person("loader", "Right-1!", json!({}));
    let role = admin.sys_id("sys_user_role", "name=import_set_loader");
    admin.create("sys_user_has_role", &json!({"user": sys_id, "role": role}));
    let loader = world.as_basic("loader", "Right-1!");
    let answer = loader.send_json("POST", PEOPLE, &person("smuggled@example.com", "S"));
    assert_eq!(answer.status, 201, "{}", answer.body);
    let entry = answer.json()["result"][0].clone();
    assert_eq!(entry["status"], "error");
    assert!(
        text(&entry, "error_message")
            .starts_with("Error during insert of sys_user (); ACL Exception")
    );
    assert!(
        admin
            .list("sys_user", "email=smuggled@example.com")
            .is_empty()
    );
    // Who may stage nothing stages nothing.
    assert_eq!(
        world
            .as_user("employee")
            .send_json("POST", PEOPLE, &json!({}))
            .status,
        403
    );
}
