//! `snowglobe clock`: whoever runs an instance moves its time, without configuring anything.

use std::process::{Command, Output};

use crate::world::{Credentials, Place, Store, call, launch};

fn clock(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_snowglobe"))
        .arg("clock")
        .args(arguments)
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn beside_a_running_instance_it_needs_nothing_and_survives_a_restart() {
    for store in [Store::Sqlite, Store::Postgres] {
        let place = Place::new(store);
        let instance = place.launch().start();
        let folder = place.folder().to_str().unwrap();
        let run = |arguments: &[&str]| told(&clock(&[&["--data", folder], arguments].concat()));
        assert!(run(&[]).ends_with("(the machine's time)\n"));
        let client = Credentials::of_demo_client(&instance);
        let token = client.access_token(instance.http());
        let refresh = client.refresh_token(&instance);
        run(&["advance", "31m"]);
        assert_eq!(call(instance.http(), &token), 401, "{store:?}");
        run(&["advance", "99d"]);
        assert!(instance.terminate().success());

        let instance = place.launch().start();
        let grant = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.as_str()),
        ];
        let renew = || {
            client
                .request(instance.http(), crate::world::SERVICENOW, &grant)
                .status
        };
        assert_eq!(renew(), 200, "{store:?}: day 99");
        run(&["advance", "2d"]);
        assert_eq!(renew(), 401, "{store:?}: day 101");
        let frozen = run(&["set", "2033-01-01"]);
        assert!(frozen.starts_with("2033-01-01T00:00:0"), "{frozen}");
        assert!(run(&["freeze"]).contains("(frozen; the machine's time is "));
        let back = clock(&["--data", folder, "reset"]);
        assert!(String::from_utf8_lossy(&back.stderr).contains("The clock went back"));
        assert!(told(&back).ends_with("(the machine's time)\n"));
    }
}

#[test]
fn an_ephemeral_instance_is_moved_by_its_administrator() {
    let instance = launch().start();
    let admin = instance.user("admin");
    let user = format!("{}:{}", admin.name, admin.password);
    let moved = clock(&["--url", instance.url(), "--user", &user, "advance", "-1h"]);
    assert!(told(&moved).contains("(running; "));
    let refused = clock(&[
        "--url",
        instance.url(),
        "--user",
        "admin:no",
        "advance",
        "1h",
    ]);
    assert!(!refused.status.success());
}

#[test]
fn where_no_instance_runs_it_says_how_to_start_one() {
    let folder = tempfile::TempDir::new().unwrap();
    let output = clock(&["--data", folder.path().to_str().unwrap()]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(said.contains("snowglobe up"), "{said}");
}
