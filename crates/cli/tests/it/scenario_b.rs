//! Scenario B: an API tool gets a token and creates an incident, typed with curl.

use std::process::Command;

use serde_json::{Value, json};
use snowglobe_testkit::{Instance, ReadyUser};

use crate::world::{Credentials, SERVICENOW, launch};

/// What curl saw.
struct Seen {
    status: u16,
    headers: String,
    body: String,
}

impl Seen {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect(&self.body)
    }
}

fn curl(arguments: &[&str]) -> Seen {
    let output = Command::new("curl")
        .args([
            "--silent",
            "--show-error",
            "--include",
            "--noproxy",
            "*",
            "--max-time",
            "20",
        ])
        .args(arguments)
        .output()
        .expect("curl is needed: `cargo xtask setup` installs it");
    assert!(output.status.success(), "curl {arguments:?}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let (headers, body) = text.split_once("\r\n\r\n").unwrap();
    let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
    Seen {
        status,
        headers: headers.to_ascii_lowercase(),
        body: body.to_owned(),
    }
}

fn token(instance: &Instance, fields: &[(&str, &str)]) -> Seen {
    let url = format!("{}{SERVICENOW}", instance.url());
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let data = fields.iter().flat_map(|field| ["--data-urlencode", field]);
    curl(
        &std::iter::once(url.as_str())
            .chain(data)
            .collect::<Vec<_>>(),
    )
}

fn password_token(instance: &Instance, user: &ReadyUser) -> Seen {
    let client = Credentials::of_demo_client(instance);
    let grant = [
        ("grant_type", "password"),
        ("username", user.name.as_str()),
        ("password", user.password.as_str()),
    ];
    token(instance, &client.form(&grant))
}

/// Someone who may sign in and has no role at all.
fn without_roles(instance: &Instance) -> &ReadyUser {
    let users = instance.users();
    users
        .iter()
        .find(|user| user.roles.is_empty())
        .expect("a user without roles")
}

fn api(instance: &Instance, token: &str, method: &str, path: &str, body: Option<&Value>) -> Seen {
    let url = format!("{}/api/now{path}", instance.url());
    let bearer = format!("Authorization: Bearer {token}");
    let mut arguments = vec![
        "-X",
        method,
        "-H",
        &bearer,
        "-H",
        "Accept: application/json",
        &url,
    ];
    let body = body.map(Value::to_string);
    if let Some(body) = &body {
        arguments.extend(["-H", "Content-Type: application/json", "--data", body]);
    }
    curl(&arguments)
}

fn creates_reads_changes_lists_and_deletes(instance: &Instance, token: &str) {
    let fields = json!({"short_description": "The printer is on fire", "urgency": "1"});
    let created = api(instance, token, "POST", "/table/incident", Some(&fields));
    assert_eq!(created.status, 201, "{}", created.body);
    let record = &created.json()["result"];
    let sys_id = record["sys_id"].as_str().unwrap();
    let number = record["number"].as_str().unwrap();
    assert!(
        number.starts_with("INC00") && number.len() == 10,
        "{number}"
    );
    assert_eq!(record["urgency"], "1");
    let location = format!(
        "location: {}/api/now/table/incident/{sys_id}",
        instance.url()
    );
    assert!(created.headers.contains(&location), "{}", created.headers);

    let path = format!("/table/incident/{sys_id}");
    let read = api(instance, token, "GET", &path, None);
    assert_eq!(
        read.json()["result"]["short_description"],
        "The printer is on fire"
    );

    let change = json!({"short_description": "The printer is wet"});
    let changed = api(instance, token, "PATCH", &path, Some(&change));
    assert_eq!(
        (
            changed.status,
            changed.json()["result"]["sys_mod_count"].as_str()
        ),
        (200, Some("1"))
    );

    let query =
        format!("/table/incident?sysparm_query=number={number}&sysparm_fields=short_description");
    let list = api(instance, token, "GET", &query, None);
    assert_eq!(
        list.json(),
        json!({"result": [{"short_description": "The printer is wet"}]})
    );
    assert!(
        list.headers.contains("x-total-count: 1"),
        "{}",
        list.headers
    );

    assert_eq!(api(instance, token, "DELETE", &path, None).status, 204);
    assert_eq!(api(instance, token, "GET", &path, None).status, 404);
}

#[test]
fn an_incident_is_created_with_a_token_of_the_password_grant() {
    let instance = launch().start();
    let answer = password_token(&instance, instance.user("admin"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    assert_eq!(
        (body["token_type"].as_str(), body["scope"].as_str()),
        (Some("Bearer"), Some("useraccount"))
    );
    assert_eq!(body["expires_in"], 1799);
    assert!(body["refresh_token"].is_string());
    creates_reads_changes_lists_and_deletes(&instance, body["access_token"].as_str().unwrap());
}

#[test]
fn an_incident_is_created_with_a_token_of_client_credentials() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let answer = token(
        &instance,
        &client.form(&[("grant_type", "client_credentials")]),
    );
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    assert!(
        body.get("refresh_token").is_none(),
        "client credentials give no refresh token: {body}"
    );
    creates_reads_changes_lists_and_deletes(&instance, body["access_token"].as_str().unwrap());
}

#[test]
fn who_lacks_the_role_is_told_so_and_the_record_stays() {
    let instance = launch().start();
    let admin = password_token(&instance, instance.user("admin")).json();
    let admin = admin["access_token"].as_str().unwrap();
    let nobody = password_token(&instance, without_roles(&instance)).json();
    let nobody = nobody["access_token"].as_str().unwrap();

    let named = json!({"name": "A server that stays"});
    let created = api(
        &instance,
        admin,
        "POST",
        "/table/cmdb_ci_linux_server",
        Some(&named),
    )
    .json();
    let path = format!(
        "/table/cmdb_ci_linux_server/{}",
        created["result"]["sys_id"].as_str().unwrap()
    );

    let refused = api(
        &instance,
        nobody,
        "POST",
        "/table/cmdb_ci_linux_server",
        Some(&named),
    );
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(refused.json()["error"]["message"], "Operation Failed");
    let refused = api(&instance, nobody, "DELETE", &path, None);
    assert!(
        matches!(refused.status, 403 | 404),
        "{} {}",
        refused.status,
        refused.body
    );
    assert_eq!(api(&instance, admin, "GET", &path, None).status, 200);
}

#[test]
fn without_credentials_the_answer_is_401_in_the_documented_shape() {
    let instance = launch().start();
    let answer = curl(&[&format!("{}/api/now/table/incident", instance.url())]);
    assert_eq!(answer.status, 401);
    assert!(
        answer
            .headers
            .contains("www-authenticate: basic realm=\"service-now\""),
        "{}",
        answer.headers
    );
    let expected = json!({
        "error": {"message": "User Not Authenticated", "detail": "Required to provide Auth information"},
        "status": "failure",
    });
    assert_eq!(answer.json(), expected);
}
