//! What an API sees of a call: what proves it, how long it is waited for, and whether it comes again.

use serde_json::{Value, json};
use snowglobe_server::simulate::Temper;

use super::{
    api::{Api, Told},
    messages::{execute, logged, message},
    provider,
    simulated::Provider,
    tokens::set_up,
};
use crate::world::{World, text};

/// Makes an alias with a connection, and returns its key. `credential` is a table and what is in the record.
fn alias(
    world: &World,
    name: &str,
    connection: Value,
    credential: Option<(&str, Value)>,
) -> String {
    let admin = world.admin();
    let alias = text(&admin.create("sys_alias", &json!({"name": name})), "sys_id");
    let mut fields = connection;
    fields["name"] = name.into();
    fields["connection_alias"] = alias.clone().into();
    if let Some((table, mut of_credential)) = credential {
        of_credential["name"] = name.into();
        fields["credential"] = text(&admin.create(table, &of_credential), "sys_id").into();
    }
    admin.create("http_connection", &fields);
    alias
}

fn policy(world: &World, fields: &Value) -> String {
    text(&world.admin().create("sys_retry_policy", fields), "sys_id")
}

fn by_alias(alias: &str) -> Value {
    json!({"authentication_type": "alias", "connection_alias": alias})
}

#[test]
fn outbound_4_1_basic_and_api_key_credentials_prove_a_call() {
    let world = World::shared();
    let api = Api::start();
    let connection =
        json!({"connection_url": api.url(), "additional_http_headers": "X-From: here; X-Too: 1"});
    let basic = json!({"user_name": "jo", "password": "hush-hush"});
    let basic = ("basic_auth_credentials", basic);
    let key = json!({"api_key": "the-key-of-it", "key_name": "X-Api-Key"});
    let in_query = json!({"api_key": "a&b", "key_place": "query", "key_name": "key"});
    for (name, credential) in [
        ("c_basic", Some(basic)),
        ("c_header", Some(("api_key_credentials", key))),
        ("c_query", Some(("api_key_credentials", in_query))),
        ("c_none", None),
    ] {
        let alias = alias(world, name, connection.clone(), credential);
        let function = json!({"rest_endpoint": "/x?y=1"});
        message(world, name, &by_alias(&alias), &function);
        assert_eq!(execute(world, name, &json!({}))["status_code"], 200);
    }
    let seen = api.asked();
    let proofs: Vec<_> = seen
        .iter()
        .map(|it| {
            (
                &*it.line,
                it.header("authorization"),
                it.header("x-api-key"),
            )
        })
        .collect();
    let expected = [
        ("GET /x?y=1", Some("Basic am86aHVzaC1odXNo"), None),
        ("GET /x?y=1", None, Some("the-key-of-it")),
        ("GET /x?y=1&key=a%26b", None, None),
        ("GET /x?y=1", None, None),
    ];
    assert_eq!(proofs, expected);
    assert_eq!(seen[0].header("x-from"), Some("here"));
    assert_eq!(seen[0].header("x-too"), Some("1"));
}

#[test]
fn outbound_4_2_a_connections_timeout_ends_a_call_and_the_caller_may_give_it_longer() {
    let world = World::shared();
    let api = Api::start();
    let connection = json!({"connection_url": api.url(), "connection_timeout": "50"});
    let alias = alias(world, "c_slow", connection, None);
    message(world, "c_slow", &by_alias(&alias), &json!({}));
    let slow = || Told {
        status: 200,
        delay_ms: 400,
        ..Told::default()
    };
    api.tell([slow(), slow()]);
    let done = execute(world, "c_slow", &json!({}));
    assert_eq!(done["status_code"], 0);
    assert_eq!(done["error_code"], "outbound_timed_out");
    let done = execute(world, "c_slow", &json!({"timeout_ms": 20_000}));
    assert_eq!(done["status_code"], 200, "{done}");
}

#[test]
fn outbound_4_6_a_retry_policy_sends_again() {
    let world = World::shared();
    let api = Api::start();
    let connection = json!({"connection_url": api.url()});
    let alias = alias(world, "c_again", connection, None);
    let twice = policy(world, &json!({"name": "twice", "count": "2"}));
    world
        .admin()
        .change("sys_alias", &alias, &json!({"retry_policy": twice}));
    message(world, "c_again", &by_alias(&alias), &json!({}));
    let attempts = |statuses: &[u16]| {
        api.tell_statuses(statuses);
        let done = execute(world, "c_again", &json!({}));
        assert_eq!(api.asked().len() as u64, done["attempts"], "{done}");
        (
            done["status_code"].as_u64().unwrap(),
            done["attempts"].as_u64().unwrap(),
        )
    };
    assert_eq!(attempts(&[503, 429, 200]), (200, 3));
    assert_eq!(attempts(&[503, 503, 503]), (503, 3));
    assert_eq!(attempts(&[404]), (404, 1));
    // A message has its own policy, which wins: it asks for a status that the default would not.
    let teapot = json!({"name": "teapot", "count": "1", "condition": "status_code=418"});
    let teapot = policy(world, &teapot);
    let own = world.admin().sys_id("sys_rest_message", "name=c_again");
    world
        .admin()
        .change("sys_rest_message", &own, &json!({"retry_policy": teapot}));
    assert_eq!(attempts(&[418, 200]), (200, 2));
    assert_eq!(attempts(&[503]), (503, 1));
}

#[test]
fn outbound_4_6_retry_after_is_honoured() {
    let world = World::shared();
    let api = Api::start();
    let alias = alias(world, "c_after", json!({"connection_url": api.url()}), None);
    let fields =
        json!({"name": "after", "retry_strategy": "retry_after", "max_elapsed_time": "60"});
    let after = policy(world, &fields);
    world
        .admin()
        .change("sys_alias", &alias, &json!({"retry_policy": after}));
    message(world, "c_after", &by_alias(&alias), &json!({}));
    let busy = |headers| Told {
        status: 429,
        headers,
        ..Told::default()
    };
    api.tell([busy("retry-after: 0\r\n")]);
    assert_eq!(execute(world, "c_after", &json!({}))["attempts"], 2);
    // Longer than the policy waits: the answer is the API's.
    api.tell([busy("retry-after: 3600\r\n")]);
    let done = execute(world, "c_after", &json!({}));
    assert_eq!(
        (&done["status_code"], &done["attempts"]),
        (&json!(429), &json!(1))
    );
}

#[test]
fn outbound_7_6_a_second_401_is_the_answer() {
    let world = World::own_frozen();
    let (api, simulated) = (Api::start(), Provider::start(Temper::Strict, 3600));
    set_up(&world, "c_401", &simulated, "client_credentials");
    let connection = world.admin().sys_id("http_connection", "name=c_401");
    let url = json!({"connection_url": api.url()});
    world.admin().change("http_connection", &connection, &url);
    let alias = world.admin().sys_id("sys_alias", "id=c_401");
    let function = json!({"http_method": "post", "content": "once more"});
    message(&world, "c_401", &by_alias(&alias), &function);
    api.tell_statuses(&[401, 401]);
    let done = execute(&world, "c_401", &json!({}));
    assert_eq!(
        (&done["status_code"], &done["attempts"]),
        (&json!(401), &json!(1))
    );
    let asked = api.asked();
    assert_eq!(asked.len(), 2);
    assert_ne!(
        asked[0].header("authorization"),
        asked[1].header("authorization")
    );
    assert_eq!(asked[1].body, "once more");
    assert_eq!(simulated.ledger().token_requests, 2);
}

#[test]
fn outbound_6_7_no_level_of_the_log_shows_what_proves_a_call() {
    let world = World::own();
    let api = Api::start();
    let basic = json!({"user_name": "jo", "password": "canary-password"});
    let connection = json!({"connection_url": api.url()});
    let basic = ("basic_auth_credentials", basic);
    let alias = alias(&world, "c_log", connection, Some(basic));
    world.set_property("glide.outbound_http.content.max_limit", "1000");
    message(
        &world,
        "c_log",
        &by_alias(&alias),
        &json!({"http_method": "post"}),
    );
    api.tell([Told {
        status: 200,
        headers: "set-cookie: canary-cookie\r\ncontent-type: text/plain\r\n",
        body: "echo",
        ..Told::default()
    }]);
    let brought = json!({
        "log_level": "all", "body": "it is canary-password", "query": {"q": "canary-password"},
        "headers": {"X-Auth-Token": "canary-header"},
    });
    let done = execute(&world, "c_log", &brought);
    assert!(done["body"].as_str().unwrap().contains("canary"));
    let rows = logged(&world, 1);
    let row = Value::from(rows).to_string();
    assert!(row.contains("it is ***") && row.contains("q=***"), "{row}");
    assert!(!row.contains("canary"), "{row}");
    assert!(!row.contains("am86Y2FuYXJ5LXBhc3N3b3Jk"), "{row}");
}

#[test]
fn outbound_8_5_a_call_by_alias_needs_no_record() {
    let world = World::shared();
    let api = Api::start();
    alias(
        world,
        "c_ad_hoc",
        json!({"connection_url": api.url()}),
        None,
    );
    let path = "/api/sn_broker/alias/c_ad_hoc/request";
    let call = json!({
        "method": "put", "path": "/a/b", "query": {"q": "x y"}, "headers": {"X-A": "1"},
        "body": "text",
    });
    let answer = world.admin().send_json("POST", path, &call);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let asked = api.asked();
    assert_eq!(asked[0].line, "PUT /a/b?q=x+y");
    assert_eq!(asked[0].header("x-a"), Some("1"));
    assert_eq!(asked[0].body, "text");
    let elsewhere = json!({"path": "https://elsewhere.example/"});
    let answer = world.admin().send_json("POST", path, &elsewhere);
    assert_eq!(answer.status, 400, "{}", answer.body);
    let nobody = world.as_user("itil").send_json("POST", path, &call);
    assert_eq!(nobody.status, 403);
    let path = "/api/sn_broker/alias/nowhere/request";
    let answer = world.admin().send_json("POST", path, &call);
    assert_eq!(answer.status, 404, "{}", answer.body);
}

#[test]
fn outbound_8_5_a_call_to_a_url_is_proven_by_the_profile_that_it_names() {
    let world = World::shared();
    let simulated = Provider::start(Temper::Strict, 3600);
    provider(world, "c.url", &simulated.fields("client_credentials"));
    let basic = json!({"name": "c.url", "username": "jo", "password": "word"});
    world.admin().create("sys_auth_profile_basic", &basic);
    let path = "/api/sn_broker/request";
    let call = |more: &Value| {
        let mut call = json!({"endpoint": format!("{}/api/x", simulated.url())});
        for (key, value) in more.as_object().into_iter().flatten() {
            call[key] = value.clone();
        }
        world.admin().send_json("POST", path, &call)
    };
    let status = |more: Value| call(&more).json()["result"]["status_code"].clone();
    let by_name = json!({"oauth_profile": "c.url default_profile"});
    assert_eq!(status(by_name.clone()), 200);
    assert_eq!(status(by_name), 200);
    assert_eq!(simulated.ledger().token_requests, 1, "its token is kept");
    assert_eq!(status(json!({})), 401, "nothing proves it");
    assert_eq!(status(json!({"basic_profile": "c.url"})), 401);
    for wrong in [
        json!({"oauth_profile": "nobody's"}),
        json!({"oauth_profile": "c.url default_profile", "basic_profile": "c.url"}),
        json!({"path": "/x"}),
        json!({"endpoint": ""}),
    ] {
        let answer = call(&wrong);
        let went = answer.status == 200 && answer.json()["result"]["have_error"] == false;
        assert!(!went, "{wrong} {}", answer.body);
    }
    let of_alias = json!({"endpoint": "https://elsewhere.example/"});
    let elsewhere = "/api/sn_broker/alias/c_ad_hoc/request";
    let answer = world.admin().send_json("POST", elsewhere, &of_alias);
    assert_eq!(answer.status, 400, "{}", answer.body);
    let nobody = world.as_user("itil").send_json("POST", path, &json!({}));
    assert_eq!(nobody.status, 403, "{}", nobody.body);
}
