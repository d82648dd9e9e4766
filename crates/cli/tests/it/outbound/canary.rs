//! A canary search: every secret and token of an end-to-end run is unlike anything else, and all that the run writes is
//! searched for them (security.md §2, 58).

use std::{collections::BTreeMap, path::Path};

use serde_json::json;
use snowglobe_testkit::{Instance, Webhook};

use super::{Provider, SECRET, access_token, ask, person::Person, set_up};
use crate::world::{Admin, Place, Store};

const PASSWORD: &str = "canary-basic-password";
const API_KEY: &str = "canary-api-key";
const JWT_KEY: &str = "canary-jwt-key-0123456789abcdef0123456789";
/// What every token of the provider begins with.
const TOKENS: &str = "canary-token-";
const CANARIES: [&str; 5] = [SECRET, PASSWORD, API_KEY, JWT_KEY, TOKENS];

/// All that was written, by where.
type Written = BTreeMap<String, String>;

fn launch(place: &Place, log: &Path) -> Instance {
    let shell = format!("exec \"$0\" \"$@\" 2>>'{}'", log.display());
    place.launch().through(&["sh", "-c", &shell]).start()
}

/// Tokens got, used, renewed, refused, lost, revoked; calls that succeed and calls that fail.
fn a_day_s_work(instance: &Instance, provider: &Provider, hook: &Webhook) -> Vec<String> {
    let admin = Admin::of(instance);
    let grant = set_up(instance, provider, "authorization_code");
    let property = admin.sys_id("sys_properties", "name=snowglobe.outbound.alert_webhook");
    admin.change("sys_properties", &property, &json!({"value": hook.url()}));
    admin.create(
        "basic_auth_credentials",
        &json!({"name": "canary", "user_name": "jo", "password": PASSWORD}),
    );
    admin.create(
        "api_key_credentials",
        &json!({"name": "canary", "api_key": API_KEY}),
    );
    let key = json!({"name": "canary", "signing_algorithm": "hmac_256", "signing_key": JWT_KEY});
    admin.create("jwt_keystore_aliases", &key);
    let alias = admin.sys_id("sys_alias", "id=g");
    let message =
        json!({"name": "canary", "authentication_type": "alias", "connection_alias": alias});
    let message = admin.create("sys_rest_message", &message)["sys_id"].clone();
    admin.create(
        "sys_rest_message_fn",
        &json!({
            "rest_message": message, "function_name": "all", "http_method": "post",
            "rest_endpoint": "/orders", "content": "{}", "log_level": "all",
        }),
    );
    let mut person = Person::log_in(instance);
    let mut ids = Vec::new();
    let mut note = |answer: snowglobe_testkit::Answer| {
        ids.push(answer.header("x-transaction-id").to_owned());
        answer
    };
    note(ask(instance).unwrap());
    person.consent(&grant);
    let token = access_token(&note(ask(instance).unwrap()));
    assert!(token.starts_with(TOKENS), "{token}");
    let run = "/api/sn_broker/rest_message/canary/all/execute";
    assert_eq!(note(admin.send("POST", run, Some(&json!({})))).status, 200);
    // Refused by the API, renewed and sent again; then a provider in trouble; then one that ends the grant.
    provider.control(&json!({"expire": true}));
    assert_eq!(note(admin.send("POST", run, Some(&json!({})))).status, 200);
    for trouble in [
        json!({"expire": true, "fail": 1}),
        json!({"expire": true, "drop": 1}),
    ] {
        provider.control(&trouble);
        note(admin.send("POST", run, Some(&json!({}))));
    }
    for misuse in [
        format!("/oauth_redirect.do?code={token}&state={token}"),
        format!("/nothing/{token}"),
    ] {
        note(admin.send("GET", &misuse, None));
    }
    provider.control(&json!({"revoke": true, "expire": true}));
    let moved = admin.send("POST", "/_sg/clock", Some(&json!({"advance": "61m"})));
    assert_eq!(moved.status, 200);
    note(ask(instance).unwrap());
    assert_eq!(hook.next()["event"], "needs_consent");
    ids
}

/// Every page, list, export and endpoint that tells of it.
fn look_around(instance: &Instance, ids: &[String]) -> Written {
    let admin = Admin::of(instance);
    let mut written = Written::new();
    let mut person = Person::log_in(instance);
    for table in TABLES {
        let rows = admin.list(table, "");
        for display in ["false", "true", "all"] {
            let path = format!("/api/now/table/{table}?sysparm_display_value={display}");
            written.insert(path.clone(), admin.send("GET", &path, None).body);
        }
        let list = format!("/{table}_list.do");
        written.insert(list.clone(), person.get(&list).body);
        let export = format!("/{table}.do?JSONv2");
        written.insert(export.clone(), admin.send("GET", &export, None).body);
        for row in rows
            .iter()
            .filter_map(|row| row["sys_id"].as_str())
            .take(30)
        {
            let form = format!("/{table}.do?sys_id={row}");
            written.insert(form.clone(), person.get(&form).body);
        }
    }
    for path in [
        "/sg_credentials.do",
        "/sg_requests.do",
        "/",
        "/_sg/metrics",
        "/_sg/requests",
        "/_sg/alias/g",
        "/_sg/grants",
        "/_sg/grant/g?as=admin",
        "/api/sn_broker/health",
        "/api/sn_broker/alias/g/grant",
        "/api/sn_broker/alias/g/resolve",
    ] {
        written.insert(path.to_owned(), person.get(path).body);
        written.insert(format!("admin {path}"), admin.send("GET", path, None).body);
    }
    for id in ids.iter().filter(|id| !id.is_empty()) {
        let path = format!("/_sg/explain/{id}");
        written.insert(path.clone(), admin.send("GET", &path, None).body);
        let page = format!("/sg_requests.do?id={id}");
        written.insert(page.clone(), person.get(&page).body);
    }
    written
}

fn add_files(folder: &Path, written: &mut Written) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_file() {
            let bytes = std::fs::read(entry.path()).unwrap();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            written.insert(entry.path().display().to_string(), text);
        }
    }
}

fn no_canary_is_in_anything_that_a_run_writes(store: Store) {
    let prefix = [
        "--temper",
        "rotating",
        "--lifetime",
        "3600",
        "--token-prefix",
        TOKENS,
    ];
    let provider = Provider::start(&prefix);
    let place = Place::new(store);
    let elsewhere = tempfile::TempDir::new().unwrap();
    let log = elsewhere.path().join("log");
    let hook = Webhook::start(0);
    let instance = launch(&place, &log);
    let ids = a_day_s_work(&instance, &provider, &hook);
    let mut written = look_around(&instance, &ids);
    assert!(written.len() > 100, "{}", written.len());
    assert!(instance.terminate().success());
    add_files(place.folder(), &mut written);
    if let Some(dump) = place.dump() {
        assert!(
            dump.contains("sys_outbound_http_log"),
            "the dump holds the log"
        );
        written.insert("the database".to_owned(), dump);
    }
    add_files(elsewhere.path(), &mut written);
    let told = &written[&log.display().to_string()];
    assert!(
        told.contains("an outbound credential needs somebody"),
        "{told}"
    );
    for (place, text) in &written {
        for canary in CANARIES {
            assert!(!text.contains(canary), "{place} tells {canary}");
        }
    }
    // The search finds what is there.
    assert!(
        written
            .values()
            .any(|text| text.contains("basic_auth_credentials"))
    );
}

#[test]
fn security_58_no_canary_is_in_anything_that_a_run_writes_on_sqlite() {
    no_canary_is_in_anything_that_a_run_writes(Store::Sqlite);
}

#[test]
fn security_58_no_canary_is_in_anything_that_a_run_writes_on_postgres() {
    no_canary_is_in_anything_that_a_run_writes(Store::Postgres);
}

const TABLES: [&str; 19] = [
    "oauth_entity",
    "oauth_entity_profile",
    "oauth_credential",
    "oauth_requestor_profile",
    "oauth_2_0_credentials",
    "basic_auth_credentials",
    "api_key_credentials",
    "discovery_credentials",
    "jwt_keystore_aliases",
    "http_connection",
    "sys_alias",
    "sys_alias_hand_out",
    "sys_rest_message",
    "sys_rest_message_fn",
    "sys_rest_execution",
    "sys_flow_context",
    "sys_flow_context_step",
    "sys_outbound_http_log",
    "sys_audit",
];
