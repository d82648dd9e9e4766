//! Scenario E: a shell script gets a refresh token for a user, once, and lives on it.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use snowglobe_testkit::Instance;

use super::{advance, register, script};
use crate::world::{Credentials, call, launch};

/// A POSIX shell script of `tests/sh`, and the JSON that it prints.
fn sh(instance: &Instance, client: &Credentials, name: &str, argument: &str) -> Value {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/sh");
    let output = Command::new("sh")
        .arg(scripts.join(name))
        .arg(argument)
        .env("SNOW_URL", instance.url())
        .env("SNOW_CLIENT_ID", &client.id)
        .env("SNOW_CLIENT_SECRET", &client.secret)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {said} {complained}");
    serde_json::from_str(&said).unwrap()
}

#[test]
fn a_shell_script_lives_on_a_refresh_token_for_a_hundred_days() {
    let instance = launch().start();
    let client = register(
        &instance,
        "Shell script",
        "https://localhost/test",
        &json!({}),
    );
    let said = script(&instance, "scenario_e.mjs")
        .env("SNOW_CLIENT_ID", &client.id)
        .run();
    let code = said.lines().last().unwrap();
    let granted = sh(&instance, &client, "redeem.sh", code);
    assert_eq!(granted["scope"], "useraccount");
    assert_eq!(granted["expires_in"], 1799);
    let refresh = granted["refresh_token"].as_str().unwrap();

    for days in ["0d", "99d"] {
        advance(&instance, days);
        let today = sh(&instance, &client, "refresh.sh", refresh);
        let token = today["access_token"].as_str().unwrap();
        assert_eq!(call(instance.http(), token), 200, "after {days}");
    }
    advance(&instance, "2d");
    let refused = json!({"error_description": "access_denied", "error": "server_error"});
    assert_eq!(sh(&instance, &client, "refresh.sh", refresh), refused);
}
