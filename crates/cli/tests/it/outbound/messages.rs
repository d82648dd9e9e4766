//! REST messages from the command line, with a token that nobody handles.

use std::process::{Command, Output};

use serde_json::json;
use snowglobe_testkit::Instance;

use super::{Provider, SECRET, set_up};
use crate::world::{Admin, Place, Store, launch};

fn rest(instance: &Instance, arguments: &[&str]) -> Output {
    let admin = instance.user("admin");
    let user = format!("{}:{}", admin.name, admin.password);
    let operator = ["--url", instance.url(), "--user", &user];
    Command::new(env!("CARGO_BIN_EXE_snowglobe"))
        .arg("rest")
        .args(&arguments[..1])
        .args(operator)
        .args(&arguments[1..])
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Makes the message `Orders` with the function `Put` by the alias `g`, and returns the function's key.
fn message(instance: &Instance) -> String {
    let admin = Admin::of(instance);
    let key = |record: serde_json::Value| record["sys_id"].as_str().unwrap().to_owned();
    let alias = admin.sys_id("sys_alias", "id=g");
    let message = key(admin.create(
        "sys_rest_message",
        &json!({"name": "Orders", "authentication_type": "alias", "connection_alias": alias}),
    ));
    key(admin.create(
        "sys_rest_message_fn",
        &json!({
            "rest_message": message, "function_name": "Put", "http_method": "put",
            "rest_endpoint": "/orders/${id}", "content": "<o>${note}</o>", "log_level": "all",
        }),
    ))
}

#[test]
fn a_url_is_called_with_a_profile_from_the_command_line() {
    let provider = Provider::start(&["--temper", "strict"]);
    let place = Place::new(Store::Sqlite);
    let instance = place.launch().start();
    set_up(&instance, &provider, "client_credentials");
    let url = format!("{}/api/orders", provider.url());
    let by_profile = ["--profile", "g default_profile", "--header", "x-a=1"];
    let call = ["call", &url, "--method", "post", "--body", "7"];
    let done = rest(&instance, &[&call[..], &by_profile].concat());
    let (out, err) = (text(&done.stdout), text(&done.stderr));
    assert!(
        done.status.success() && err.starts_with("200 POST"),
        "{err}"
    );
    assert!(
        out.contains(r#""body":"7""#) && out.contains(r#""x-a":"1""#),
        "{out}"
    );
    let without = rest(&instance, &call);
    assert!(text(&without.stderr).starts_with("401"), "{without:?}");
}

#[test]
fn scenario_g_a_rest_message_calls_a_protected_api_without_token_handling() {
    let provider = Provider::start(&["--temper", "strict"]);
    let instance = launch().start();
    set_up(&instance, &provider, "client_credentials");
    message(&instance);
    let arguments = [
        "run", "Orders", "put", "--var", "id=a/b", "--var", "note=<5>",
    ];
    let done = rest(&instance, &arguments);
    let (out, told) = (text(&done.stdout), text(&done.stderr));
    assert!(done.status.success(), "{out}{told}");
    let echo: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(echo["path"], "/api/orders/a%2Fb");
    assert_eq!(echo["body"], "<o>&lt;5&gt;</o>");
    assert!(told.starts_with("200 PUT http://127.0.0.1:"), "{told}");
    // Dead at the API before its time: nobody notices.
    provider.control(&json!({"expire": true}));
    assert!(rest(&instance, &arguments).status.success());
    assert_eq!(provider.ledger("token_requests"), 2);
    let log = Admin::of(&instance).list("sys_outbound_http_log", "method=PUT");
    assert!(!format!("{log:?}").contains(SECRET));
    let unknown = rest(&instance, &["run", "Orders", "Nothing"]);
    assert!(!unknown.status.success());
    let told = text(&unknown.stderr);
    assert!(told.contains("no function of this name"), "{told}");
}

fn every_queued_call_is_made_whatever_is_killed(store: Store) {
    const CALLS: usize = 24;
    let provider = Provider::start(&["--temper", "strict"]);
    // Calls wait for their token while the process is killed.
    provider.control(&json!({"delay_ms": 300}));
    let place = Place::new(store);
    let instance = place.launch().start();
    set_up(&instance, &provider, "client_credentials");
    message(&instance);
    let run = ["run", "Orders", "Put", "--async", "--var", "id=1", "--var"];
    let queued: Vec<String> = (0..CALLS)
        .map(|call| {
            let note = format!("note={call}");
            let arguments: Vec<&str> = run.iter().copied().chain([note.as_str()]).collect();
            let output = rest(&instance, &arguments);
            assert!(output.status.success(), "{}", text(&output.stderr));
            text(&output.stdout).trim().to_owned()
        })
        .collect();
    kill(&instance);
    drop(instance);
    let instance = place.launch().start();
    for sys_id in &queued {
        let told = until_done(&instance, sys_id);
        let echo: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!(echo["headers"]["idempotency-key"], **sys_id, "{told}");
    }
    assert!(provider.ledger("api_calls") >= CALLS as u64);
}

fn kill(instance: &Instance) {
    let killed = Command::new("kill")
        .args(["-9", &instance.pid().to_string()])
        .status();
    assert!(killed.unwrap().success());
}

fn until_done(instance: &Instance, sys_id: &str) -> String {
    for _ in 0..600 {
        let output = rest(instance, &["status", sys_id]);
        let told = text(&output.stderr);
        assert!(output.status.success(), "{told}");
        if told.starts_with("done") {
            return text(&output.stdout);
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{sys_id} is not done");
}

#[test]
fn outbound_6_4_a_queued_call_survives_kill_9_on_sqlite() {
    every_queued_call_is_made_whatever_is_killed(Store::Sqlite);
}

#[test]
fn outbound_6_4_a_queued_call_survives_kill_9_on_postgres() {
    every_queued_call_is_made_whatever_is_killed(Store::Postgres);
}
