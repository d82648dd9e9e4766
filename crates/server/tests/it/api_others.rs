//! Smaller APIs beside the Table API (`rest-and-records.md` §9.3 to §9.5).

use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::world::{World, text};

// covers: rest §9.3 user_sysid
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

// covers: rest §9.4 account, contact, case, hasMore
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
            "sn_codesearch",
            "sn_customerservice",
            "sn_km_api",
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

// covers: rest §9.4 consumer
#[test]
fn rest_9_4_consumers_are_made_and_read() {
    let world = World::shared();
    let admin = world.admin();
    let body =
        json!({"first_name": "Harding", "last_name": "Asher", "city": "Plano", "nonsense": "x"});
    let made = admin.send_json("POST", "/api/now/consumer", &body);
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.json()["result"].as_str().unwrap().to_owned();
    let read = admin.get(&format!("/api/now/v1/consumer/{id}")).json()["result"].clone();
    assert_eq!(read["name"], "Harding Asher");
    assert!(text(&read, "number").starts_with("CSMR00"));
    let list = admin
        .get("/api/now/consumer?sysparm_query=city=Plano")
        .json();
    assert_eq!(list["result"][0]["sys_id"], json!(id));
    assert_eq!(
        world.as_user("employee").get("/api/now/consumer").status,
        403
    );
}

// covers: rest §9.6 email
#[test]
fn rest_9_6_mail_is_kept_ready_to_be_sent() {
    let world = World::shared();
    let admin = world.admin();
    let body = json!({"to": ["User <user@example.com>", "b@example.com"], "subject": "Hello",
                      "html": "<p>there</p>", "headers": {"X-Custom": "header"},
                      "table_name": "incident", "table_record_id": "136b5ef2c611227b0026e1ce2fcd2a8c"});
    let made = admin.send_json("POST", "/api/now/v1/email", &body);
    assert_eq!(made.status, 200, "{}", made.body);
    let made = made.json()["result"].clone();
    let id = text(&made, "id");
    assert_eq!(
        made["links"][0],
        json!({"rel": "self", "href": format!("/now/v1/email/{id}")})
    );
    let read = admin.get(&format!("/api/now/v1/email/{id}")).json()["result"].clone();
    for (name, value) in [
        ("type", json!("send-ready")),
        ("state", json!("ready")),
        ("to", json!(["User <user@example.com>", "b@example.com"])),
        ("cc", json!([""])),
        ("subject", json!("Hello")),
        ("html", json!("<p>there</p>")),
        ("headers", json!({"X-Custom": "header"})),
    ] {
        assert_eq!(read[name], value, "{name}");
    }
    let status = admin.get(&format!("/api/now/email/{id}?sysparm_fields=id,state"));
    assert_eq!(
        status.json(),
        json!({"result": {"id": id, "state": "ready"}})
    );
    let nobody = admin.send_json(
        "POST",
        "/api/now/v1/email",
        &json!({"subject": "to nobody"}),
    );
    assert_eq!(nobody.status, 400);
    let itil = world
        .as_user("itil")
        .send_json("POST", "/api/now/v1/email", &body);
    assert_eq!(itil.status, 403, "it asks for a role");
}

// covers: rest §9.6 knowledge
#[test]
fn rest_9_6_published_articles_are_found_and_read() {
    let world = World::shared();
    let admin = world.admin();
    let article = json!({"short_description": "Zorblax resets", "text": "<p>Press <b>zorblax</b></p>",
                         "workflow_state": "published", "sys_view_count": "7", "flagged": "true"});
    let made = admin.create("kb_knowledge", &article);
    admin.create(
        "kb_knowledge",
        &json!({"short_description": "Zorblax draft", "text": "not yet"}),
    );
    let api = "/api/sn_km_api/knowledge/articles";
    let list = |path: &str| admin.get(&format!("{api}{path}")).json()["result"].clone();
    let found = list("?query=zorblax&fields=short_description&fields=workflow_state&limit=5");
    assert_eq!(found["meta"]["count"], 1);
    assert_eq!(found["meta"]["fields"], "short_description,workflow_state");
    let first = &found["articles"][0];
    assert_eq!(first["title"], "Zorblax resets");
    assert_eq!(first["snippet"], "Press zorblax");
    assert_eq!(
        first["id"],
        json!(format!("kb_knowledge:{}", text(&made, "sys_id")))
    );
    assert_eq!(
        first["fields"]["short_description"]["label"],
        "Short description"
    );
    for path in ["/featured", "/most_viewed"] {
        let titles = list(&format!("{path}?query=zorblax"));
        assert_eq!(titles["articles"].as_array().unwrap().len(), 1, "{path}");
    }
    let id = text(&made, "sys_id");
    let file = format!(
        "/api/now/attachment/file?table_name=kb_knowledge&table_sys_id={id}&file_name=z.txt"
    );
    let request = admin
        .request("POST", &file)
        .header("Content-Type", "text/plain");
    let file = text(&Answer::of(request.body("zz")).json()["result"], "sys_id");
    for key in [&id, &text(&made, "number")] {
        let whole = list(&format!("/{key}"));
        assert_eq!(whole["content"], "<p>Press <b>zorblax</b></p>");
        assert_eq!(whole["attachments"][0]["file_name"], "z.txt");
    }
    assert_eq!(
        admin.get(&format!("{api}/{id}/attachments/{file}")).body,
        "zz"
    );
    assert_eq!(
        admin
            .get(&format!("{api}/nothing/attachments/{file}"))
            .status,
        404
    );
    assert_eq!(admin.get(&format!("{api}/nothing")).status, 404);
    assert_eq!(
        world.as_user("employee").get(&format!("{api}/{id}")).status,
        404
    );
}

#[test]
fn rest_12_3_a_description_comes_as_yaml_for_who_asks() {
    let world = World::shared();
    let path = "/api/now/doc/oas_3?namespace=now&name=Table API";
    let yaml = world.admin().get(&format!("{path}&format=yaml"));
    assert_eq!(yaml.header("content-type"), "application/yaml");
    assert!(
        yaml.body.contains("\"openapi\": \"3.0.1\"\n"),
        "{}",
        yaml.body
    );
    let request = world.admin().request("GET", path);
    let accepted = Answer::of(request.header("Accept", "application/yaml"));
    assert_eq!(accepted.body, yaml.body);
}

// covers: rest §9.5 current_user, ui/meta, doc/table/schema, doc/oas_3
#[test]
fn apis_with_one_version_take_any() {
    let world = World::shared();
    for path in [
        "/api/now/v1/ui/user/current_user",
        "/api/now/v2/ui/meta/incident",
        "/api/now/v1/doc/table/schema",
        "/api/now/v1/doc/namespaces",
        "/api/now/v2/attachment?sysparm_limit=1",
    ] {
        assert_eq!(world.admin().get(path).status, 200, "{path}");
        assert_eq!(world.as_nobody().get(path).status, 401, "{path}");
    }
    assert_eq!(
        world.admin().get("/api/now/v9/ui/user/current_user").status,
        400
    );
}
