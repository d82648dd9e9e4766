//! The `JSONv2` web service (`rest-and-records.md` §11.1).

use serde_json::{Value, json};

use crate::world::{Caller, World};

fn read(caller: &Caller<'_>, query: &str) -> Value {
    let answer = caller.get(&format!("/incident.do?JSONv2&{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.json()
}

fn write(caller: &Caller<'_>, query: &str, body: &Value) -> Value {
    let answer = caller.send_json("POST", &format!("/incident.do?JSONv2&{query}"), body);
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.json()
}

// covers: rest §11.1 get, getRecords, getKeys, insert, insertMultiple, update, deleteRecord, deleteMultiple
// covers: rest §11.1 sysparm_sys_id, sysparm_query, sysparm_record_count, displayvalue
#[test]
fn records_are_inserted_read_changed_and_deleted() {
    let world = World::shared();
    let admin = world.admin();
    let record = json!({"short_description": "v2", "correlation_id": "jsonv2.life", "urgency": "1 - High",
                        "caller_id": "Abel Tuter"});
    let made = &write(&admin, "sysparm_action=insert", &record)["records"][0];
    let abel = admin.sys_id("sys_user", "user_name=abel.tuter");
    assert_eq!(made["__status"], "success");
    assert_eq!(
        (&made["urgency"], &made["caller_id"]),
        (&json!("1"), &json!(abel))
    );
    let sys_id = made["sys_id"].as_str().unwrap();

    let one = read(&admin, &format!("sysparm_sys_id={sys_id}"));
    assert_eq!(one["records"].as_array().unwrap().len(), 1);
    assert_eq!(one["records"][0], *made);
    let shown = read(
        &admin,
        "displayvalue=true&sysparm_query=correlation_id=jsonv2.life",
    );
    assert_eq!(shown["records"][0]["caller_id"], "Abel Tuter");
    assert_eq!(shown["records"][0]["urgency"], "1 - High");
    let both = read(
        &admin,
        "displayvalue=all&sysparm_query=correlation_id=jsonv2.life",
    );
    assert_eq!(both["records"][0]["dv_caller_id"], "Abel Tuter");
    assert_eq!(both["records"][0]["caller_id"], abel);

    let two = json!({"records": [{"correlation_id": "jsonv2.life", "short_description": "a"},
                                 {"correlation_id": "jsonv2.life", "short_description": "b"}]});
    let made = write(&admin, "sysparm_action=insertMultiple", &two);
    assert_eq!(made["records"][1]["short_description"], "b");
    let keys = read(
        &admin,
        "sysparm_action=getKeys&sysparm_query=correlation_id=jsonv2.life",
    );
    assert_eq!(keys["records"].as_array().unwrap().len(), 3);
    let page = read(
        &admin,
        "sysparm_record_count=2&sysparm_query=correlation_id=jsonv2.life",
    );
    assert_eq!(page["records"].as_array().unwrap().len(), 2);

    let change = json!({"sysparm_action": "update", "sysparm_query": "correlation_id=jsonv2.life", "state": "2"});
    let changed = write(&admin, "sysparm_query=ignored", &change);
    let states: Vec<_> = changed["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["state"])
        .collect();
    assert_eq!(states, ["2", "2", "2"], "the body's query wins");

    let gone = write(
        &admin,
        "sysparm_action=deleteRecord",
        &json!({"sysparm_sys_id": sys_id}),
    );
    assert_eq!(
        gone["records"],
        json!([{"sys_id": sys_id, "__status": "success"}])
    );
    write(
        &admin,
        "sysparm_action=deleteMultiple&sysparm_query=correlation_id=jsonv2.life",
        &json!({}),
    );
    let left = read(&admin, "sysparm_query=correlation_id=jsonv2.life");
    assert_eq!(left, json!({"records": []}));
}

// covers: rest §1.7 E22
#[test]
fn what_would_concern_everything_is_refused() {
    let world = World::shared();
    let admin = world.admin();
    for (action, message) in [
        ("update", "Cannot update with empty sysparm_query"),
        ("deleteMultiple", "Cannot delete with empty sysparm_query"),
        ("deleteRecord", "Cannot delete with empty sysparm_sys_id"),
        ("explode", "Unknown sysparm_action: explode"),
    ] {
        let answer = write(&admin, &format!("sysparm_action={action}"), &json!({}));
        assert_eq!(
            answer,
            json!({"error": message, "reason": null}),
            "{action}"
        );
    }
    let by_link = read(
        &admin,
        "sysparm_action=deleteMultiple&sysparm_query=active=true",
    );
    assert_eq!(
        by_link["error"],
        "Unknown sysparm_action: deleteMultiple (by GET)"
    );
}

// covers: rest §11.1 __error
#[test]
fn a_row_that_is_refused_says_so_in_its_place() {
    let world = World::shared();
    let employee = world.as_user("employee");
    let answer = employee.send_json("POST", "/core_company.do?JSONv2", &json!({"name": "x"}));
    let expected = json!({"records": [{"__status": "failure", "__error": {
        "message": "Invalid Insert into: core_company",
        "reason": "ACL Exception Insert Failed due to security constraints"}}]});
    assert_eq!(answer.json(), expected);
    let hidden = employee.get("/sys_properties.do?JSONv2&sysparm_query=nameISNOTEMPTY");
    assert!(!hidden.body.contains("glide."), "{}", hidden.body);
    assert_eq!(world.as_nobody().get("/incident.do?JSONv2").status, 401);
    assert_eq!(world.admin().get("/nothing.do?JSON").status, 400);
}

#[test]
fn a_secret_that_was_made_is_told_in_the_answer_to_its_making_and_nowhere_else() {
    let world = World::shared();
    let admin = world.admin();
    let person = world.person("jsonv2.key", "Right-1! and long", json!({}));
    for (table, element, fields) in [
        (
            "oauth_entity",
            "client_secret",
            json!({"name": "jsonv2.client"}),
        ),
        (
            "api_key",
            "token",
            json!({"name": "jsonv2.key", "user": person}),
        ),
    ] {
        let path = format!("/{table}.do?JSONv2&sysparm_action=insert");
        let made = admin.send_json("POST", &path, &fields).json();
        let record = &made["records"][0];
        let secret = record[element].as_str().unwrap();
        assert_eq!(secret.len(), 43, "{table}");
        let sys_id = record["sys_id"].as_str().unwrap();
        let read = admin.get(&format!("/{table}.do?JSONv2&sysparm_sys_id={sys_id}"));
        assert!(!read.body.contains(secret), "{table}");
    }
}
