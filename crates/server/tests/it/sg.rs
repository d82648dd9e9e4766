//! The endpoints for whoever runs the instance, and what is in every answer.

use std::collections::HashSet;

use snowglobe_testkit::Answer;

use crate::world::World;

#[test]
fn it_is_alive_and_ready() {
    let world = World::shared();
    for (path, body) in [
        ("/_sg/health", r#"{"status":"ok"}"#),
        ("/_sg/ready", r#"{"status":"ready"}"#),
    ] {
        let answer = world.http.get(path);
        assert_eq!((answer.status, &*answer.body), (200, body));
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

/// The value of a counter, 0 if it is not there yet.
fn requests(metrics: &str, route: &str, status: u16) -> u64 {
    let name = format!("snowglobe_http_requests_total{{route=\"{route}\",status=\"{status}\"}} ");
    let line = metrics.lines().find_map(|line| line.strip_prefix(&name));
    line.map_or(0, |count| count.parse().unwrap())
}

#[test]
fn a_request_is_counted_under_the_pattern_of_its_route() {
    let world = World::own();
    let id = world.admin().sys_id("sys_user", "user_name=admin");
    let metrics = || {
        let answer = world.http.get("/_sg/metrics");
        assert!(
            answer
                .header("content-type")
                .starts_with("application/openmetrics-text")
        );
        answer.body
    };
    let before = metrics();
    world
        .admin()
        .get(&format!("/api/now/v2/table/sys_user/{id}"));
    world.as_nobody().get("/api/now/v2/table/sys_user/canary");
    world.http.get("/no/such/canary");
    world
        .http
        .form("/oauth_token.do", &[("client_id", "canary")]);
    world.admin().send("PUT", "/api/now/table/canary");
    let after = metrics();
    for (route, status) in [
        ("/api/now/v2/table/{table}/{sys_id}", 200),
        ("/api/now/v2/table/{table}/{sys_id}", 401),
        ("unmatched", 404),
        ("/oauth_token.do", 401),
        ("/api/now/table/{table}", 405),
    ] {
        let counted = requests(&after, route, status) - requests(&before, route, status);
        assert_eq!(counted, 1, "{route} {status}:\n{after}");
    }
    assert!(after.contains("snowglobe_http_request_duration_seconds_bucket{"));
    assert!(!after.contains(&id) && !after.contains("canary"), "{after}");
    assert!(after.ends_with("# EOF\n"));
}

// covers: rest §1.5 X-Transaction-ID
#[test]
fn every_answer_names_its_transaction() {
    let world = World::shared();
    let mut seen = HashSet::new();
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/_sg/health"),
        ("POST", "/_sg/health"),
        ("GET", "/_sg/metrics"),
        ("GET", "/api/now/table/incident"),
        ("DELETE", "/api/now/table/incident"),
        ("GET", "/api/now/table/%ff"),
        ("GET", "/api/nothing"),
        ("GET", "/oauth_token.do"),
        ("POST", "/oauth2/token"),
        ("POST", "/oauth2/revoke"),
        ("GET", "/oauth_revoke_token.do?token=x"),
        ("OPTIONS", "/api/now/table/incident"),
    ] {
        let answer = Answer::of(world.http.request(method, path));
        let id = answer.header("x-transaction-id").to_owned();
        let hex = id.len() == 12 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        assert!(hex, "{method} {path}: {id}");
        assert!(seen.insert(id), "{method} {path}");
    }
}
