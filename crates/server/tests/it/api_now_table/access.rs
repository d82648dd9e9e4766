//! Who sees and does what (§2.6, §16.7).

use serde_json::{Value, json};

use super::{column, incident, incidents, user};
use crate::world::{World, text};

#[test]
fn people_without_roles_see_the_incidents_that_are_theirs() {
    let world = World::shared();
    let employee = user(world, "employee");
    incidents(world, "access.theirs", 2);
    incident(
        world,
        &json!({"correlation_id": "access.theirs", "short_description": "called", "caller_id": employee}),
    );
    let opened = json!({"correlation_id": "access.theirs", "short_description": "opened"});
    let made = world
        .as_user("employee")
        .send_json("POST", "/api/now/table/incident", &opened);
    assert_eq!(made.status, 201, "{}", made.body);
    let answer = world
        .as_user("employee")
        .get("/api/now/table/incident?correlation_id=access.theirs&sysparm_query_x=1");
    let rows = answer.json()["result"].as_array().unwrap().clone();
    assert_eq!(column(&rows, "short_description"), ["called", "opened"]);
    // Unlike the measured instance: a count that ignores the rules tells what hidden rows hold.
    assert_eq!(answer.header("x-total-count"), "2");
    for who in ["itil", "admin"] {
        assert_eq!(
            world
                .as_user(who)
                .list("incident", "correlation_id=access.theirs")
                .len(),
            4,
            "{who}"
        );
    }
    // Theirs to read, not to change.
    let path = format!("/api/now/table/incident/{}", text(&rows[0], "sys_id"));
    let change = json!({"short_description": "changed"});
    assert_eq!(
        world
            .as_user("employee")
            .send_json("PATCH", &path, &change)
            .status,
        403
    );
    assert_eq!(
        world
            .as_user("itil")
            .send_json("PATCH", &path, &change)
            .status,
        200
    );
    assert_eq!(world.as_user("itil").send("DELETE", &path).status, 403);
    assert_eq!(
        world.as_user("problem.admin").send("DELETE", &path).status,
        204
    );
}

#[test]
fn the_measured_matrix_of_reads() {
    let world = World::shared();
    let read = |who: &str, table: &str| {
        let answer = world
            .as_user(who)
            .get(&format!("/api/now/table/{table}?sysparm_limit=2"));
        let rows = answer.json()["result"].as_array().map_or(0, Vec::len);
        (answer.status, rows)
    };
    let (rows, none, refused) = ((200, 2), (200, 0), (403, 0));
    for (table, admin, itil, nobody) in [
        ("incident", rows, rows, None),
        ("problem", rows, rows, Some(none)),
        ("change_request", rows, rows, Some(none)),
        ("sys_user", rows, rows, Some(rows)),
        ("sys_choice", rows, rows, Some(rows)),
        ("sys_dictionary", rows, none, Some(none)),
        ("sys_db_object", rows, rows, Some(refused)),
        ("sys_properties", rows, none, Some(none)),
        ("sys_journal_field", rows, none, Some(none)),
        ("sys_user_role", rows, rows, Some(none)),
        ("oauth_entity", rows, none, Some(none)),
        ("sys_security_acl", rows, none, Some(none)),
    ] {
        assert_eq!(read("admin", table), admin, "admin {table}");
        assert_eq!(read("itil", table), itil, "itil {table}");
        if let Some(nobody) = nobody {
            assert_eq!(read("employee", table), nobody, "employee {table}");
        }
    }
}

#[test]
fn a_field_that_may_not_be_read_is_left_out_in_every_mode() {
    let world = World::shared();
    for mode in ["false", "true", "all"] {
        for fields in ["", "label,value,name"] {
            let parameters =
                format!("sysparm_limit=1&sysparm_display_value={mode}&sysparm_fields={fields}");
            let rows = world.as_user("itil").list("sys_choice", &parameters);
            assert!(rows[0].get("label").is_some(), "{rows:?}");
            for hidden in ["name", "element", "value"] {
                assert!(rows[0].get(hidden).is_none(), "{mode} {hidden}: {rows:?}");
            }
        }
    }
}

#[test]
fn a_field_that_may_not_be_written_is_skipped_and_the_rest_saved() {
    let world = World::shared();
    let sys_id = world.person("access.self", "Right-1!", json!({}));
    let path = format!("/api/now/table/sys_user/{sys_id}");
    let change =
        json!({"phone": "+49 30 1", "active": "false", "user_name": "admin2", "title": "Chief"});
    let answer = world
        .as_basic("access.self", "Right-1!")
        .send_json("PATCH", &path, &change);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let read = world.admin().get(&path).json()["result"].clone();
    assert_eq!(
        (&read["phone"], &read["active"], &read["user_name"]),
        (&json!("+49 30 1"), &json!("true"), &json!("access.self"))
    );
}

#[test]
fn dot_walking_opens_nothing() {
    let world = World::shared();
    let [id] = &incidents(world, "access.walk", 1)[..] else {
        panic!("one incident")
    };
    world.admin().change(
        "incident",
        id,
        &json!({"caller_id": user(world, "employee"), "parent_incident": id}),
    );
    let path = format!(
        "/api/now/table/incident/{id}?sysparm_fields=caller_id.user_name,caller_id.locked_out,parent_incident.number"
    );
    let read = world.as_user("employee").get(&path).json();
    assert_eq!(read["result"], json!({"caller_id.user_name": "employee"}));
    let query = "/api/now/table/incident?sysparm_query=caller_id.locked_out=true";
    assert_eq!(world.as_user("employee").get(query).status, 403);
    assert_eq!(world.as_user("admin").get(query).status, 200);
}

#[test]
fn a_read_only_user_writes_nothing() {
    let world = World::shared();
    let sys_id = world.person("access.read.only", "Right-1!", json!({}));
    for role in ["itil", "snc_read_only"] {
        let role = world
            .admin()
            .sys_id("sys_user_role", &format!("name={role}"));
        world
            .admin()
            .create("sys_user_has_role", &json!({"user": sys_id, "role": role}));
    }
    let [id] = &incidents(world, "access.read.only", 1)[..] else {
        panic!("one incident")
    };
    let reader = world.as_basic("access.read.only", "Right-1!");
    let path = format!("/api/now/table/incident/{id}");
    assert_eq!(reader.get(&path).status, 200);
    assert_eq!(
        reader
            .send_json("PATCH", &path, &json!({"short_description": "x"}))
            .status,
        403
    );
    assert_eq!(
        reader
            .send_json("POST", "/api/now/table/incident", &json!({}))
            .status,
        403
    );
}

#[test]
fn the_least_privileged_client_works_on_incidents_and_on_nothing_else() {
    let world = World::shared();
    let token = world.access_token(&world.client("Demo service"));
    let service = world.as_bearer(&token);
    let made = service.send_json(
        "POST",
        "/api/now/table/incident",
        &json!({"short_description": "by a program"}),
    );
    assert_eq!(
        (made.status, &made.json()["result"]["sys_created_by"]),
        (201, &json!("integration.user"))
    );
    assert_eq!(
        service
            .send_json("POST", "/api/now/table/problem", &json!({}))
            .status,
        403
    );
    assert_eq!(service.list("problem", "sysparm_limit=1").len(), 0);
}

#[test]
fn rest_13_4_roles_go_with_whoever_had_them() {
    let world = World::own();
    let admin = world.admin();
    let group = admin.create("sys_user_group", &json!({"name": "Short-lived"}));
    let person = admin.create("sys_user", &json!({"user_name": "short.lived"}));
    let key = |record: &Value| text(record, "sys_id");
    let role = admin.sys_id("sys_user_role", "name=itil");
    let member = json!({"user": key(&person), "group": key(&group)});
    admin.create("sys_user_grmember", &member);
    let given = json!({"group": key(&group), "role": role});
    admin.create("sys_group_has_role", &given);
    let given = json!({"user": key(&person), "role": role});
    admin.create("sys_user_has_role", &given);
    let left = |table: &str, query: &str| {
        let query = format!("sysparm_query={query}&sysparm_fields=sys_id");
        admin.list(table, &query).len()
    };
    let delete = |table: &str, record: &Value| {
        let path = format!("/api/now/table/{table}/{}", key(record));
        assert_eq!(admin.send("DELETE", &path).status, 204);
    };
    delete("sys_user_group", &group);
    assert_eq!(
        left("sys_group_has_role", &format!("group={}", key(&group))),
        0
    );
    assert_eq!(
        left("sys_user_grmember", &format!("group={}", key(&group))),
        0
    );
    delete("sys_user", &person);
    assert_eq!(
        left("sys_user_has_role", &format!("user={}", key(&person))),
        0
    );
}
