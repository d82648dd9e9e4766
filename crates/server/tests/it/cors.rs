//! Calls from pages of other origins (`rest-and-records.md` §12.2; security.md §2, 50).

use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::world::World;

const PAGE: &str = "http://localhost:3000";
const TABLE: &str = "/api/now/table/incident?sysparm_limit=1";

fn preflight(world: &World, path: &str, method: &str, origin: &str) -> Answer {
    let request = world.http.request("OPTIONS", path);
    Answer::of(
        request
            .header("Origin", origin)
            .header("Access-Control-Request-Method", method)
            .header("Access-Control-Request-Headers", "authorization,x-own"),
    )
}

fn rule(world: &World, more: &Value) -> String {
    let mut rule = json!({"name": "page", "domain": PAGE, "rest_api": "now/table", "get": true});
    for (key, value) in more.as_object().unwrap() {
        rule[key] = value.clone();
    }
    let made = world.admin().create("sys_cors_rule", &rule);
    made["sys_id"].as_str().unwrap().to_owned()
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer
        .headers
        .get(name)
        .map(|value| value.to_str().unwrap())
}

// covers: rest §12.2 no rule
#[test]
fn rest_12_2_without_a_rule_there_are_no_cors_headers() {
    let world = World::own();
    for path in [TABLE, "/oauth_token.do", "/oauth_auth.do", "/login.do"] {
        let told = preflight(&world, path, "GET", PAGE);
        assert_eq!(header(&told, "access-control-allow-origin"), None, "{path}");
    }
    let told = preflight(&world, TABLE, "GET", PAGE);
    assert_eq!((told.status, &*told.body), (200, ""));
    assert_eq!(
        header(&told, "x-snowglobe-reason"),
        Some("cors_not_allowed")
    );
    let request = world.http.request("GET", TABLE).header("Origin", PAGE);
    let answer = Answer::of(request);
    assert_eq!(answer.status, 401);
    assert_eq!(header(&answer, "access-control-allow-origin"), None);
    assert_eq!(header(&answer, "vary"), Some("Origin"));
}

// covers: rest §12.2 domain, methods, max age
#[test]
fn rest_12_2_a_rule_opens_its_api_to_its_origin_at_once() {
    let world = World::own();
    let sys_id = rule(
        &world,
        &json!({"max_age": 600, "exposed_headers": "X-Total-Count,Link"}),
    );
    let told = preflight(&world, TABLE, "GET", PAGE);
    assert_eq!(told.status, 200);
    for (name, value) in [
        ("access-control-allow-origin", PAGE),
        ("access-control-allow-methods", "GET"),
        ("access-control-allow-headers", "authorization,x-own"),
        ("access-control-max-age", "600"),
        ("vary", "Origin"),
    ] {
        assert_eq!(header(&told, name), Some(value), "{name}");
    }
    assert_eq!(header(&told, "access-control-allow-credentials"), None);

    let token = world.access_token(&world.demo_client());
    let request = world.http.bearer(&token, "GET", TABLE);
    let answer = Answer::of(request.header("Origin", PAGE));
    assert_eq!(answer.status, 200);
    assert_eq!(header(&answer, "access-control-allow-origin"), Some(PAGE));
    assert_eq!(
        header(&answer, "access-control-expose-headers"),
        Some("X-Total-Count,Link")
    );
    // A page may read why it was refused, too.
    let refused = Answer::of(world.http.request("GET", TABLE).header("Origin", PAGE));
    assert_eq!(refused.status, 401);
    assert_eq!(header(&refused, "access-control-allow-origin"), Some(PAGE));

    for (method, path, origin) in [
        ("POST", TABLE, PAGE),
        ("GET", "/api/now/stats/incident", PAGE),
        ("GET", TABLE, "http://localhost:3001"),
        ("GET", TABLE, "null"),
    ] {
        let told = preflight(&world, path, method, origin);
        let allowed = header(&told, "access-control-allow-origin");
        assert_eq!(allowed, None, "{method} {path} {origin}");
    }
    let off = json!({"active": "false"});
    world.admin().change("sys_cors_rule", &sys_id, &off);
    let told = preflight(&world, TABLE, "GET", PAGE);
    assert_eq!(header(&told, "access-control-allow-origin"), None);
}

#[test]
fn rest_12_2_an_api_is_named_by_its_record_its_name_or_its_path() {
    let world = World::own();
    let admin = world.admin();
    let table_api = admin.sys_id("sys_ws_definition", "name=Table API");
    for named in [
        &*table_api,
        "Table API",
        "Table API [now/table]",
        "/api/now/table",
    ] {
        let sys_id = rule(&world, &json!({"rest_api": named}));
        let told = preflight(&world, TABLE, "GET", PAGE);
        let allowed = header(&told, "access-control-allow-origin");
        assert_eq!(allowed, Some(PAGE), "{named}");
        let path = format!("/api/now/table/sys_cors_rule/{sys_id}");
        assert_eq!(admin.send("DELETE", &path).status, 204);
    }
}

// covers: rest §12.2 allow-credentials, allow-headers, expose-headers
#[test]
fn rest_12_2_credentials_and_headers_are_as_the_rule_says() {
    let world = World::own();
    rule(
        &world,
        &json!({"access_control_allow_credentials": true, "access_control_allow_headers": "Authorization,Accept"}),
    );
    rule(
        &world,
        &json!({"domain": "https://*.example.com", "access_control_allow_credentials": true}),
    );
    let told = preflight(&world, TABLE, "GET", PAGE);
    assert_eq!(
        header(&told, "access-control-allow-credentials"),
        Some("true")
    );
    assert_eq!(
        header(&told, "access-control-allow-headers"),
        Some("Authorization,Accept")
    );
    let told = preflight(&world, TABLE, "GET", "https://a.example.com");
    assert_eq!(
        header(&told, "access-control-allow-origin"),
        Some("https://a.example.com")
    );
    assert_eq!(header(&told, "access-control-allow-credentials"), None);
}

// covers: rest §12.2 glide.rest.cors.enabled
#[test]
fn rest_12_2_the_switch_turns_all_rules_off() {
    let world = World::own();
    rule(&world, &json!({}));
    let admin = world.admin();
    let switch = admin.sys_id("sys_properties", "name=glide.rest.cors.enabled");
    admin.change("sys_properties", &switch, &json!({"value": "false"}));
    let told = preflight(&world, TABLE, "GET", PAGE);
    // It is a question like any other then, and its answer opens nothing.
    assert_eq!(told.status, 200);
    assert_eq!(header(&told, "access-control-allow-origin"), None);
}

#[test]
fn rest_12_2_a_domain_that_names_no_origins_is_refused() {
    let world = World::own();
    for domain in ["*", "https://*com", "http://192.168.1.*", "example.com"] {
        let body = json!({"name": "bad", "domain": domain, "rest_api": "now/table"});
        let answer = world
            .admin()
            .send_json("POST", "/api/now/table/sys_cors_rule", &body);
        assert_eq!(answer.status, 403, "{domain}");
        assert_eq!(answer.header("x-snowglobe-reason"), "cors_domain_invalid");
    }
}

#[test]
fn security_50_a_rule_opens_token_endpoints_by_path_and_pages_never() {
    let world = World::own();
    for path in [
        "/oauth_token.do",
        "/oauth2/token",
        "/oauth_auth.do",
        "/oauth2/authorize",
        "/login.do",
    ] {
        let more = json!({"use_resource_path": true, "resource_path": path, "post": true});
        rule(&world, &more);
    }
    for path in ["/oauth_token.do", "/oauth2/token"] {
        let told = preflight(&world, path, "POST", PAGE);
        let allowed = header(&told, "access-control-allow-origin");
        assert_eq!(allowed, Some(PAGE), "{path}");
        let request = world.http.request("POST", path).header("Origin", PAGE);
        let answer = Answer::of(request.form(&[("grant_type", "none")]));
        let allowed = header(&answer, "access-control-allow-origin");
        assert_eq!(allowed, Some(PAGE), "{path}");
    }
    for path in [
        "/oauth_auth.do",
        "/oauth2/authorize",
        "/login.do",
        "/incident_list.do",
    ] {
        for method in ["GET", "POST"] {
            let told = preflight(&world, path, method, PAGE);
            let allowed = header(&told, "access-control-allow-origin");
            assert_eq!(allowed, None, "{path}");
        }
    }
}
