//! REST messages: built, proven, sent, retried and logged.

use serde_json::{Value, json};
use snowglobe_server::simulate::{Control, Temper};

use super::{
    alias, provider,
    simulated::Provider,
    tokens::{set_up, token},
};
use crate::world::{World, text};

/// Makes a message with one function, and returns the keys of both.
pub(super) fn message(
    world: &World,
    name: &str,
    message: &Value,
    function: &Value,
) -> (String, String) {
    let admin = world.admin();
    let mut fields = json!({"name": name});
    for (key, value) in message.as_object().into_iter().flatten() {
        fields[key] = value.clone();
    }
    let message = text(&admin.create("sys_rest_message", &fields), "sys_id");
    let mut fields = json!({"rest_message": message, "function_name": "call"});
    for (key, value) in function.as_object().into_iter().flatten() {
        fields[key] = value.clone();
    }
    let function = text(&admin.create("sys_rest_message_fn", &fields), "sys_id");
    (message, function)
}

pub(super) fn execute(world: &World, name: &str, body: &Value) -> Value {
    let path = format!("/api/sn_broker/rest_message/{name}/call/execute");
    let answer = world.admin().send_json("POST", &path, body);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["result"].clone()
}

/// The log's rows, which are written a moment later.
pub(super) fn logged(world: &World, count: usize) -> Vec<Value> {
    for _ in 0..200 {
        let rows = world.admin().list("sys_outbound_http_log", "");
        if rows.len() >= count {
            return rows;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the calls are not logged");
}

fn echoed(done: &Value) -> Value {
    assert_eq!(done["status_code"], 200, "{done}");
    serde_json::from_str(done["body"].as_str().unwrap()).unwrap()
}

#[test]
fn outbound_6_a_message_by_alias_needs_no_token_handling_of_its_own() {
    let world = World::own_frozen();
    let simulated = Provider::start(Temper::Strict, 3600);
    set_up(&world, "by_alias", &simulated, "client_credentials");
    let alias = world.admin().sys_id("sys_alias", "id=by_alias");
    let (_, function) = message(
        &world,
        "by_alias",
        &json!({"authentication_type": "alias", "connection_alias": alias}),
        &json!({
            "http_method": "post", "rest_endpoint": "/orders/${id}", "content": "<o>${id}</o>",
            "log_level": "all",
        }),
    );
    let header = json!({"rest_message_function": function, "name": "X-Who", "value": "${who}"});
    world.admin().create("sys_rest_message_fn_headers", &header);
    let query = json!({"rest_message_function": function, "name": "q", "value": "a&b"});
    world
        .admin()
        .create("sys_rest_message_fn_param_defs", &query);
    let done = execute(
        &world,
        "by_alias",
        &json!({"variables": {"id": "7/&", "who": "jo"}}),
    );
    let echo = echoed(&done);
    assert_eq!(echo["method"], "POST");
    assert_eq!(echo["path"], "/api/orders/7%2F%26");
    assert_eq!(echo["query"], "q=a%26b");
    assert_eq!(echo["headers"]["x-who"], "jo");
    assert_eq!(echo["body"], "<o>7/&amp;</o>");
    assert_eq!(simulated.ledger().token_requests, 1);

    // Dead at the API before its time: replaced once, replayed once.
    simulated.control(Control {
        expire: true,
        ..Control::default()
    });
    let again = execute(&world, "by_alias", &json!({"variables": {"id": "8"}}));
    assert_eq!(echoed(&again)["path"], "/api/orders/8");
    assert_eq!(again["unresolved"], json!(["who"]));
    let ledger = simulated.ledger();
    assert_eq!((ledger.token_requests, ledger.api_refusals), (2, 1));

    let logged = logged(&world, 2);
    assert_eq!(text(&logged[0], "response_status"), "200");
    assert_eq!(text(&logged[0], "hostname"), "127.0.0.1");
    assert!(text(&logged[0], "request_body").starts_with("<o>"));
    let held = token(&world, "by_alias");
    assert!(!Value::from(logged).to_string().contains(&held));
}

#[test]
fn outbound_6_3_each_way_to_prove_a_call_is_taken() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    let url = format!("{}/api/x", simulated.url());
    let basic = json!({"name": "m.basic", "username": "jo", "password": "word"});
    let basic = text(
        &world.admin().create("sys_auth_profile_basic", &basic),
        "sys_id",
    );
    message(
        world,
        "m.basic",
        &json!({"rest_endpoint": url, "authentication_type": "basic", "basic_auth_profile": basic}),
        &json!({}),
    );
    let refused = execute(world, "m.basic", &json!({}));
    assert_eq!(
        refused["status_code"], 401,
        "the API wants a token: {refused}"
    );
    let (_, profile) = provider(world, "m.oauth", &simulated.fields("client_credentials"));
    message(
        world,
        "m.oauth",
        &json!({"rest_endpoint": url, "authentication_type": "oauth2", "oauth2_profile": profile}),
        &json!({}),
    );
    assert_eq!(execute(world, "m.oauth", &json!({}))["status_code"], 200);
    // *No authentication* on a function takes the message's away.
    message(
        world,
        "m.none",
        &json!({"rest_endpoint": url, "authentication_type": "oauth2", "oauth2_profile": profile}),
        &json!({"authentication_type": "no_authentication"}),
    );
    assert_eq!(execute(world, "m.none", &json!({}))["status_code"], 401);
}

#[test]
fn outbound_6_5_what_was_not_answered_has_status_0_and_says_why() {
    let world = World::shared();
    let (_, profile) = provider(
        world,
        "m.dead",
        &json!({"token_url": "http://127.0.0.1:1/token"}),
    );
    alias(world, "m_dead", &profile, "http://127.0.0.1:1/api");
    let dead = world.admin().sys_id("sys_alias", "id=m_dead");
    for (name, fields, code) in [
        (
            "m.none.there",
            json!({"rest_endpoint": "http://127.0.0.1:1/"}),
            "outbound_unreachable",
        ),
        (
            "m.inside",
            json!({"rest_endpoint": "https://10.0.0.1/"}),
            "outbound_address_refused",
        ),
        (
            "m.scheme",
            json!({"rest_endpoint": "ftp://x/"}),
            "outbound_url_refused",
        ),
        (
            "m.token",
            json!({"authentication_type": "alias", "connection_alias": dead}),
            "outbound_unreachable",
        ),
    ] {
        message(world, name, &fields, &json!({}));
        let done = execute(world, name, &json!({}));
        assert_eq!(
            (&done["status_code"], &done["error_code"]),
            (&json!(0), &json!(code)),
            "{done}"
        );
    }
    let path = "/api/sn_broker/rest_message/nobody/call/execute";
    assert_eq!(
        world.admin().send_json("POST", path, &json!({})).status,
        404
    );
    assert_eq!(
        world
            .as_user("itil")
            .send_json("POST", path, &json!({}))
            .status,
        403
    );
}

#[test]
fn outbound_6_6_the_test_button_runs_with_the_test_values() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    let (_, profile) = provider(world, "m.test", &simulated.fields("client_credentials"));
    let (_, function) = message(
        world,
        "m.test",
        &json!({"authentication_type": "oauth2", "oauth2_profile": profile}),
        &json!({"rest_endpoint": format!("{}/api/${{id}}", simulated.url())}),
    );
    let variable = json!({"rest_message_function": function, "name": "id", "value": "test-value"});
    world
        .admin()
        .create("sys_rest_message_fn_parameters", &variable);
    let browser = crate::browser::Browser::of(world, "admin");
    let form = browser.get(&format!("/sys_rest_message_fn.do?sys_id={function}"));
    assert!(form.body.contains("sysverb_test_rest"), "{}", form.body);
    let tested = browser.submit(
        &form,
        "/sys_rest_message_fn.do",
        &[("sysverb_test_rest", "1")],
    );
    assert!(
        tested.body.contains("answered with HTTP status 200"),
        "{}",
        tested.body
    );
    assert!(tested.body.contains("/api/test-value"), "{}", tested.body);
}

fn parts_die_with_their_message(world: &World) {
    let admin = world.admin();
    let (dies, function) = message(world, "m.dies", &json!({}), &json!({}));
    let (_, lives) = message(world, "m.lives", &json!({}), &json!({}));
    admin.create(
        "sys_rest_message_headers",
        &json!({"rest_message": dies, "name": "X-A", "value": "1"}),
    );
    let parts = [
        "sys_rest_message_fn_headers",
        "sys_rest_message_fn_param_defs",
        "sys_rest_message_fn_parameters",
    ];
    for (of, table) in [&function, &lives]
        .into_iter()
        .flat_map(|of| parts.map(|it| (of, it)))
    {
        let part = json!({"rest_message_function": of, "name": "a", "value": "1"});
        admin.create(table, &part);
    }
    let path = format!("/api/now/table/sys_rest_message/{dies}");
    assert_eq!(admin.send("DELETE", &path).status, 204);
    let left = |table: &str, column: &str, key: &str| {
        let query = format!("sysparm_query={column}={key}");
        admin.list(table, &query).len()
    };
    assert_eq!(left("sys_rest_message_fn", "rest_message", &dies), 0);
    assert_eq!(left("sys_rest_message_headers", "rest_message", &dies), 0);
    for table in parts {
        assert_eq!(
            left(table, "rest_message_function", &function),
            0,
            "{table}"
        );
        assert_eq!(left(table, "rest_message_function", &lives), 1, "{table}");
    }
}

#[test]
fn outbound_6_1_what_belongs_to_a_message_dies_with_it() {
    parts_die_with_their_message(World::shared());
}

#[test]
fn outbound_6_1_what_belongs_to_a_message_dies_with_it_on_postgres() {
    parts_die_with_their_message(&World::on_postgres());
}

#[test]
fn an_answer_tells_how_long_the_api_took_and_what_was_added() {
    let world = World::shared();
    let api = super::api::Api::start();
    let endpoint = json!({"rest_endpoint": api.url()});
    message(world, "m.timed", &endpoint, &json!({}));
    let path = "/api/sn_broker/rest_message/m.timed/call/execute";
    let answer = world.admin().send_json("POST", path, &json!({}));
    let timing = answer.header("server-timing").to_owned();
    let names: Vec<&str> = timing
        .split(", ")
        .filter_map(|it| it.split_once(";dur="))
        .map(|it| it.0)
        .collect();
    assert_eq!(names, ["api", "broker"], "{timing}");
    let later = world
        .admin()
        .send_json("POST", path, &json!({"async": true}));
    assert_eq!((later.status, later.header("server-timing")), (202, ""));
}
