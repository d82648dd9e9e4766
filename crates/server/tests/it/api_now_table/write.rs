//! Creating, changing and deleting records (§2.1, §2.5).

use serde_json::{Value, json};

use super::{incident, incidents, user};
use crate::world::{World, text};

fn post(world: &World, table: &str, fields: &Value) -> Value {
    let answer = world
        .admin()
        .send_json("POST", &format!("/api/now/table/{table}"), fields);
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()["result"].clone()
}

#[test]
fn a_new_record_is_shown_as_it_was_stored() {
    let world = World::shared();
    let answer = world.admin().send_json(
        "POST",
        "/api/now/table/incident?sysparm_display_value=all&sysparm_fields=number,impact,urgency,priority,opened_by,sys_mod_count",
        &json!({"impact": "1", "urgency": "1"}),
    );
    assert_eq!(answer.status, 201);
    let record = &answer.json()["result"];
    assert!(text(&record["number"], "value").starts_with("INC00"));
    assert_eq!(
        record["priority"],
        json!({"display_value": "1 - Critical", "value": "1"})
    );
    assert_eq!(record["opened_by"]["display_value"], "System Administrator");
    assert_eq!(record["sys_mod_count"]["value"], "0");
    assert_eq!(record.as_object().unwrap().len(), 6);
}

#[test]
fn the_location_is_the_record() {
    let world = World::shared();
    let answer = world
        .admin()
        .send_json("POST", "/api/now/table/incident", &json!({}));
    let path = answer
        .header("location")
        .strip_prefix(&world.url)
        .unwrap()
        .to_owned();
    assert_eq!(world.admin().get(&path).json(), answer.json());
}

#[test]
fn numbers_and_booleans_are_stored_as_their_text() {
    let world = World::shared();
    let fields = json!({"active": false, "order": 12, "short_description": 1.5, "urgency": 2, "close_notes": null, "description": {"a": [1]}});
    let made = post(world, "incident", &fields);
    assert_eq!(made["order"], "12");
    assert_eq!(made["short_description"], "1.5");
    assert_eq!(made["urgency"], "2");
    assert_eq!(made["close_notes"], "");
    assert_eq!(made["description"], r#"{"a":[1]}"#);
}

#[test]
fn unknown_fields_and_values_that_do_not_fit_are_ignored() {
    let world = World::shared();
    let fields = json!({"no_such_field": "x", "urgency": "77", "order": "many", "opened_at": "soon", "short_description": "kept", "": "x"});
    let made = post(world, "incident", &fields);
    assert_eq!(
        (&made["short_description"], &made["urgency"], &made["order"]),
        (&json!("kept"), &json!("3"), &json!(""))
    );
    assert!(made.get("no_such_field").is_none());
    assert_ne!(made["opened_at"], "");
}

#[test]
fn the_caller_may_choose_the_key_with_its_case() {
    let world = World::shared();
    let key = "AAAABBBBCCCCDDDDEEEEFFFF00001111";
    let made = post(world, "incident", &json!({"sys_id": key}));
    assert_eq!(made["sys_id"], key);
    assert_eq!(
        world
            .admin()
            .get(&format!("/api/now/table/incident/{key}"))
            .json()["result"]["sys_id"],
        key
    );
    // A second row with this key would be a second record of the same name.
    let again = world
        .admin()
        .send_json("POST", "/api/now/table/incident", &json!({"sys_id": key}));
    assert_eq!(again.status, 403, "{}", again.body);
    for bad in [
        "short",
        "not hex at all, but thirty-two..",
        "'; DROP TABLE task; --",
    ] {
        assert_ne!(
            post(world, "incident", &json!({"sys_id": bad}))["sys_id"],
            bad
        );
    }
    let path = format!("/api/now/table/incident/{key}");
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
}

#[test]
fn the_class_may_be_chosen_below_the_table() {
    let world = World::shared();
    let made = post(
        world,
        "task",
        &json!({"sys_class_name": "incident", "short_description": "by class"}),
    );
    assert_eq!(made["sys_class_name"], "incident");
    assert!(text(&made, "number").starts_with("INC"));
    let other = post(world, "incident", &json!({"sys_class_name": "problem"}));
    assert_eq!(other["sys_class_name"], "incident");
}

// covers: rest §2.2 sysparm_suppress_auto_sys_field
#[test]
fn the_instance_writes_the_system_columns() {
    let world = World::shared();
    let sent = json!({"sys_created_on": "2001-01-01 00:00:00", "sys_created_by": "someone", "sys_mod_count": "9"});
    let made = post(world, "incident", &sent);
    assert_eq!(
        (&made["sys_created_by"], &made["sys_mod_count"]),
        (&json!("admin"), &json!("0"))
    );
    assert!(!text(&made, "sys_created_on").starts_with("2001"));
    let url = "/api/now/table/incident?sysparm_suppress_auto_sys_field=true";
    let kept = world.admin().send_json("POST", url, &sent).json()["result"].clone();
    assert_eq!(
        (&kept["sys_created_by"], &kept["sys_created_on"]),
        (&json!("someone"), &json!("2001-01-01 00:00:00"))
    );
}

#[test]
fn put_is_patch() {
    let world = World::shared();
    for method in ["PUT", "PATCH"] {
        let made = incident(
            world,
            &json!({"short_description": "before", "description": "stays"}),
        );
        let path = format!("/api/now/table/incident/{}", text(&made, "sys_id"));
        let answer = world
            .admin()
            .send_json(method, &path, &json!({"short_description": "after"}));
        let record = &answer.json()["result"];
        assert_eq!(
            (
                answer.status,
                &record["short_description"],
                &record["description"],
                &record["sys_mod_count"]
            ),
            (200, &json!("after"), &json!("stays"), &json!("1"))
        );
        let nobody = "/api/now/table/incident/0123456789abcdef0123456789abcdef";
        let missing = world
            .admin()
            .send_json(method, nobody, &json!({"short_description": "x"}));
        assert_eq!(missing.status, 404, "there is no upsert");
    }
}

#[test]
fn what_changes_nothing_is_no_update() {
    let world = World::shared();
    let made = incident(world, &json!({"short_description": "same"}));
    let path = format!("/api/now/table/incident/{}", text(&made, "sys_id"));
    for body in [
        json!({}),
        json!({"short_description": "same"}),
        json!({"nope": "x"}),
        json!({"sys_id": "x", "number": text(&made, "number")}),
    ] {
        let answer = world.admin().send_json("PATCH", &path, &body);
        assert_eq!(
            (answer.status, &answer.json()["result"]),
            (200, &made),
            "{body}"
        );
    }
    let bodiless = world.admin().send("PATCH", &path);
    assert_eq!((bodiless.status, &bodiless.json()["result"]), (200, &made));
}

#[test]
fn an_empty_text_clears_a_field_but_not_a_choice() {
    let world = World::shared();
    let made = incident(
        world,
        &json!({"short_description": "x", "urgency": "2", "caller_id": user(world, "abel.tuter")}),
    );
    let fields = json!({"short_description": "", "urgency": "", "caller_id": ""});
    let changed = world
        .admin()
        .change("incident", &text(&made, "sys_id"), &fields);
    assert_eq!(
        (
            &changed["short_description"],
            &changed["urgency"],
            &changed["caller_id"]
        ),
        (&json!(""), &json!("2"), &json!(""))
    );
}

#[test]
fn a_record_can_be_sent_back_as_it_was_read() {
    let world = World::shared();
    let made = incident(
        world,
        &json!({"caller_id": user(world, "abel.tuter"), "short_description": "round"}),
    );
    let path = format!("/api/now/table/incident/{}", text(&made, "sys_id"));
    for mode in ["false", "all"] {
        let read = world
            .admin()
            .get(&format!("{path}?sysparm_display_value={mode}"))
            .json()["result"]
            .clone();
        let answer = world.admin().send_json("PUT", &path, &read);
        assert_eq!(answer.json()["result"], made, "{mode}");
    }
}

// covers: rest §2.2 sysparm_input_display_value
#[test]
fn display_values_are_taken_where_they_are_announced() {
    let world = World::shared();
    let abel = user(world, "abel.tuter");
    let fields = json!({"caller_id": "Abel Tuter", "urgency": "1 - High", "opened_at": "2026-01-15 12:00:00", "assigned_to": "Nobody At All"});
    let by_display = incident(world, &fields);
    assert_eq!(by_display["caller_id"]["value"], *abel);
    assert_eq!(by_display["urgency"], "1");
    assert_eq!(
        by_display["opened_at"], "2026-01-15 20:00:00",
        "Los Angeles to UTC"
    );
    assert_eq!(
        by_display["assigned_to"], "",
        "nobody is found, so nobody it is"
    );
    let by_value = post(world, "incident", &fields);
    assert_eq!(
        (&by_value["caller_id"], &by_value["urgency"]),
        (&json!(""), &json!("3"))
    );
    assert_eq!(by_value["opened_at"], "2026-01-15 12:00:00");
}

#[test]
fn a_parent_sets_only_its_own_columns() {
    let world = World::shared();
    let [id] = &incidents(world, "write.parent", 1)[..] else {
        panic!("one incident")
    };
    world
        .admin()
        .change("task", id, &json!({"description": "set", "severity": "1"}));
    let read = world
        .admin()
        .get(&format!("/api/now/table/incident/{id}"))
        .json();
    assert_eq!(
        (&read["result"]["description"], &read["result"]["severity"]),
        (&json!("set"), &json!("3"))
    );
}

#[test]
fn a_deleted_record_is_gone() {
    let world = World::shared();
    let [id] = &incidents(world, "write.deleted", 1)[..] else {
        panic!("one incident")
    };
    let path = format!("/api/now/table/incident/{id}");
    let deleted = world.admin().send("DELETE", &path);
    assert_eq!((deleted.status, &*deleted.body), (204, ""));
    for method in ["GET", "DELETE", "PATCH", "PUT"] {
        assert_eq!(world.admin().send(method, &path).status, 404, "{method}");
    }
    assert!(
        world
            .admin()
            .list("incident", "correlation_id=write.deleted")
            .is_empty()
    );
}

#[test]
fn a_unique_value_is_taken_once() {
    let world = World::shared();
    let answer = world.admin().send_json(
        "POST",
        "/api/now/table/sys_user",
        &json!({"user_name": "admin"}),
    );
    let error = &answer.json()["error"];
    assert_eq!(
        (answer.status, &error["message"]),
        (403, &json!("Operation Failed"))
    );
    assert_eq!(
        error["detail"],
        "Unique Key violation: a row of sys_user has the same user_name"
    );
}

#[test]
fn a_change_of_people_roles_and_properties_counts_for_the_next_request() {
    let world = World::shared();
    let sys_id = world.person("write.next", "Right-1!", json!({}));
    let next = world.as_basic("write.next", "Right-1!");
    let roles = || {
        next.get("/api/now/table/sys_user_role?sysparm_limit=1")
            .json()["result"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(roles(), 0);
    let itil = world.admin().sys_id("sys_user_role", "name=itil");
    let grant = world
        .admin()
        .create("sys_user_has_role", &json!({"user": sys_id, "role": itil}));
    assert_eq!(roles(), 1);
    let path = format!(
        "/api/now/table/sys_user_has_role/{}",
        text(&grant, "sys_id")
    );
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    assert_eq!(roles(), 0);
    world
        .admin()
        .change("sys_user", &sys_id, &json!({"user_password": "Other-1!"}));
    assert_eq!(next.get("/api/now/table/incident").status, 401);
    assert_eq!(
        world
            .as_basic("write.next", "Other-1!")
            .get("/api/now/table/incident")
            .status,
        200
    );
}

#[test]
fn rest_13_1_a_table_with_a_name_that_no_table_can_have_is_refused() {
    let admin = World::shared().admin();
    for name in ["u_Spec3", "u spec", "1abc", "u_a-b", "sg_work"] {
        let body = json!({"name": name, "label": "Odd"});
        let answer = admin.send_json("POST", "/api/now/table/sys_db_object", &body);
        assert_eq!(
            (answer.status, answer.header("x-snowglobe-reason")),
            (403, "table_name_invalid"),
            "{name}"
        );
    }
}
