//! The Change Management API (`rest-and-records.md` §9.6).

use serde_json::{Value, json};

use crate::world::{World, text};

const API: &str = "/api/sn_chg_rest/change";

// covers: rest §9.6 change
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
        json!({"display_value": "New", "value": -5.0})
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
    let gone = admin.send("DELETE", &format!("{API}{path}"));
    assert_eq!(
        (gone.status, &gone.json()["result"]["sys_id"]["value"]),
        (200, &json!(task))
    );
    assert_eq!(admin.get(&format!("{API}{path}")).status, 404);

    let query = "sysparm_query=short_description=A new pump&sysparm_fields=number";
    let found = send("GET", &format!("/emergency?{query}"), &json!({}));
    assert_eq!(found, json!([{"number": made["number"]}]));
    let none = send("GET", &format!("/normal?{query}"), &json!({}));
    assert_eq!(none, json!([]));
    let nobody = world.as_user("employee").get(&format!("{API}/{id}"));
    assert_eq!(nobody.status, 404, "who may not read it");
    assert_eq!(admin.send("DELETE", &format!("{API}/{id}")).status, 200);
    assert_eq!(admin.get(&format!("{API}/{id}/task")).status, 404);
}

// covers: rest §9.6 display_value_internal
#[test]
fn rest_9_6_values_are_those_of_json_and_dates_come_once_more() {
    let world = World::shared();
    let body = json!({"short_description": "typed", "start_date": "2027-01-15 08:00:00"});
    let made = world
        .admin()
        .send_json("POST", &format!("{API}/normal"), &body);
    let made = made.json()["result"].clone();
    assert_eq!(
        made["active"],
        json!({"display_value": "true", "value": true})
    );
    assert_eq!(
        made["sys_mod_count"],
        json!({"display_value": "0", "value": 0.0})
    );
    assert_eq!(made["order"], json!({"display_value": "", "value": ""}));
    let start = json!({
        "display_value": "2027-01-15 00:00:00",
        "value": "2027-01-15 08:00:00",
        "display_value_internal": "2027-01-15 00:00:00",
    });
    assert_eq!(
        made["start_date"], start,
        "the administrator is in Los Angeles"
    );
}

// covers: rest §9.6 nextstates
#[test]
fn rest_9_6_next_states_are_those_that_the_rules_allow() {
    let world = World::shared();
    let admin = world.admin();
    let made = admin.send_json("POST", API, &json!({"short_description": "states"}));
    let id = made.json()["result"]["sys_id"]["value"]
        .as_str()
        .unwrap()
        .to_owned();
    let next = || admin.get(&format!("{API}/{id}/nextstates")).json()["result"].clone();
    let first = next();
    assert_eq!(
        first["available_states"],
        json!(["-4", "-3", "-2", "4", "-5"])
    );
    assert_eq!(first["state_label"]["-4"], "Assess");
    let transition = &first["state_transitions"][0][0];
    assert_eq!(transition["display_value"], "New to Assess");
    assert_eq!(transition["transition_available"], true);
    // What is told is what is taken, and nothing else.
    for state in ["-1", "0", "3", "-4", "-3", "-2", "-1", "0", "3"] {
        let told = next()["available_states"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it == state);
        let moved = admin.send_json("PATCH", &format!("{API}/{id}"), &json!({"state": state}));
        assert_eq!(moved.status == 200, told, "{state}: {}", moved.body);
    }
    assert_eq!(next()["available_states"], json!(["3"]));
}

// covers: rest §9.6 change models, change templates
#[test]
fn rest_9_6_a_change_is_made_from_a_template_and_finds_its_model_by_name() {
    let world = World::shared();
    let admin = world.admin();
    let templates = admin.get(&format!(
        "{API}/standard/template?name=Replace failed hard drive"
    ));
    let template = templates.json()["result"][0].clone();
    let id = template["sys_id"]["value"].as_str().unwrap();
    let body = json!({"chg_model": "Standard", "category": "Network"});
    let made = admin.send_json("POST", &format!("{API}/standard/{id}"), &body);
    assert_eq!(made.status, 200, "{}", made.body);
    let made = made.json()["result"].clone();
    assert_eq!(made["type"]["value"], "standard");
    assert_eq!(
        made["short_description"]["value"],
        "Replace failed hard drive"
    );
    assert_eq!(made["category"]["value"], "Network", "the body counts");
    assert_eq!(made["chg_model"]["display_value"], "Standard");
    let version = &made["std_change_producer_version"];
    assert_eq!(version["display_value"], "Replace failed hard drive - 1");
    let model = made["chg_model"]["value"].as_str().unwrap();
    let model = admin.get(&format!("{API}/model/{model}")).json()["result"].clone();
    assert_eq!(
        model["available_in_ui"],
        json!({"display_value": "true", "value": true})
    );
    let missing = admin.send_json("POST", &format!("{API}/standard/nothing"), &json!({}));
    assert_eq!(missing.status, 404);
}

// covers: rest §9.6 ci, conflict
#[test]
fn rest_9_6_items_hang_on_a_change_and_overlaps_are_found() {
    let world = World::shared();
    let admin = world.admin();
    let item = text(
        &admin.create("cmdb_ci_server", &json!({"name": "conflict.server"})),
        "sys_id",
    );
    let change = |start: &str, end: &str| {
        let body = json!({"short_description": "overlap", "cmdb_ci": item, "start_date": start, "end_date": end});
        text(&admin.create("change_request", &body), "sys_id")
    };
    let first = change("2031-01-01 10:00:00", "2031-01-01 12:00:00");
    let second = change("2031-01-01 11:00:00", "2031-01-01 13:00:00");
    change("2031-01-01 12:00:00", "2031-01-01 13:00:00");
    let body = json!({"cmdb_ci_sys_ids": [item], "association_type": "affected"});
    let path = format!("{API}/{first}/ci");
    for _ in 0..2 {
        let added = admin.send_json("POST", &path, &body);
        assert_eq!(added.status, 200, "{}", added.body);
        assert_eq!(added.json()["result"]["state"]["display_value"], "Complete");
    }
    let listed = admin.get(&format!("{path}?association_type=affected"));
    assert_eq!(listed.header("x-total-count"), "1");
    assert_eq!(
        listed.json()["result"][0]["ci_item"]["display_value"],
        "conflict.server"
    );
    assert_eq!(admin.get(&path).status, 400, "which kind has to be said");

    let path = format!("{API}/{first}/conflict");
    assert_eq!(admin.get(&path).json()["result"]["status"], "Not Run");
    for _ in 0..2 {
        assert_eq!(admin.send("POST", &path).json(), json!({"result": first}));
    }
    let found = admin.get(&path).json()["result"].clone();
    assert_eq!(
        (&found["status"], &found["record_count"]),
        (&json!("Conflict"), &json!("1"))
    );
    assert_eq!(
        found["conflicts"][0]["conflicting_change"]["value"],
        json!(second)
    );
    assert_eq!(
        found["conflicts"][0]["type"]["display_value"],
        "CI Already Scheduled"
    );
    assert_eq!(admin.send("DELETE", &path).status, 200);
    assert_eq!(world.as_user("employee").get(&path).status, 404);
}

// covers: rest §1.1
#[test]
fn rest_1_1_models_and_templates_are_found_with_a_version_too() {
    let admin = World::shared().admin();
    for path in ["model", "standard/template"] {
        let plain = admin.get(&format!("/api/sn_chg_rest/change/{path}"));
        let versioned = admin.get(&format!("/api/sn_chg_rest/v1/change/{path}"));
        assert_eq!((plain.status, versioned.status), (200, 200), "{path}");
        let keys = |answer: &snowglobe_testkit::Answer| {
            let rows = answer.json()["result"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let key = |row: &serde_json::Value| row["sys_id"]["value"].clone();
            rows.iter().map(key).collect::<Vec<_>>()
        };
        assert_eq!(keys(&plain), keys(&versioned));
        assert!(!keys(&plain).is_empty(), "{path}: {}", plain.body);
    }
}

#[test]
fn rest_9_6_whoever_is_asked_approves_or_rejects_with_a_reason() {
    let world = World::shared();
    let admin = world.admin();
    let change = admin.create("change_request", &json!({"short_description": "Ask me"}));
    let path = format!("{API}/{}/approvals", text(&change, "sys_id"));
    let decide = |body: &Value| admin.send_json("PATCH", &path, body);
    let approved = json!({"state": "approved"});
    let unasked = decide(&approved);
    assert_eq!(unasked.status, 400, "{}", unasked.body);
    let approver = admin.sys_id("sys_user", "user_name=admin");
    let approval = json!({
        "approver": approver, "sysapproval": change["sys_id"], "state": "requested",
    });
    let approval = admin.create("sysapproval_approver", &approval);
    assert_eq!(decide(&json!({"state": "rejected"})).status, 400);
    assert_eq!(decide(&json!({"state": "maybe"})).status, 400);
    let told = decide(&approved);
    assert_eq!(told.status, 200, "{}", told.body);
    assert_eq!(
        told.json()["result"][0]["sys_id"]["value"],
        change["sys_id"]
    );
    let query = format!("sysparm_query=sys_id={}", text(&approval, "sys_id"));
    let kept = admin.list("sysapproval_approver", &query);
    assert_eq!(kept[0]["state"], "approved");
    assert_eq!(decide(&approved).status, 400, "it is decided");
}

#[test]
fn rest_9_6_services_that_stand_on_the_item_are_impacted() {
    let world = World::shared();
    let admin = world.admin();
    let make = |table: &str, name: &str| {
        let made = admin.create(table, &json!({"name": name}));
        text(&made, "sys_id")
    };
    let server = make("cmdb_ci_server", "it-impact-server");
    let cluster = make("cmdb_ci", "it-impact-cluster");
    let service = make("cmdb_ci_service", "it-impact-service");
    for (parent, child) in [(&cluster, &server), (&service, &cluster)] {
        admin.create("cmdb_rel_ci", &json!({"parent": parent, "child": child}));
    }
    let body = json!({"short_description": "Impact", "cmdb_ci": server});
    let change = text(&admin.create("change_request", &body), "sys_id");
    let path = format!("{API}/{change}/refresh_impacted_services");
    for _ in 0..2 {
        let told = admin.send_json("POST", &path, &json!({}));
        assert_eq!(told.status, 200, "{}", told.body);
        let told = told.json()["result"].clone();
        assert_eq!(told["type"], "impacted");
        assert_eq!(told["state"]["display_value"], "Complete");
        let query = format!("sysparm_query=task={change}&sysparm_exclude_reference_link=true");
        let listed = admin.list("task_cmdb_ci_service", &query);
        let services: Vec<_> = listed
            .iter()
            .map(|row| text(row, "cmdb_ci_service"))
            .collect();
        assert_eq!(services.len(), 1, "{listed:?}");
        assert!(listed[0].to_string().contains(&service), "{listed:?}");
    }
    let path = format!("{API}/{change}/risk");
    let told = admin.send_json("PATCH", &path, &json!({})).json();
    assert_eq!(told["result"]["risk"]["display_value"], "Low");
}

#[test]
fn a_change_that_names_a_template_takes_what_it_says() {
    let world = World::shared();
    let admin = world.admin();
    let version = "name=Replace failed hard drive - 1";
    let version = admin.sys_id("std_change_producer_version", version);
    let body =
        json!({"type": "standard", "std_change_producer_version": version, "category": "Network"});
    let made = admin.create("change_request", &body);
    assert_eq!(made["short_description"], "Replace failed hard drive");
    let plan = text(&made, "implementation_plan");
    assert!(plan.starts_with("Take the drive out"), "{plan}");
    assert_eq!(made["category"], "Network", "the body counts");

    let template = "name=Replace failed hard drive";
    let template = admin.sys_id("std_change_record_producer", template);
    let path = format!("/api/sn_sc/servicecatalog/items/{template}/order_now");
    let refused = admin.send_json("POST", &path, &json!({"sysparm_quantity": "1"}));
    assert_eq!(refused.status, 400, "{}", refused.body);
    let instead = format!("POST /api/sn_chg_rest/change/standard/{template}");
    assert!(refused.body.contains(&instead), "{}", refused.body);
}
