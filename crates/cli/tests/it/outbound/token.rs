//! `snowglobe token --alias`, beside the instance and from afar.

use std::process::{Command, Output};

use super::{Provider, set_up};
use crate::world::{Place, Store};

fn token(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_snowglobe"))
        .args(["token", "--alias", "g"])
        .args(arguments)
        .output()
        .unwrap()
}

fn printed(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said, "");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn it_prints_the_token_and_nothing_else() {
    let provider = Provider::start(&["--lifetime", "3600"]);
    let place = Place::new(Store::Sqlite);
    let instance = place.launch().start();
    set_up(&instance, &provider, "client_credentials");
    let folder = place.folder().to_str().unwrap();
    let here = printed(&token(&["--data", folder]));
    assert_eq!(provider.call(here.trim_end()), 200);
    let admin = instance.user("admin");
    let user = format!("{}:{}", admin.name, admin.password);
    let afar = ["--url", instance.url(), "--user", &user];
    assert_eq!(printed(&token(&afar)), here, "one token is held");
    let json = printed(&token(&[&afar[..], &["--json"]].concat()));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["access_token"], here.trim_end());
    assert!(json["expires_in"].as_u64().unwrap() > 3500, "{json}");

    let refused = token(&["--data", folder, "--as", "itil"]);
    assert!(!refused.status.success() && refused.stdout.is_empty());
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        said.contains("403") && said.contains("Token access"),
        "{said}"
    );
    let itil = instance.user("itil");
    let user = format!("{}:{}", itil.name, itil.password);
    let refused = token(&["--url", instance.url(), "--user", &user]);
    assert!(!refused.status.success() && refused.stdout.is_empty());
}
