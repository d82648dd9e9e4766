//! `/_sg/explain/{id}`, `/_sg/requests` and `X-Snowglobe-Reason`: every refusal has a reason.

use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, STRICT, World};

fn reason(answer: &Answer) -> &str {
    answer.header("x-snowglobe-reason")
}

fn explained(world: &World, answer: &Answer) -> Value {
    let id = answer.header("x-transaction-id");
    let explanation = world.admin().get(&format!("/_sg/explain/{id}"));
    assert_eq!(explanation.status, 200, "{}", explanation.body);
    explanation.json()
}

#[test]
fn a_refusal_tells_its_operator_why_and_nobody_else() {
    let world = World::shared();
    let client = world.demo_client();
    let wrong = Client {
        secret: "canary-wrong-Qx7".to_owned(),
        ..client.clone()
    };
    for (path, status) in [(SERVICENOW, 401), (STRICT, 401)] {
        let answer = world.grant(path, &wrong, &[CLIENT_CREDENTIALS]);
        assert_eq!(
            (answer.status, reason(&answer)),
            (status, "client_secret_wrong")
        );
        assert!(!answer.body.contains("secret_wrong"), "{}", answer.body);
        let told = explained(world, &answer);
        assert_eq!(told["reason"], "client_secret_wrong");
        assert_eq!(
            (&told["route"], &told["status"]),
            (&json!(path), &json!(401))
        );
        assert_eq!(told["client"], json!(client.id));
        assert_eq!(told["who"], "client");
        for key in ["what", "rule", "here", "there"] {
            assert!(
                told[key].as_str().is_some_and(|text| !text.is_empty()),
                "{key}"
            );
        }
        assert!(!told.to_string().contains("canary"), "{told}");
    }
}

#[test]
fn what_was_expected_stands_against_what_came() {
    let world = World::shared();
    let client = world.demo_client();
    let missing = world.grant(STRICT, &client, &[]);
    assert_eq!(
        explained(world, &missing)["expected"],
        "the parameter grant_type"
    );
    let unknown = world.grant(STRICT, &client, &[("grant_type", "magic")]);
    assert_eq!(explained(world, &unknown)["received"], "grant_type=magic");
    let table = world.admin().get("/api/now/table/u_nothing");
    assert_eq!(explained(world, &table)["received"], "the table u_nothing");
}

#[test]
fn a_known_caller_is_named() {
    let world = World::shared();
    let refused = world.as_user("employee").send_json(
        "POST",
        "/api/now/table/core_company",
        &json!({"name": "x"}),
    );
    let told = explained(world, &refused);
    assert_eq!(
        (&told["reason"], &told["user"], &told["client"]),
        (&json!("acl_write_denied"), &json!("employee"), &Value::Null)
    );
    let tokens = world.tokens(&world.demo_client(), "employee", world.password("employee"));
    let refused = world
        .as_bearer(&tokens.access)
        .send("DELETE", "/api/now/table/core_company/x");
    let told = explained(world, &refused);
    assert_eq!(
        (&told["reason"], &told["user"], &told["client"]),
        (
            &json!("record_not_found"),
            &json!("employee"),
            &json!(world.demo_client().id)
        )
    );
}

#[test]
fn security_60_every_refusal_has_a_reason_of_the_list() {
    let world = World::shared();
    let employee = world.as_user("employee");
    let admin = world.admin();
    let strict = |form: &[(&str, &str)]| world.http.form(STRICT, form);
    let send = |method: &str, path: &str| world.as_nobody().send(method, path);
    let token = world.access_token(&world.demo_client());
    let other = if token.ends_with('A') { 'Q' } else { 'A' };
    let forged = format!("{}{other}", &token[..85]);
    for (answer, expected) in [
        (world.http.get("/nothing/here"), "path_unknown"),
        (world.http.get("/api/nothing"), "api_unknown"),
        (world.http.get(SERVICENOW), "method"),
        (send("PUT", "/oauth2/jwks"), "method_not_allowed"),
        (send("PATCH", "/login.do"), "method_not_allowed"),
        (send("POST", "/_sg/health"), "method_not_allowed"),
        (
            send("POST", "/api/now/stats/incident"),
            "method_not_allowed",
        ),
        (world.http.get("/_sg/assets/nothing.css"), "path_unknown"),
        (world.http.get("/_sg/assets/%ff"), "path_unknown"),
        (strict(&[]), "parameter_missing"),
        (strict(&[CLIENT_CREDENTIALS]), "client_missing"),
        (
            strict(&[CLIENT_CREDENTIALS, ("client_id", "nobody")]),
            "client_unknown",
        ),
        (
            world.as_nobody().get("/api/now/table/incident"),
            "no_credentials",
        ),
        (
            world.as_header("Digest x").get("/api/now/table/incident"),
            "scheme_unknown",
        ),
        (
            world.as_header("Basic !").get("/api/now/table/incident"),
            "credentials_unreadable",
        ),
        (
            world.as_basic("admin", "no").get("/api/now/table/incident"),
            "password_wrong",
        ),
        (
            world
                .as_basic("nobody", "no")
                .get("/api/now/table/incident"),
            "user_unknown",
        ),
        (
            world.as_bearer("x").get("/api/now/table/incident"),
            "token_malformed",
        ),
        (
            world.as_bearer(&forged).get("/api/now/table/incident"),
            "token_forged",
        ),
        (admin.get("/api/now/table/incident/x"), "record_not_found"),
        (admin.get("/api/now/table/u_none"), "table_unknown"),
        (
            admin.get("/api/now/table/incident?sysparm_limit=many"),
            "parameter_invalid",
        ),
        (
            admin.send("PUT", "/api/now/table/incident"),
            "method_not_allowed",
        ),
        (
            Answer::of(
                admin
                    .request("GET", "/api/now/table/incident")
                    .header("Accept", "image/png"),
            ),
            "accept_not_json",
        ),
        (
            Answer::of(admin.request("POST", "/api/now/table/incident").body("{")),
            "body_unreadable",
        ),
        (
            admin.send_json(
                "POST",
                "/api/now/table/sys_user",
                &json!({"user_name": "admin"}),
            ),
            "value_not_unique",
        ),
        (
            employee.send_json("POST", "/api/now/table/sys_user", &json!({})),
            "acl_write_denied",
        ),
        (employee.get("/_sg/requests"), "not_operator"),
        (admin.get("/_sg/explain/000000000000"), "refusal_not_found"),
    ] {
        assert!(answer.status >= 400, "{expected}: {}", answer.status);
        assert_eq!(reason(&answer), expected, "{}", answer.body);
        assert_eq!(explained(world, &answer)["reason"], expected);
    }
}

#[test]
fn an_answer_that_refuses_nothing_names_no_reason() {
    let world = World::shared();
    let answer = world.admin().get("/api/now/table/incident?sysparm_limit=1");
    assert_eq!((answer.status, reason(&answer)), (200, ""));
    let told = explained(world, &answer);
    assert_eq!(
        (&told["reason"], &told["status"]),
        (&Value::Null, &json!(200))
    );
    let nothing = world.admin().get("/api/now/doc/table/schema");
    let id = nothing.header("x-transaction-id");
    assert_eq!(world.admin().get(&format!("/_sg/explain/{id}")).status, 404);
}

#[test]
fn the_last_requests_are_listed_without_what_they_carried() {
    let world = World::own();
    world
        .admin()
        .get("/api/now/table/incident?sysparm_query=canary");
    let refused = world.http.form(STRICT, &[("client_id", "canary")]);
    let listed = world.admin().get("/_sg/requests");
    assert!(!listed.body.contains("canary"), "{}", listed.body);
    let listed = listed.json();
    let newest = &listed["requests"][0];
    assert_eq!(newest["id"], refused.header("x-transaction-id"));
    assert_eq!(
        (
            &newest["method"],
            &newest["route"],
            &newest["status"],
            &newest["reason"]
        ),
        (
            &json!("POST"),
            &json!(STRICT),
            &json!(400),
            &json!("parameter_missing")
        )
    );
    let before = &listed["requests"][1];
    assert_eq!(
        (&before["route"], &before["reason"]),
        (&json!("/api/now/table/{table}"), &Value::Null)
    );
}

#[test]
fn a_list_tells_its_operator_what_was_made_of_it() {
    let world = World::shared();
    let path = "/api/now/table/incident?sysparm_fields=number,nope\
                &sysparm_query=active=true^ORstate=6^nope=1^ORDERBYDESCcaller_id.name";
    let told = explained(world, &world.as_user("employee").get(path));
    assert_eq!(told["status"], 200);
    let records = &told["records"];
    assert_eq!(
        (&records["table"], &records["operation"]),
        (&json!("incident"), &json!("read"))
    );
    assert_eq!(
        records["query"],
        json!({
            "text": "active=true^ORstate=6^nope=1^ORDERBYDESCcaller_id.name",
            "understood": "(active = 1 OR state = 6)",
            "order": ["caller_id.name descending"],
            "dropped": [{"clause": "nope=1", "why": "unknown field"}],
        })
    );
    assert_eq!(
        records["fields"],
        json!({"unknown": ["nope"], "withheld": []})
    );
    let rows = &records["rows"];
    let count = |key: &str| {
        rows[key]
            .as_u64()
            .unwrap_or_else(|| panic!("no {key} in {rows}"))
    };
    assert!(count("before_rules") >= count("after_rules"), "{rows}");
    let gate = &records["rules"][0];
    assert_eq!(
        (&gate["object"], &gate["outcome"]),
        (&json!("incident"), &json!("granted for some rows"))
    );
    let rules = gate["rules"].as_array().unwrap();
    let outcome = |roles: &str| {
        let is = |rule: &&Value| rule["roles"].to_string().contains(roles);
        rules.iter().find(is).map(|rule| rule["outcome"].clone())
    };
    assert_eq!(
        outcome("sn_incident_read"),
        Some(json!("failed: the caller has none of the roles"))
    );
}

#[test]
fn a_query_over_what_is_closed_names_it_to_the_operator() {
    let world = World::shared();
    let path = "/api/now/table/sys_choice?sysparm_query=name=incident";
    let refused = world.as_user("itil").get(path);
    assert_eq!(refused.status, 403);
    let told = explained(world, &refused);
    assert_eq!(told["reason"], "acl_query_denied");
    assert_eq!(
        told["records"]["rows"]["closed_to_queries"],
        json!(["name"])
    );
}

#[test]
fn rfc9110_15_5_6_a_method_that_is_not_taken_is_told_which_are() {
    let world = World::shared();
    for (method, path, expected) in [
        ("PUT", "/oauth2/jwks", "GET,HEAD"),
        ("DELETE", "/api/now/stats/incident", "GET,HEAD"),
    ] {
        let answer = world.as_nobody().send(method, path);
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, expected),
            "{path}"
        );
    }
}

#[test]
fn older_services_and_attachments_are_explained_too() {
    let world = World::shared();
    let employee = world.as_user("employee");
    for (path, table) in [
        (
            "/sys_properties.do?JSONv2&sysparm_query=nameSTARTSWITHglide",
            "sys_properties",
        ),
        (
            "/api/now/attachment?sysparm_query=nameSTARTSWITHglide",
            "sys_attachment",
        ),
    ] {
        let records = explained(world, &employee.get(path))["records"].clone();
        assert_eq!(records["table"], table);
        assert_eq!(records["query"]["text"], "nameSTARTSWITHglide", "{path}");
    }
}
