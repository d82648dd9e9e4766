//! Scenario B: newman runs a collection that creates an incident, with the password and the client's own credentials.

use std::path::Path;
use std::process::Command;

use super::node;
use crate::world::{Credentials, launch};

#[test]
fn newman_creates_reads_changes_and_deletes_an_incident() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let (admin, employee) = (instance.user("admin"), instance.user("employee"));
    let collection = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/node/scenario_b.json");
    let mut newman = Command::new("node");
    newman
        .arg(node::home().join("node_modules/newman/bin/newman.js"))
        .arg("run")
        .arg(collection)
        .args(["--bail", "--color", "off"])
        .env("NO_PROXY", "*");
    for (name, value) in [
        ("url", instance.url()),
        ("client_id", &client.id),
        ("client_secret", &client.secret),
        ("username", &admin.name),
        ("password", &admin.password),
        ("employee", &employee.name),
        ("employee_password", &employee.password),
    ] {
        newman.arg("--env-var").arg(format!("{name}={value}"));
    }
    let output = newman.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("assertions"), "newman ran nothing: {said}");
}
