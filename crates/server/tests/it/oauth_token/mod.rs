//! The token endpoints, in both dialects (`inbound-oauth.md` §2, §9.1; RFC 6749).

mod client;
mod client_assertion;
mod grant;
mod jwt_bearer;
mod refresh;
mod request;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use snowglobe_testkit::Answer;

use crate::world::{Client, World};

const CATCH_ALL: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;

fn refused_by_servicenow(answer: &Answer, case: &str) {
    assert_eq!((answer.status, &*answer.body), (401, CATCH_ALL), "{case}");
}

fn refused_strictly(answer: &Answer, error: &str, case: &str) {
    let status = if error == "invalid_client" { 401 } else { 400 };
    assert_eq!(
        (answer.status, &*answer.text("error")),
        (status, error),
        "{case}: {}",
        answer.body
    );
}

/// The headers of RFC 6749 §5.1, on success and refusal alike.
fn is_not_kept(answer: &Answer) {
    assert_eq!(
        answer.header("content-type"),
        "application/json;charset=UTF-8"
    );
    assert_eq!(
        (answer.header("cache-control"), answer.header("pragma")),
        ("no-store", "no-cache")
    );
    assert_eq!(answer.header("x-transaction-id").len(), 12);
}

fn is_a_token(text: &str) {
    let letters = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    assert!(text.len() == 86 && text.bytes().all(letters), "{text}");
}

fn password_form(world: &World) -> [(&'static str, String); 3] {
    [
        ("grant_type", "password".to_owned()),
        ("username", "itil".to_owned()),
        ("password", world.password("itil").to_owned()),
    ]
}

fn password_grant(world: &World, path: &str, client: &Client) -> Answer {
    let form = password_form(world);
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, &**value)).collect();
    world.grant(path, client, &form)
}

fn refresh(world: &World, path: &str, client: &Client, token: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    world.grant(path, client, &form)
}

fn calls(world: &World, token: &str) -> u16 {
    world
        .as_bearer(token)
        .get("/api/now/table/incident?sysparm_limit=1")
        .status
}

/// Client credentials in the header.
fn basic(world: &World, path: &str, (id, secret): (&str, &str), form: &[(&str, &str)]) -> Answer {
    let header = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let request = world
        .http
        .request("POST", path)
        .header("Authorization", header);
    Answer::of(request.form(form))
}

fn form_encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
