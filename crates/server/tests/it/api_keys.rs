//! API keys over HTTP (`inbound-oauth.md` §5.5): made with a record, told once, gone with it.

use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::{
    browser::Browser,
    world::{World, text},
};

const ME: &str = "/api/now/ui/user/current_user";
const TABLE: &str = "/api/now/table/incident?sysparm_limit=1";

/// Makes a key that acts as a user; returns it and its record's `sys_id`.
fn key_of(world: &World, user_name: &str, more: &Value) -> (String, String) {
    let user = world
        .admin()
        .sys_id("sys_user", &format!("user_name={user_name}"));
    let mut fields = json!({"name": format!("key of {user_name}"), "user": user});
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    let made = world.admin().create("api_key", &fields);
    (text(&made, "token"), text(&made, "sys_id"))
}

fn with_key(world: &World, key: &str, method: &str, path: &str) -> Answer {
    let request = world.http.request(method, path);
    let request = request.header("X-SN-ApiKey", key);
    Answer::of(match method {
        "GET" => request,
        _ => request.json(&json!({"short_description": "by a key"})),
    })
}

// covers: rest §1.4 x-sn-apikey
#[test]
fn a_key_acts_as_its_user_and_is_told_once() {
    let world = World::shared();
    let (key, sys_id) = key_of(world, "itil", &json!({}));
    assert_eq!(key.len(), 43, "{key}");
    let who = with_key(world, &key, "GET", ME).json();
    assert_eq!(who["result"]["user_name"], "itil");
    let made = with_key(world, &key, "POST", TABLE);
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.json()["result"]["sys_created_by"], "itil");
    assert_eq!(
        with_key(
            world,
            &key,
            "GET",
            "/incident.do?JSONv2&sysparm_record_count=1"
        )
        .status,
        200
    );
    for mode in ["false", "true", "all"] {
        let path = format!("/api/now/table/api_key/{sys_id}?sysparm_display_value={mode}");
        let read = world.admin().get(&path).body;
        assert!(!read.contains(&key) && !read.contains("$sha256$"), "{read}");
    }
    // It opens no page: it is no session.
    assert_eq!(
        with_key(world, &key, "GET", "/incident_list.do").status,
        303
    );
}

#[test]
fn a_key_of_one_s_own_choosing_is_not_taken() {
    let world = World::shared();
    let (key, sys_id) = key_of(world, "itil", &json!({"token": "easy to guess"}));
    assert_ne!(key, "easy to guess");
    let path = format!("/api/now/table/api_key/{sys_id}?sysparm_input_display_value=true");
    world
        .admin()
        .send_json("PATCH", &path, &json!({"token": "easy to guess"}));
    assert_eq!(with_key(world, "easy to guess", "GET", ME).status, 401);
    assert_eq!(with_key(world, &key, "GET", ME).status, 200);
}

#[test]
fn whoever_is_no_administrator_makes_and_sees_no_keys() {
    let world = World::shared();
    let employee = world.as_user("employee");
    let fields = json!({"name": "mine", "user": "6816f79cc0a8016401c5a33be04be441"});
    let answer = employee.send_json("POST", "/api/now/table/api_key", &fields);
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert_eq!(employee.list("api_key", "").len(), 0);
}

#[test]
fn a_key_ends_at_once_with_its_record_its_time_or_its_user() {
    let world = World::shared();
    let works = |key: &str| with_key(world, key, "GET", TABLE).status == 200;
    let reason = |key: &str| {
        let answer = with_key(world, key, "GET", TABLE);
        answer.header("x-snowglobe-reason").to_owned()
    };
    let change = |table, sys_id: &str, fields| {
        world.admin().change(table, sys_id, &fields);
    };
    let (key, sys_id) = key_of(world, "itil", &json!({}));
    assert!(works(&key));
    change("api_key", &sys_id, json!({"active": "false"}));
    assert_eq!(reason(&key), "api_key_inactive");
    change("api_key", &sys_id, json!({"active": "true"}));
    assert!(works(&key));
    change(
        "api_key",
        &sys_id,
        json!({"expires": "2020-01-01 00:00:00"}),
    );
    assert_eq!(reason(&key), "api_key_expired");
    change("api_key", &sys_id, json!({"expires": ""}));
    assert!(works(&key));
    let path = format!("/api/now/table/api_key/{sys_id}");
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    assert_eq!(reason(&key), "api_key_unknown");

    let person = world.person("key.blocked", "Right-1!", json!({}));
    let (key, _) = key_of(world, "key.blocked", &json!({}));
    assert!(works(&key));
    change("sys_user", &person, json!({"active": "false"}));
    assert_eq!(reason(&key), "user_inactive");
}

#[test]
fn what_a_call_says_with_authorization_counts_before_its_key() {
    let world = World::shared();
    let (key, _) = key_of(world, "itil", &json!({}));
    let request = world.http.request("GET", ME).header("x-sn-apikey", &key);
    let answer = Answer::of(request.basic_auth("employee", Some(world.password("employee"))));
    assert_eq!(answer.json()["result"]["user_name"], "employee");
    let request = world.http.request("GET", ME).header("x-sn-apikey", &key);
    assert_eq!(Answer::of(request.bearer_auth("wrong")).status, 401);
}

#[test]
fn a_batch_is_run_with_the_key_of_the_whole() {
    let world = World::shared();
    let (key, _) = key_of(world, "itil", &json!({}));
    let batch = json!({"batch_request_id": "1", "rest_requests": [
        {"id": "1", "method": "GET", "url": ME}]});
    let request = world.http.request("POST", "/api/now/v1/batch").json(&batch);
    let answer = Answer::of(request.header("x-sn-apikey", key)).json();
    assert_eq!(answer["serviced_requests"][0]["status_code"], 200);
}

#[test]
fn policies_and_scopes_hold_for_keys() {
    let world = World::own();
    let admin = world.admin();
    let (key, sys_id) = key_of(&world, "itil", &json!({}));
    assert_eq!(with_key(&world, &key, "GET", TABLE).status, 200);
    // As on a real instance: a policy has to admit keys.
    world.set_property("snowglobe.api_key.policy_required", "true");
    let refused = with_key(&world, &key, "GET", TABLE);
    assert_eq!(refused.status, 401);
    assert_eq!(
        refused.header("x-snowglobe-reason"),
        "api_key_without_policy"
    );
    let policy = admin.create(
        "sys_api_access_policy",
        &json!({"name": "Keys", "api_path": "now/table"}),
    );
    for kind in ["basic_auth", "api_key"] {
        let profile = admin.create("std_http_auth", &json!({"name": kind, "type": kind}));
        admin.create(
            "sys_auth_profile_mapping",
            &json!({"api_access_policy": policy["sys_id"], "inbound_auth_profile": profile["sys_id"]}),
        );
    }
    assert_eq!(with_key(&world, &key, "GET", TABLE).status, 200);
    assert_eq!(world.as_user("itil").get(TABLE).status, 200);
    let token = world.access_token(&world.demo_client());
    let refused = world.as_bearer(&token).get(TABLE);
    assert_eq!(
        refused.header("www-authenticate"),
        "APIKEY realm=\"Service-now\""
    );
    assert_eq!(
        with_key(&world, &key, "GET", "/api/now/attachment").status,
        401
    );

    let scope = admin.create("sys_auth_scope", &json!({"name": "reading"}));
    admin.change("api_key", &sys_id, &json!({"auth_scope": scope["sys_id"]}));
    assert_eq!(with_key(&world, &key, "GET", TABLE).status, 403);
    let binding = json!({"name": "reading", "auth_scope": scope["sys_id"], "api_path": "now/table",
        "apply_all_methods": "false", "http_method": "GET"});
    admin.create("sys_api_access_scope", &binding);
    assert_eq!(with_key(&world, &key, "GET", TABLE).status, 200);
    assert_eq!(with_key(&world, &key, "POST", TABLE).status, 403);
}

#[test]
fn the_console_makes_a_key_and_shows_it_once() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let form = browser.get("/api_key.do?sys_id=-1");
    assert_eq!(form.status, 200, "{}", form.body);
    let typed = [
        ("api_key.name", "Made on a page"),
        ("sys_display.api_key.user", "Joe Employee"),
        ("api_key.active", "true"),
        ("sysverb_save", "1"),
    ];
    let made = browser.submit(&form, "/api_key.do", &typed);
    assert_eq!(made.status, 200, "{}", made.body);
    let (_, rest) = made
        .body
        .split_once("id=\"client_secret\"")
        .expect("the key");
    let (_, rest) = rest.split_once('>').unwrap();
    let (key, _) = rest.split_once('<').unwrap();
    let who = with_key(world, key, "GET", ME).json();
    assert_eq!(who["result"]["user_name"], "employee");
}
