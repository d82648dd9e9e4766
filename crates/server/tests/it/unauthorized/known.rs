//! Who is known and may not, and routes that ask for something else than credentials.

use serde_json::json;

use super::{Guard, headers::basic, on, password_tokens, rows};
use crate::world::World;

/// Who is known and may not: (method, status on a readable row, status on an unreadable row).
#[test]
fn who_may_not_is_told_so_and_no_more() {
    let world = World::shared();
    let tokens = password_tokens(world);
    let employee = world.as_bearer(&tokens.access);
    let company = world
        .admin()
        .sys_id("core_company", "name=ACME%20Corporation");
    let role = world.admin().sys_id("sys_user_role", "name=admin");
    let refused = |what: &str| {
        let detail = format!("ACL Exception {what} Failed due to security constraints");
        (
            403,
            format!(
                r#"{{"error":{{"message":"Operation Failed","detail":"{detail}"}},"status":"failure"}}"#
            ),
        )
    };
    let missing = (404, r#"{"error":{"message":"No Record found","detail":"Record doesn't exist or ACL restricts the record retrieval"},"status":"failure"}"#.to_owned());
    let send = |method: &str, path: &str| {
        let answer = employee.send_json(method, path, &json!({"name": "x"}));
        (answer.status, answer.body)
    };
    let of_records = |(path, method): &(&str, &str)| path.contains("/table/{") && *method != "HEAD";
    for (path, method) in rows(Guard::User).filter(of_records) {
        let readable = send(method, &on(path, "core_company", &company));
        let hidden = send(method, &on(path, "sys_user_role", &role));
        let on_list = path.ends_with("{table}");
        match method {
            "POST" => {
                assert_eq!(readable, refused("Insert"), "{path}");
                assert_eq!(hidden, refused("Insert"), "{path}");
            }
            "GET" if on_list => {
                assert_eq!(readable.0, 200, "{path}");
                let nothing = (200, "{\"result\":[]}".to_owned());
                let expected = if path.contains("/v1/") {
                    &missing
                } else {
                    &nothing
                };
                assert_eq!(&hidden, expected, "{path}");
            }
            "GET" => assert_eq!((readable.0, &hidden), (200, &missing), "{path}"),
            "DELETE" => assert_eq!((readable, &hidden), (refused("Delete"), &missing), "{path}"),
            _ => assert_eq!((readable, &hidden), (refused("Update"), &missing), "{path}"),
        }
    }
    let found = world
        .admin()
        .list("core_company", &format!("sysparm_query=sys_id={company}"));
    assert_eq!(found[0]["name"], "ACME Corporation");
}

#[test]
fn only_administrators_and_the_operator_look_into_the_instance() {
    let world = World::shared();
    let employee = world.as_bearer(&password_tokens(world).access);
    for (path, method) in rows(Guard::Operator) {
        for caller in [&employee, &world.as_user("itil")] {
            assert_eq!(caller.send(method, path).status, 403, "{method} {path}");
        }
        let other = world.as_header("Bearer sgop_0000000000000000000000000000000000000000000");
        assert_eq!(other.send(method, path).status, 401, "{method} {path}");
    }
}

#[test]
fn what_asks_for_nobody_answers_whatever_credentials_come() {
    let world = World::shared();
    for header in ["Bearer abc", "Basic !!!", "nonsense"] {
        for (path, method) in rows(Guard::None) {
            let answer = world.as_header(header).send(method, path);
            assert_eq!(answer.status, 200, "{path}");
        }
        for (path, method) in rows(Guard::Token) {
            let answer = world
                .as_header(header)
                .send(method, &format!("{path}?token=unknown"));
            assert_eq!(
                (answer.status, &*answer.body),
                (200, "{}"),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn who_is_not_logged_in_is_sent_to_the_login_page() {
    let world = World::shared();
    let token = world.access_token(&world.demo_client());
    let bearer = format!("Bearer {token}");
    let admin = basic("admin", world.password("admin"));
    for header in ["nonsense", &bearer, &admin] {
        for (pattern, method) in rows(Guard::Session) {
            let path = pattern.replace("{page}", "incident.do");
            let answer = world.as_header(header).send(method, &path);
            // `inbound-oauth.md` §1: lists and forms are shown to a token; `properties` says more.
            if (pattern, method, header) == ("/{page}", "GET", &bearer) {
                assert_eq!(answer.status, 200, "{path}");
                continue;
            }
            assert_eq!(answer.status, 303, "{method} {path}");
            let to = answer.header("location");
            assert!(
                to.starts_with("/login.do?sysparm_goto_url="),
                "{path}: {to}"
            );
        }
    }
}
