//! `snowglobe explain`: the reason behind an answer that says nothing.

use std::process::{Command, Output};

use crate::world::{Credentials, Place, SERVICENOW, Store};

fn explain(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_snowglobe"))
        .arg("explain")
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn a_refused_request_is_explained_beside_the_running_instance() {
    let place = Place::new(Store::Sqlite);
    let instance = place.launch().start();
    let folder = place.folder().to_str().unwrap();
    let client = Credentials {
        secret: "canary-Vb3".to_owned(),
        ..Credentials::of_demo_client(&instance)
    };
    let grant = [("grant_type", "client_credentials")];
    let answer = client.request(instance.http(), SERVICENOW, &grant);
    let id = answer.header("x-transaction-id");
    let output = explain(&["--data", folder, id]);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "POST /oauth_token.do answered 401 at ",
        "client_secret_wrong",
        "RFC 6749 §5.2",
        &client.id,
        "on a real instance",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("canary"), "{text}");
    for unknown in ["000000000000", "../clock"] {
        let output = explain(&["--data", folder, unknown]);
        assert!(
            !output.status.success() && output.stdout.is_empty(),
            "{unknown}"
        );
    }
}
