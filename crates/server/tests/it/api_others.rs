//! Smaller APIs beside the Table API (`rest-and-records.md` §9.3 to §9.5).

use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::world::{World, text};

#[test]
fn rest_9_3_roles_are_told_with_their_ways() {
    let world = World::own();
    let admin = world.admin();
    let sys_id = world.person("ways", "Right-1!", json!({}));
    let itil = admin.sys_id("sys_user_role", "name=itil");
    let role = admin.sys_id("sys_user_role", "name=catalog_admin");
    let group = text(
        &admin.create("sys_user_group", &json!({"name": "Ways"})),
        "sys_id",
    );
    admin.create("sys_user_has_role", &json!({"user": sys_id, "role": itil}));
    admin.create("sys_group_has_role", &json!({"group": group, "role": role}));
    admin.create(
        "sys_user_grmember",
        &json!({"user": sys_id, "group": group}),
    );
    let path = format!("/api/global/user_role_inheritance?user_sysid={sys_id}");
    let answer = admin.get(&path);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let result = answer.json()["result"].clone();
    assert_eq!(result["user_name"], "ways");
    assert_eq!(
        result["from_group"],
        json!(["[Ways]/catalog_admin", "[Ways]/catalog_admin/catalog"])
    );
    let ways = result["from_role"].as_array().unwrap();
    for way in [
        "/itil",
        "/itil/sn_incident_write",
        "/itil/sn_incident_write/sn_incident_read",
    ] {
        assert!(ways.contains(&json!(way)), "{way}");
    }
    assert_eq!(
        admin.get("/api/global/user_role_inheritance").json(),
        json!({"result": {"user_name": ""}})
    );
    assert_eq!(
        admin
            .get("/api/global/user_role_inheritance?user_sysid=none")
            .status,
        404
    );
    assert_eq!(world.as_user("itil").get(&path).status, 403);
}

#[test]
fn rest_9_4_accounts_contacts_and_cases_are_their_own_apis() {
    let world = World::own();
    let admin = world.admin();
    let accounts = admin.get("/api/now/account?sysparm_limit=1&sysparm_query=ORDERBYnumber");
    assert_eq!(accounts.status, 200, "{}", accounts.body);
    assert_eq!(accounts.json()["hasMore"], true);
    assert_eq!(accounts.json()["result"][0]["name"], "Boxeo");
    let emea = admin.get("/api/now/account/3eedd08413651200042ab3173244b088");
    // References are plain texts.
    assert_eq!(
        emea.json()["result"]["account_parent"],
        "86837a386f0331003b3c498f5d3ee4ca"
    );
    let body = json!({"user_name": "csm.new", "last_name": "New", "account": "86837a386f0331003b3c498f5d3ee4ca"});
    let made = admin.send_json("POST", "/api/now/contact", &body);
    assert_eq!(made.status, 201, "{}", made.body);
    let sys_id = text(&made.json()["result"], "sys_id");
    let contact = admin.get(&format!(
        "/api/now/contact/{sys_id}?sysparm_fields=user_name,account"
    ));
    let expected =
        json!({"result": {"user_name": "csm.new", "account": "86837a386f0331003b3c498f5d3ee4ca"}});
    assert_eq!(contact.json(), expected);
    assert_eq!(admin.get(&format!("/api/now/account/{sys_id}")).status, 404);
    let case = admin.send_json(
        "POST",
        "/api/sn_customerservice/case",
        &json!({"short_description": "case"}),
    );
    assert_eq!(case.status, 201, "{}", case.body);
    let sys_id = text(&case.json()["result"], "sys_id");
    let path = format!("/api/sn_customerservice/case/{sys_id}");
    let changed = admin.send_json("PUT", &path, &json!({"short_description": "changed"}));
    assert_eq!(
        (
            changed.status,
            &changed.json()["result"]["short_description"]
        ),
        (200, &json!("changed"))
    );
    assert_eq!(
        world.as_user("employee").get("/api/now/account").status,
        403
    );
}

fn with_any_accept(world: &World, path: &str) -> Answer {
    let request = world.admin().request("GET", path);
    Answer::of(request.header("Accept", "*/*"))
}

// covers: rest §1.7 E21
#[test]
fn rest_9_5_apis_are_listed_and_described() {
    let world = World::shared();
    let all = world.admin().get("/api/now/doc").json()["result"].clone();
    let table = &all["now"]["Table API"];
    assert_eq!(table["apiName"], "now/table");
    let resources = table["versions"]["v2"]["resources"].as_array().unwrap();
    let expected = json!("/now/table/{table}/{sys_id}");
    assert!(
        resources
            .iter()
            .any(|it| it["httpMethod"] == "DELETE" && it["route"] == expected)
    );
    let global = world
        .admin()
        .get("/api/now/doc/services?namespace=global")
        .json();
    let names: Vec<&String> = global["result"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["global"]);
    assert_eq!(
        world
            .admin()
            .get("/api/now/doc/services?namespace=none")
            .json(),
        json!({"result": {}})
    );
    let namespaces = world.admin().get("/api/now/doc/namespaces").json();
    assert_eq!(
        namespaces["result"],
        json!([
            "global",
            "now",
            "sn_chg_rest",
            "sn_customerservice",
            "sn_sc"
        ])
    );

    let path = "/api/now/doc/oas_3?namespace=now&name=Table%20API&version=v1&format=json";
    let answer = with_any_accept(world, path);
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/octet-stream")
    );
    let document: Value = answer.json();
    assert_eq!(document["openapi"], "3.0.1");
    assert_eq!(document["servers"][0]["url"], world.url);
    let operation = &document["paths"]["/api/now/v1/table/{table}"]["post"];
    assert_eq!(operation["parameters"][0]["name"], "table");
    assert_eq!(operation["responses"].as_object().unwrap().len(), 1);
    let request = world.admin().request("GET", path);
    let refused = Answer::of(request.header("Accept", "application/json"));
    assert_eq!(refused.status, 406);
    // E21
    let unknown = with_any_accept(world, "/api/now/doc/oas_3?namespace=now&name=None");
    assert_eq!(
        (unknown.status, &unknown.json()["error"]["message"]),
        (404, &json!("API None not found in namespace now"))
    );
}

#[test]
fn rest_12_3_every_described_operation_is_served() {
    let world = World::shared();
    let all = world.admin().get("/api/now/doc").json()["result"].clone();
    let id = "0123456789abcdef0123456789abcdef";
    for (_, apis) in all.as_object().unwrap() {
        for (name, api) in apis.as_object().unwrap() {
            let latest = &api["versions"]["latest"]["resources"];
            for resource in latest.as_array().unwrap_or_else(|| panic!("{name}: {api}")) {
                let route = text(resource, "route");
                let mut path = format!("/api{route}");
                for (step, value) in [
                    ("{table}", "incident"),
                    ("{class}", "cmdb_ci"),
                    ("{staging}", "imp_user"),
                    ("{sys_id}", id),
                    ("{rel_id}", id),
                    ("{file_name}", "a.txt"),
                ] {
                    path = path.replace(step, value);
                }
                let answer = world.as_nobody().send(&text(resource, "httpMethod"), &path);
                assert_eq!(answer.status, 401, "{resource}");
            }
        }
    }
}
