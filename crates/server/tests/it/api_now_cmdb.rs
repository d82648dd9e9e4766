//! The CMDB APIs (`rest-and-records.md` §9.1, §9.2).

use serde_json::{Value, json};

use crate::world::{Caller, World, text};

const LINUX: &str = "/api/now/cmdb/instance/cmdb_ci_linux_server";

fn server(name: &str, more: &Value) -> Value {
    let mut body = json!({"attributes": {"name": name}, "source": "ServiceNow"});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

// covers: rest §9.1 attributes, relation
#[test]
fn rest_9_1_an_item_is_made_with_its_relations_and_read() {
    an_item_is_made(&World::own());
}

/// On either database.
pub(crate) fn an_item_is_made(world: &World) {
    let admin = world.admin();
    let target = admin.sys_id("cmdb_ci", "name=PS ORA01");
    let kind = "1a9cb166f1571100a92eb60da2bce5c5";
    let relation = json!({"outbound_relations": [{"type": kind, "target": target}]});
    let made = admin.send_json("POST", LINUX, &server("cmdb.made", &relation));
    assert_eq!(made.status, 201, "{}", made.body);
    let made = made.json()["result"].clone();
    let sys_id = text(&made["attributes"], "sys_id");
    assert_eq!(made["attributes"]["name"], "cmdb.made");
    assert_eq!(made["attributes"]["discovery_source"], "ServiceNow");
    assert_eq!(made["attributes"]["sys_class_name"], "cmdb_ci_linux_server");
    assert_eq!(made["inbound_relations"], json!([]));
    let outbound = &made["outbound_relations"][0];
    assert_eq!(outbound["type"]["display_value"], "Depends on::Used by");
    assert_eq!(outbound["type"]["value"], kind);
    let expected = json!({
        "display_value": "PS ORA01",
        "link": format!("{}/api/now/cmdb/instance/cmdb_ci/{target}", world.url),
        "value": target,
    });
    assert_eq!(outbound["target"], expected);
    // The other end knows it, too.
    let other = admin.get(&format!("/api/now/cmdb/instance/cmdb_ci/{target}"));
    let inbound = other.json()["result"]["inbound_relations"].clone();
    let mut inbound = inbound.as_array().unwrap().iter();
    assert!(inbound.any(|relation| relation["target"]["value"] == *sys_id));

    let changed = admin.send_json(
        "PATCH",
        &format!("{LINUX}/{sys_id}"),
        &json!({"attributes": {"ram": 2048}, "source": "ServiceNow"}),
    );
    assert_eq!(
        (
            changed.status,
            &changed.json()["result"]["attributes"]["ram"]
        ),
        (200, &json!("2048"))
    );
    let group = admin.sys_id("sys_user_group", "name=Hardware");
    let body = json!({"attributes": {"support_group": group}, "source": "ServiceNow"});
    let changed = admin.send_json("PUT", &format!("{LINUX}/{sys_id}"), &body);
    let link = format!("{}/api/now/table/sys_user_group/{group}", world.url);
    let expected = json!({"display_value": "Hardware", "link": link, "value": group});
    assert_eq!(
        changed.json()["result"]["attributes"]["support_group"],
        expected
    );

    let relation = text(outbound, "sys_id");
    let path = format!("{LINUX}/{sys_id}/relation/{relation}");
    assert_eq!(admin.send("DELETE", &path).status, 200);
    assert_eq!(admin.send("DELETE", &path).status, 404);
    let body = json!({"inbound_relations": [{"type": "Depends on::Used by", "target": target}], "source": "ServiceNow"});
    let related = admin.send_json("POST", &format!("{LINUX}/{sys_id}/relation"), &body);
    assert_eq!(related.status, 200, "{}", related.body);
    let inbound = related.json()["result"]["inbound_relations"].clone();
    assert_eq!(inbound.as_array().unwrap().len(), 1);
}

// covers: rest §9.1 sysparm_query, sysparm_limit, sysparm_offset
#[test]
fn rest_9_1_a_list_has_keys_and_names() {
    let world = World::shared();
    let answer = world.admin().get(&format!(
        "{LINUX}?sysparm_limit=1&sysparm_query=name=PS LinuxApp01"
    ));
    assert_eq!(answer.status, 200);
    let expected = json!({"result": [{"sys_id": "3a290cc60a0a0bb400000bdb386af1cf", "name": "PS LinuxApp01"}]});
    assert_eq!(answer.json(), expected);
    assert_eq!(answer.header("x-total-count"), "1");
}

// covers: rest §9.1 source
#[test]
fn rest_9_1_input_that_is_wrong_is_told() {
    let world = World::shared();
    let admin = world.admin();
    for body in [
        json!({"name": "flat"}),
        json!({"attributes": {"name": "x"}}),
        json!({"attributes": {"name": "x"}, "source": "No such source"}),
        json!({"attributes": {"name": "x"}, "source": "ServiceNow", "inbound_relations": [{"type": "none", "target": "none"}]}),
    ] {
        let answer = admin.send_json("POST", LINUX, &body);
        assert_eq!(answer.status, 400, "{body}");
        assert!(
            answer.body.contains("INVALID_INPUT_DATA"),
            "{}",
            answer.body
        );
    }
    assert_eq!(admin.get("/api/now/cmdb/instance/incident").status, 400);
    assert_eq!(admin.get("/api/now/cmdb/instance/no_such").status, 400);
    assert_eq!(
        admin
            .get(&format!("{LINUX}/0123456789abcdef0123456789abcdef"))
            .status,
        404
    );
    let refused = world.as_user("employee").get(LINUX);
    assert_eq!(
        (refused.status, refused.header("x-snowglobe-reason")),
        (403, "role_missing")
    );
}

// covers: rest §9.1 meta
#[test]
fn rest_9_1_a_class_describes_itself() {
    let world = World::shared();
    let answer = world
        .as_user("itil")
        .get("/api/now/cmdb/meta/cmdb_ci_server");
    assert_eq!(answer.status, 200, "{}", answer.body);
    let meta = answer.json()["result"].clone();
    assert_eq!(
        (&meta["name"], &meta["label"], &meta["parent"]),
        (
            &json!("cmdb_ci_server"),
            &json!("Server"),
            &json!("cmdb_ci_computer")
        )
    );
    let children = meta["children"].as_array().unwrap();
    assert!(children.contains(&json!("cmdb_ci_linux_server")));
    let attributes = meta["attributes"].as_array().unwrap();
    let name = attributes
        .iter()
        .find(|it| it["element"] == "name")
        .unwrap();
    assert_eq!(
        (&name["type"], &name["max_length"]),
        (&json!("string"), &json!("255"))
    );
    assert_eq!(
        (&name["is_display"], &name["is_inherited"]),
        (&json!("true"), &json!("true"))
    );
    let rule = &meta["identification_rules"];
    assert_eq!(rule["name"], "Hardware Rule");
    assert_eq!(rule["identifiers"][0]["attributes"], "serial_number");
    assert_eq!(rule["identifiers"][1]["attributes"], "name");
}

// covers: rest §9.2 sysparm_data_source, items, relations
#[test]
fn rest_9_2_items_are_found_or_made_and_related() {
    items_are_found_or_made(&World::own());
}

/// On either database.
pub(crate) fn items_are_found_or_made(world: &World) {
    let admin = world.admin();
    let payload = json!({
        "items": [
            {"className": "cmdb_ci_linux_server", "values": {"name": "ire.server", "serial_number": "S-1", "ram": "1024"}},
            {"className": "cmdb_ci_appl", "values": {"name": "ire.application"}},
            {"className": "incident", "values": {"name": "no item"}},
        ],
        "relations": [{"parent": 1, "child": 0, "type": "Depends on::Used by"}],
    });
    let run = |path: &str, payload: &Value| {
        let path = format!("/api/now/identifyreconcile{path}?sysparm_data_source=ServiceNow");
        let answer = admin.send_json("POST", &path, payload);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["result"].clone()
    };
    let operations = |result: &Value| -> Vec<String> {
        let items = result["items"].as_array().unwrap().iter();
        items.map(|item| text(item, "operation")).collect()
    };
    assert_eq!(
        operations(&run("/query", &payload)),
        ["INSERT", "INSERT", "NO_CHANGE"]
    );
    let made = run("", &payload);
    assert_eq!(operations(&made), ["INSERT", "INSERT", "NO_CHANGE"]);
    let server = text(&made["items"][0], "sysId");
    assert_eq!(
        admin.sys_id("cmdb_ci_linux_server", "name=ire.server"),
        server
    );
    assert_eq!(
        made["items"][0]["identificationAttempts"][0]["attemptResult"],
        "NO_MATCH"
    );
    assert_eq!(made["items"][1]["inputIndices"], json!([1]));
    assert_eq!(made["items"][2]["errors"][0]["error"], "INVALID_INPUT_DATA");
    assert_eq!(made["relations"][0]["operation"], "INSERT");
    assert_eq!(
        admin.list("cmdb_rel_ci", &format!("child={server}")).len(),
        1
    );

    // §9.2: what is wrong with a relation is its own error; the items are kept.
    let mut odd = payload.clone();
    odd["relations"][0]["type"] = "No::Such".into();
    let odd = run("", &odd);
    assert_eq!(
        odd["relations"][0]["errors"][0]["error"],
        "INVALID_INPUT_DATA"
    );
    usual_types_are_there(&admin);

    let again = run("/enhanced", &payload);
    assert_eq!(operations(&again), ["NO_CHANGE", "NO_CHANGE", "NO_CHANGE"]);
    assert_eq!(
        again["items"][0]["identificationAttempts"][0]["attemptResult"],
        "MATCHED"
    );
    assert_eq!(again["relations"][0]["operation"], "NO_CHANGE");
    // The serial number tells who it is, whatever it is called now.
    let renamed = json!({"items": [{"className": "cmdb_ci_linux_server", "values": {"name": "ire.renamed", "serial_number": "S-1"}}]});
    let renamed = run("", &renamed);
    assert_eq!(
        (
            text(&renamed["items"][0], "operation"),
            text(&renamed["items"][0], "sysId")
        ),
        ("UPDATE".to_owned(), server)
    );
    assert_eq!(
        admin
            .send_json("POST", "/api/now/identifyreconcile", &json!({}))
            .status,
        400
    );
    let refused =
        world
            .as_user("employee")
            .send_json("POST", "/api/now/identifyreconcile", &payload);
    assert_eq!(refused.status, 403);
}

/// Programs name them.
fn usual_types_are_there(admin: &Caller<'_>) {
    for name in [
        "Runs on::Runs",
        "Hosted on::Hosts",
        "Contains::Contained by",
    ] {
        admin.sys_id("cmdb_rel_type", &format!("name={name}"));
    }
}
