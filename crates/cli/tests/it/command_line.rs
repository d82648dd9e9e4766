//! What a person types and reads.

use std::process::{Command, Output};

use snowglobe_testkit::Answer;

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
fn a_committed_token_has_its_row_when_it_is_answered() {
    for store in [Store::Sqlite, Store::Postgres] {
        let place = Place::new(store);
        let launch = place
            .launch()
            .argument("--token-reuse=fresh")
            .argument("--token-durability=committed");
        let instance = launch.start();
        let client = Credentials::of_demo_client(&instance);
        for _ in 0..20 {
            client.access_token(instance.http());
        }
        instance.kill();
        let instance = place.launch().start();
        let admin = instance.user("admin");
        let rows = "/api/now/table/oauth_credential?sysparm_fields=sys_id";
        let list = instance
            .http()
            .request("GET", rows)
            .basic_auth(&admin.name, Some(&admin.password));
        let rows = Answer::of(list).json()["result"].as_array().unwrap().len();
        assert_eq!(rows, 20, "{store:?}");
    }
}

#[test]
fn a_pack_is_what_a_new_instance_starts_with() {
    for (pack, users, incidents) in [
        ("minimal", "2", "0"),
        ("compat", "67", "0"),
        ("demo", "67", "200"),
    ] {
        let instance = launch().argument("--pack").argument(pack).start();
        let admin = instance.user("admin");
        let count = |table: &str| {
            let path = format!("/api/now/table/{table}?sysparm_limit=1");
            let list = instance.http().request("GET", &path);
            let answer = Answer::of(list.basic_auth(&admin.name, Some(&admin.password)));
            answer.header("x-total-count").to_owned()
        };
        assert_eq!(
            (&*count("sys_user"), &*count("incident")),
            (users, incidents),
            "{pack}"
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
