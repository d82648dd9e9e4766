//! Python's requests-oauthlib and Authlib, and two clients of the APIs, as scripts in `tests/python`.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use snowglobe_testkit::Instance;

use crate::world::{Admin, Credentials, Place, Store, launch};

/// The interpreter of `cargo xtask setup`, which has the pinned libraries.
fn python() -> PathBuf {
    let made =
        std::env::var_os("SNOWGLOBE_TEST_PYTHON").map_or_else(beside_the_binary, PathBuf::from);
    assert!(
        made.is_file(),
        "no {}: `cargo xtask setup` makes it",
        made.display()
    );
    made
}

/// In cargo's target folder: `target/debug/snowglobe` has it in `target/python`.
fn beside_the_binary() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_snowglobe"))
        .ancestors()
        .nth(2)
        .unwrap();
    target.join("python/bin/python")
}

fn run(script: &str) {
    run_against(&launch().start(), script, &[]);
}

/// Runs a script with the instance's address and credentials, and more of the environment.
fn run_against(instance: &Instance, script: &str, more: &[(&str, &str)]) {
    let client = Credentials::of_demo_client(instance);
    let admin = instance.user("admin");
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/python");
    let output = Command::new(python())
        .arg(scripts.join(script))
        .env("SNOW_URL", instance.url())
        .env("SNOW_CLIENT_ID", &client.id)
        .env("SNOW_CLIENT_SECRET", &client.secret)
        .env("SNOW_USER", &admin.name)
        .env("SNOW_PASSWORD", &admin.password)
        .env("NO_PROXY", "*")
        .envs(more.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}:\n{said}\n{complained}");
}

#[test]
fn requests_oauthlib_gets_keeps_and_refreshes_tokens() {
    run("with_requests_oauthlib.py");
}

#[test]
fn authlib_gets_keeps_refreshes_and_revokes_tokens() {
    run("with_authlib.py");
}

#[test]
fn authlib_signs_with_a_generated_secret() {
    let instance = launch().start();
    let admin = Admin::of(&instance);
    let record = json!({
        "name": "Signs with its secret", "token_endpoint_auth_method": "client_secret_jwt",
        "user": admin.sys_id("sys_user", "user_name=itil"),
    });
    let made = admin.create("oauth_entity", &record);
    let more = [
        ("SNOW_JWT_CLIENT_ID", made["client_id"].as_str().unwrap()),
        (
            "SNOW_JWT_CLIENT_SECRET",
            made["client_secret"].as_str().unwrap(),
        ),
    ];
    run_against(&instance, "with_authlib_jwt.py", &more);
}

#[test]
fn servicenowpy_keeps_records() {
    run("with_servicenowpy.py");
}

#[test]
fn runspec_snow_works_tickets_and_reads_the_catalog() {
    run("with_runspec_snow.py");
}

/// `docs/clients/pysnc.md` says which tests these are; the script fails when one of its cases does.
#[test]
fn pysnc_passes_the_cases_of_its_own_suite() {
    let place = Place::new(Store::Sqlite);
    let launch = place.launch().argument("--pack=compat").argument("--tls");
    let instance = launch.argument("--tls-port").argument("0").start();
    let https = instance.https();
    let trusts = https.ca_file.display().to_string();
    let more = [
        ("SNOW_URL", &*https.url),
        ("REQUESTS_CA_BUNDLE", &trusts),
        ("SSL_CERT_FILE", &trusts),
    ];
    run_against(&instance, "with_pysnc.py", &more);
}
