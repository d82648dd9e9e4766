//! `snowglobe oauth` and `snowglobe flow`: looking after grants and flows from the command line.

use std::process::{Command, Output};

use serde_json::json;

use super::{Provider, access_token, ask, set_up};
use crate::world::{Admin, Place, Store};

/// Runs the binary beside the instance in this folder.
fn snowglobe(folder: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_snowglobe"))
        .args(&arguments[..2])
        .args(["--data", folder])
        .args(&arguments[2..])
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn a_grant_is_looked_after_from_the_command_line() {
    let provider = Provider::start(&["--lifetime", "3600"]);
    let place = Place::new(Store::Sqlite);
    let instance = place.launch().start();
    set_up(&instance, &provider, "client_credentials");
    let folder = place.folder().to_str().unwrap();
    let oauth = |arguments: &[&str]| {
        let done = snowglobe(folder, &[&["oauth"], arguments].concat());
        (done.status.success(), said(&done))
    };
    let first = access_token(&ask(&instance).unwrap());
    let (well, told) = oauth(&["status", "g"]);
    assert!(well && told.starts_with("healthy"), "{told}");
    let (renewed, told) = oauth(&["refresh", "g"]);
    assert!(renewed && told.starts_with("healthy"), "{told}");
    assert_ne!(access_token(&ask(&instance).unwrap()), first);
    let (all_well, told) = oauth(&["doctor"]);
    assert!(all_well && told.contains("g (g)"), "{told}");
    let (nobody, told) = oauth(&["connect", "g"]);
    assert!(!nobody && told.contains("no person is needed"), "{told}");
    assert!(oauth(&["revoke", "g"]).0);
    assert!(oauth(&["doctor"]).0, "it begins again by itself");
    let (_, told) = oauth(&["status", "g"]);
    assert!(told.starts_with("new"), "{told}");
    let wrong = json!({"token_url": "https://169.254.169.254/token"});
    let admin = Admin::of(&instance);
    let entity = admin.sys_id("oauth_entity", "name=g");
    admin.change("oauth_entity", &entity, &wrong);
    assert!(!oauth(&["refresh", "g"]).0);
    let (well, told) = oauth(&["doctor"]);
    assert!(!well && told.contains("1 of 1 want somebody"), "{told}");
}

#[test]
fn a_flow_is_started_from_the_command_line() {
    let place = Place::new(Store::Sqlite);
    let instance = place.launch().start();
    let admin = Admin::of(&instance);
    let flow = admin.create("sys_hub_flow", &json!({"name": "Copy", "active": "true"}));
    admin.create(
        "sys_hub_action_instance",
        &json!({
            "flow": flow["sys_id"], "name": "made", "action_type": "create_record",
            "table": "problem", "values": "short_description=${trigger.short_description}",
        }),
    );
    let folder = place.folder().to_str().unwrap();
    let incident = admin.create("incident", &json!({"short_description": "copy me"}));
    let record = format!("incident/{}", incident["sys_id"].as_str().unwrap());
    let run = ["flow", "run", "Copy", "--record", &record, "--wait"];
    let done = snowglobe(folder, &run);
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(admin.list("problem", "short_description=copy me").len(), 1);
    let key = String::from_utf8(done.stdout).unwrap();
    let status = snowglobe(folder, &["flow", "status", key.trim()]);
    let told = said(&status);
    assert!(
        status.status.success() && told.contains("COMPLETE"),
        "{told}"
    );
    let without = snowglobe(folder, &["flow", "run", "Copy", "--wait"]);
    let told = said(&without);
    assert!(
        !without.status.success() && told.contains("flow_value_missing"),
        "{told}"
    );
    let unknown = said(&snowglobe(folder, &["flow", "run", "None"]));
    assert!(unknown.contains("404"), "{unknown}");
}
