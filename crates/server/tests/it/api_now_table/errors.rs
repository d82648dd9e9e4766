//! The catalogue of errors, word for word (§1.7).

use serde_json::json;

use super::incidents;
use crate::world::World;

fn envelope(message: &str, detail: &str) -> String {
    let detail = if detail.is_empty() {
        "null".to_owned()
    } else {
        format!("\"{detail}\"")
    };
    format!(r#"{{"error":{{"message":"{message}","detail":{detail}}},"status":"failure"}}"#)
}

const NO_RECORD: (&str, &str) = (
    "No Record found",
    "Record doesn't exist or ACL restricts the record retrieval",
);

// covers: rest §1.7 E1
#[test]
fn e1_unknown_table() {
    let world = World::shared();
    let id = "0123456789abcdef0123456789abcdef";
    for caller in [world.admin(), world.as_user("employee")] {
        for (method, path) in [
            ("GET", ""),
            ("POST", ""),
            ("GET", id),
            ("PUT", id),
            ("PATCH", id),
            ("DELETE", id),
        ] {
            let path = format!("/api/now/table/no_such_table/{path}");
            let answer = caller.send_json(method, path.trim_end_matches('/'), &json!({}));
            assert_eq!(
                (answer.status, answer.body),
                (400, envelope("Invalid table no_such_table", "")),
                "{method}"
            );
        }
    }
}

#[test]
fn e1_a_name_is_shown_as_it_came_and_breaks_nothing() {
    let world = World::shared();
    for (path, name) in [
        ("%22%5C%0A", "\"\\\n"),
        ("%00", "\0"),
        ("%C3%BC", "ü"),
        ("..%2F..%2Fetc", "../../etc"),
        ("incident%20", "incident "),
        ("%3Cscript%3E", "<script>"),
    ] {
        let answer = world.admin().get(&format!("/api/now/table/{path}"));
        assert_eq!(answer.status, 400, "{path}");
        assert_eq!(
            answer.json()["error"]["message"],
            format!("Invalid table {name}")
        );
    }
    let long = "a".repeat(8000);
    let answer = world.admin().get(&format!("/api/now/table/{long}"));
    assert_eq!(
        answer.json()["error"]["message"],
        format!("Invalid table {long}")
    );
    let answer = world.admin().get("/api/now/table/%FF");
    assert_eq!(
        (answer.status, answer.json()["status"].as_str()),
        (400, Some("failure")),
        "{}",
        answer.body
    );
}

// covers: rest §1.7 E2
#[test]
fn e2_missing_and_hidden_look_alike() {
    let world = World::shared();
    let [hidden] = &incidents(world, "errors.hidden", 1)[..] else {
        panic!("one incident")
    };
    let employee = world.as_user("employee");
    for id in [
        hidden,
        "0123456789abcdef0123456789abcdef",
        "x",
        "%00",
        "%27",
        "%25",
        "a%2Fb",
    ] {
        for method in ["GET", "PUT", "PATCH", "DELETE"] {
            let path = format!("/api/now/table/incident/{id}");
            let answer = employee.send_json(method, &path, &json!({"short_description": "x"}));
            assert_eq!(
                (answer.status, answer.body),
                (404, envelope(NO_RECORD.0, NO_RECORD.1)),
                "{method} {id}"
            );
        }
    }
}

// covers: rest §1.7 E4, E5, E6
#[test]
fn e4_e5_e6_refused_writes() {
    let world = World::shared();
    let employee = world.as_user("employee");
    let company = world
        .admin()
        .sys_id("core_company", "name=ACME%20Corporation");
    let record = format!("/api/now/table/core_company/{company}");
    for (method, path, what) in [
        ("POST", "/api/now/table/core_company", "Insert"),
        ("PUT", &*record, "Update"),
        ("PATCH", &*record, "Update"),
        ("DELETE", &*record, "Delete"),
    ] {
        let answer = employee.send_json(method, path, &json!({"name": "Mine"}));
        let detail = format!("ACL Exception {what} Failed due to security constraints");
        assert_eq!(
            (answer.status, answer.body),
            (403, envelope("Operation Failed", &detail)),
            "{method}"
        );
    }
}

// covers: rest §1.7 E9
#[test]
fn e9_a_query_over_what_the_caller_may_not_read() {
    let world = World::shared();
    let expected = (
        403,
        envelope(
            "Insufficient rights to query records",
            "Field(s) present in the query do not have permission to be read",
        ),
    );
    for query in [
        "sysparm_query=name=incident",
        "sysparm_query=ORDERBYvalue",
        "name=incident",
        "sysparm_query=label=a^ORelementLIKEa",
    ] {
        let answer = world
            .as_user("itil")
            .get(&format!("/api/now/table/sys_choice?{query}"));
        assert_eq!((answer.status, answer.body), expected, "{query}");
        assert_eq!(
            world
                .admin()
                .get(&format!("/api/now/table/sys_choice?{query}"))
                .status,
            200,
            "{query}"
        );
    }
}

// covers: rest §1.7 E11
#[test]
fn e11_a_table_that_is_closed_to_web_services() {
    let world = World::own();
    world.admin().create(
        "sys_db_object",
        &json!({"name": "u_closed", "label": "Closed", "ws_access": "false"}),
    );
    let expected = (
        403,
        envelope("User Not Authorized", "Failed API level ACL Validation"),
    );
    let id = "0123456789abcdef0123456789abcdef";
    for caller in [world.admin(), world.as_user("employee")] {
        for (method, path) in [
            ("GET", ""),
            ("POST", ""),
            ("GET", id),
            ("PUT", id),
            ("PATCH", id),
            ("DELETE", id),
        ] {
            let path = format!("/api/now/table/u_closed/{path}");
            let answer = caller.send_json(method, path.trim_end_matches('/'), &json!({}));
            assert_eq!((answer.status, answer.body), expected, "{method}");
        }
    }
}

// covers: rest §1.7 E12
#[test]
fn e12_a_path_that_nothing_is_behind() {
    let world = World::shared();
    for path in [
        "/api/",
        "/api/now",
        "/api/now/v3/table/incident",
        "/api/now/table",
        "/api/now/table/incident/a/b",
        "/api/x_acme/y",
    ] {
        let answer = world.admin().get(path);
        let expected = (
            400,
            envelope("Requested URI does not represent any resource", ""),
        );
        assert_eq!((answer.status, answer.body), expected, "{path}");
    }
    for path in ["/nothing", "/api", "/oauth_token.do/x"] {
        assert_eq!(world.admin().get(path).status, 404, "{path}");
    }
}

#[test]
fn methods_that_a_path_does_not_take() {
    let world = World::shared();
    let record = "/api/now/table/incident/0123456789abcdef0123456789abcdef";
    for (method, path) in [
        ("PUT", "/api/now/table/incident"),
        ("PATCH", "/api/now/table/incident"),
        ("DELETE", "/api/now/v2/table/incident"),
        ("POST", record),
        ("BREW", record),
    ] {
        let answer = world.admin().send(method, path);
        let expected = (
            405,
            envelope(
                "Method not supported",
                "The resource does not offer this method",
            ),
        );
        assert_eq!(
            (answer.status, answer.body.clone()),
            expected,
            "{method} {path}"
        );
        // RFC 9110 §15.5.6: "The origin server MUST generate an Allow header field in a 405 response".
        let allow = answer.header("allow");
        assert!(
            allow.contains("GET") && !allow.contains(method),
            "{method} {path}: {allow}"
        );
    }
}
