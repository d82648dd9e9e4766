//! Refusals of the token endpoint, word for word (`inbound-oauth.md` §9.1).
//!
//! ServiceNow's dialect has one body for everything: who is refused learns nothing. The strict
//! dialect answers by RFC 6749 §5.2.

use serde_json::json;
use snowglobe_testkit::{Answer, Instance};

use crate::world::{Admin, Credentials, DEMO_CLIENT, SERVICENOW, STRICT, launch};

const CATCH_ALL: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;
const CLIENT_CREDENTIALS: (&str, &str) = ("grant_type", "client_credentials");
const SWITCH: &str = "glide.oauth.inbound.client.credential.grant_type.enabled";

/// What the strict dialect answers.
struct Strict(u16, &'static str, &'static str);

const WRONG_CLIENT: Strict = Strict(401, "invalid_client", "client authentication failed");
const WRONG_TOKEN: Strict = Strict(400, "invalid_grant", "the token is not valid");
const SWITCHED_OFF: Strict = Strict(
    400,
    "unsupported_grant_type",
    "the grant type is switched off",
);

fn refused_by_servicenow(case: &str, answer: &Answer) {
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (401, CATCH_ALL),
        "{case}"
    );
}

fn refused_strictly(case: &str, answer: &Answer, Strict(status, error, description): &Strict) {
    let body = format!(r#"{{"error":"{error}","error_description":"{description}"}}"#);
    assert_eq!((answer.status, &answer.body), (*status, &body), "{case}");
    // RFC 6749 §5.1 and §5.2.
    assert_eq!(answer.header("cache-control"), "no-store", "{case}");
    assert!(
        answer
            .header("content-type")
            .starts_with("application/json"),
        "{case}"
    );
}

fn refused(instance: &Instance, case: &str, form: &[(&str, &str)], strict: &Strict) {
    refused_by_servicenow(case, &instance.http().form(SERVICENOW, form));
    refused_strictly(case, &instance.http().form(STRICT, form), strict);
}

/// Changes a record for as long as `meanwhile` runs.
fn with_changed(
    instance: &Instance,
    (table, query): (&str, &str),
    (field, value): (&str, &str),
    meanwhile: impl FnOnce(),
) {
    let admin = Admin::of(instance);
    let sys_id = admin.sys_id(table, query);
    let path = format!("/api/now/table/{table}/{sys_id}?sysparm_fields={field}");
    let before = admin.send("GET", &path, None).json()["result"][field].clone();
    let before = before.get("value").unwrap_or(&before).clone();
    admin.change(table, &sys_id, &json!({ field: value }));
    meanwhile();
    admin.change(table, &sys_id, &json!({ field: before }));
}

#[test]
fn a_wrong_or_missing_client_is_refused() {
    let instance = launch().start();
    let Credentials { id, secret } = Credentials::of_demo_client(&instance);
    let cases: [(&str, &[(&str, &str)]); 5] = [
        (
            "wrong secret",
            &[
                CLIENT_CREDENTIALS,
                ("client_id", &id),
                ("client_secret", "wrong"),
            ],
        ),
        ("no secret", &[CLIENT_CREDENTIALS, ("client_id", &id)]),
        (
            "empty secret",
            &[
                CLIENT_CREDENTIALS,
                ("client_id", &id),
                ("client_secret", ""),
            ],
        ),
        (
            "unknown client",
            &[
                CLIENT_CREDENTIALS,
                ("client_id", "nobody"),
                ("client_secret", &secret),
            ],
        ),
        ("no client", &[CLIENT_CREDENTIALS]),
    ];
    for (case, form) in cases {
        refused(&instance, case, form, &WRONG_CLIENT);
    }
}

#[test]
fn rfc6749_5_2_a_client_refused_in_the_header_is_challenged_there() {
    let instance = launch().start();
    let request = instance
        .http()
        .request("POST", STRICT)
        .basic_auth("nobody", Some("wrong"));
    let answer = Answer::of(request.form(&[CLIENT_CREDENTIALS]));
    refused_strictly("wrong Basic", &answer, &WRONG_CLIENT);
    assert!(
        answer
            .header("www-authenticate")
            .to_ascii_lowercase()
            .starts_with("basic realm=")
    );
}

#[test]
fn an_inactive_client_is_refused() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let record = ("oauth_entity", format!("name={DEMO_CLIENT}"));
    with_changed(
        &instance,
        (record.0, &record.1),
        ("active", "false"),
        || {
            refused(
                &instance,
                "inactive client",
                &client.form(&[CLIENT_CREDENTIALS]),
                &WRONG_CLIENT,
            );
        },
    );
    client.access_token(instance.http());
}

#[test]
fn a_wrong_password_is_refused_and_the_strict_dialect_has_no_password_grant() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    for name in ["admin", "nobody.at.all"] {
        let grant = [
            ("grant_type", "password"),
            ("username", name),
            ("password", "wrong"),
        ];
        refused(&instance, name, &client.form(&grant), &SWITCHED_OFF);
    }
}

#[test]
fn an_unknown_stale_or_foreign_refresh_token_is_refused() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let access = client.access_token(instance.http());
    let revoked = client.refresh_token(&instance);
    assert_eq!(
        instance
            .http()
            .get(&format!("/oauth_revoke_token.do?token={revoked}"))
            .status,
        200
    );
    let zeros = "A".repeat(86);
    for token in [zeros.as_str(), "short", &access, &revoked] {
        let grant = [("grant_type", "refresh_token"), ("refresh_token", token)];
        refused(&instance, token, &client.form(&grant), &WRONG_TOKEN);
    }
}

#[test]
fn a_scope_that_the_client_does_not_have_is_refused() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let form = client.form(&[CLIENT_CREDENTIALS, ("scope", "moon.landing")]);
    refused_by_servicenow("scope", &instance.http().form(SERVICENOW, &form));
    let answer = instance.http().form(STRICT, &form);
    assert_eq!(
        (answer.status, answer.text("error").as_str()),
        (400, "invalid_scope")
    );
}

#[test]
fn a_grant_type_that_is_unknown_or_missing_is_refused() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let unknown = "the grant type 'telepathy' is not supported";
    let form = client.form(&[("grant_type", "telepathy")]);
    refused(
        &instance,
        "unknown",
        &form,
        &Strict(400, "unsupported_grant_type", unknown),
    );
    let missing = Strict(
        400,
        "invalid_request",
        "the parameter grant_type is missing",
    );
    refused(&instance, "missing", &client.form(&[]), &missing);
}

#[test]
fn a_repeated_parameter_is_refused() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let repeated = [
        ("grant_type", "client_credentials"),
        ("client_id", &client.id),
        ("client_secret", &client.secret),
    ];
    for (name, value) in repeated {
        let twice = [CLIENT_CREDENTIALS, (name, value)];
        let form = client.form(&twice);
        let answer = instance.http().form(STRICT, &form);
        let description = format!("the parameter {name} is repeated");
        // RFC 6749 §3.2: "Request and response parameters MUST NOT be included more than once."
        let expected = json!({"error": "invalid_request", "error_description": description});
        assert_eq!((answer.status, answer.json()), (400, expected), "{name}");
        refused_by_servicenow(name, &instance.http().form(SERVICENOW, &form));
    }
}

#[test]
fn parameters_in_the_url_are_refused() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let query = format!(
        "?grant_type=client_credentials&client_id={}&client_secret={}",
        client.id, client.secret
    );
    refused_by_servicenow(
        "url",
        &instance.http().form(&format!("{SERVICENOW}{query}"), &[]),
    );
    let answer = instance.http().form(&format!("{STRICT}{query}"), &[]);
    assert_eq!(
        (answer.status, answer.text("error").as_str()),
        (400, "invalid_request")
    );
}

#[test]
fn a_json_body_is_refused() {
    let instance = launch().start();
    let Credentials { id, secret } = Credentials::of_demo_client(&instance);
    let body =
        json!({"grant_type": "client_credentials", "client_id": id, "client_secret": secret});
    let post = |path| Answer::of(instance.http().request("POST", path).json(&body));
    refused_by_servicenow("JSON", &post(SERVICENOW));
    let why = "the content type must be application/x-www-form-urlencoded";
    refused_strictly("JSON", &post(STRICT), &Strict(400, "invalid_request", why));
}

#[test]
fn client_credentials_need_the_property() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let property = format!("name={SWITCH}");
    with_changed(
        &instance,
        ("sys_properties", &property),
        ("value", "false"),
        || {
            refused(
                &instance,
                "off",
                &client.form(&[CLIENT_CREDENTIALS]),
                &SWITCHED_OFF,
            );
        },
    );
    client.access_token(instance.http());
}

#[test]
fn client_credentials_need_an_application_user() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let record = format!("name={DEMO_CLIENT}");
    with_changed(&instance, ("oauth_entity", &record), ("user", ""), || {
        let why = Strict(
            400,
            "unauthorized_client",
            "the client has no application user",
        );
        refused(
            &instance,
            "no user",
            &client.form(&[CLIENT_CREDENTIALS]),
            &why,
        );
    });
    client.access_token(instance.http());
}

#[test]
fn a_user_who_may_not_sign_in_gets_no_token() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let admin = Admin::of(&instance);
    let fields = json!({"user_name": "pat.example", "user_password": "right", "active": "true"});
    let pat = admin.create("sys_user", &fields);
    let pat = pat["sys_id"].as_str().unwrap();
    let grant = [
        ("grant_type", "password"),
        ("username", "pat.example"),
        ("password", "right"),
    ];
    let form = client.form(&grant);
    assert_eq!(instance.http().form(SERVICENOW, &form).status, 200);
    let blocks = [
        ("password_needs_reset", "true"),
        ("web_service_access_only", "true"),
        ("locked_out", "true"),
        ("active", "false"),
    ];
    for (field, value) in blocks {
        with_changed(
            &instance,
            ("sys_user", &format!("sys_id={pat}")),
            (field, value),
            || {
                refused_by_servicenow(field, &instance.http().form(SERVICENOW, &form));
            },
        );
        assert_eq!(
            instance.http().form(SERVICENOW, &form).status,
            200,
            "{field} taken back"
        );
    }
}
