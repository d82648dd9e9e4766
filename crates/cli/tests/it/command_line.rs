//! What a person types and reads.

use std::process::{Command, Output};

use crate::world::{Credentials, Place, Store, call, launch};

fn snowglobe(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_snowglobe"))
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn help_leads_with_examples() {
    let output = snowglobe(&["--help"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let examples = text.find("snowglobe up").unwrap();
    assert!(output.status.success());
    assert!(text.trim_start().starts_with("Examples"), "{text}");
    assert!(examples < text.find("Usage").unwrap(), "{text}");
}

#[test]
fn a_term_signal_ends_it_gracefully_and_nothing_is_lost() {
    for store in [Store::Sqlite, Store::Postgres] {
        let place = Place::new(store);
        let instance = place.launch().start();
        let token = Credentials::of_demo_client(&instance).access_token(instance.http());
        let status = instance.terminate();
        assert!(status.success(), "{store:?}: {status}");
        assert_eq!(
            call(place.launch().start().http(), &token),
            200,
            "{store:?}"
        );
    }
}

#[test]
fn it_leaves_when_its_standard_input_closes() {
    let status = launch().start().stop();
    assert!(status.success(), "{status}");
}

#[test]
fn readiness_health_and_metrics_are_there() {
    let instance = launch().start();
    for path in ["/_sg/ready", "/_sg/health"] {
        assert_eq!(instance.http().get(path).status, 200, "{path}");
    }
    Credentials::of_demo_client(&instance).access_token(instance.http());
    let metrics = instance.http().get("/_sg/metrics");
    assert_eq!(metrics.status, 200);
    assert!(metrics.body.contains("# TYPE"), "{}", metrics.body);
}

#[test]
fn production_without_a_key_says_how_to_make_one() {
    let folder = tempfile::TempDir::new().unwrap();
    let config = folder.path().join("snowglobe.toml");
    std::fs::write(&config, "issuer = \"https://snow.example\"\n").unwrap();
    let output = snowglobe(&["serve", "--config", config.to_str().unwrap()]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(
        said.contains("master_key_file") && said.contains("openssl rand"),
        "{said}"
    );
}

#[test]
fn an_unknown_setting_is_refused_with_a_suggestion() {
    let folder = tempfile::TempDir::new().unwrap();
    let config = folder.path().join("snowglobe.toml");
    std::fs::write(&config, "isuer = \"https://snow.example\"\n").unwrap();
    let output = snowglobe(&["serve", "--config", config.to_str().unwrap()]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(said.contains("isuer") && said.contains("issuer"), "{said}");
}
