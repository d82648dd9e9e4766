//! Clients that prove themselves with a signed JWT (RFC 7523 §2.2, OpenID Connect Core §9).

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::code::refused;
use crate::ask::random;
use crate::jose;
use crate::suite::Auth;
use crate::wire::Response;
use crate::{Check, Suite};

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "private_key_jwt is taken",
        "oidcc-ensure-client-assertion-with-iss-aud-succeeds",
        "OpenID Connect Core §9",
        taken,
    ),
    Check::new(
        "an assertion for another server is refused",
        "",
        "RFC 7523 §3",
        |suite| refuses(suite, &json!({"aud": "https://other.example"})),
    ),
    Check::new(
        "an assertion that is over is refused",
        "",
        "RFC 7523 §3",
        |suite| refuses(suite, &json!({"iat": 1, "exp": 61})),
    ),
    Check::new(
        "an assertion of another client is refused",
        "",
        "RFC 7523 §3",
        |suite| refuses(suite, &json!({"sub": "another", "iss": "another"})),
    ),
    Check::new("an assertion counts once", "", "RFC 7523 §3", once),
    Check::new(
        "an assertion that was tampered with is refused",
        "",
        "RFC 7523 §3",
        tampered,
    ),
];

/// What the client says of itself, with changes.
fn claims(suite: &Suite<'_>, changes: &Value) -> Value {
    let now = now();
    let client = &suite.target.jwt_client;
    let mut claims = json!({
        "iss": client, "sub": client, "aud": suite.target.issuer_text(),
        "iat": now, "exp": now + 60, "jti": random(),
    });
    for (name, value) in changes.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    claims
}

#[expect(clippy::disallowed_methods, reason = "a client has a clock of its own")]
fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

/// A request for which nothing but the client can be right.
fn refresh(suite: &Suite<'_>, assertion: &str) -> Result<Response> {
    let form = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    suite.token(&Auth::Assertion(assertion), &form)
}

fn taken(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask().with("client_id", &suite.target.jwt_client);
    let code = suite.code(&mut suite.person(), &ask)?;
    let assertion = jose::assertion(&claims(suite, &json!({})))?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", ask.get("redirect_uri")),
        ("code_verifier", &ask.verifier),
    ];
    let response = suite.token(&Auth::Assertion(&assertion), &form)?;
    ensure!(
        response.status == 200,
        "{} {}",
        response.status,
        response.body
    );
    Ok(())
}

fn refuses(suite: &Suite<'_>, changes: &Value) -> Result<()> {
    let assertion = jose::assertion(&claims(suite, changes))?;
    refused(&refresh(suite, &assertion)?, 401, "invalid_client")
}

fn once(suite: &Suite<'_>) -> Result<()> {
    let assertion = jose::assertion(&claims(suite, &json!({})))?;
    refused(&refresh(suite, &assertion)?, 400, "invalid_grant")?;
    refused(&refresh(suite, &assertion)?, 401, "invalid_client")
}

fn tampered(suite: &Suite<'_>) -> Result<()> {
    let good = jose::assertion(&claims(suite, &json!({})))?;
    let other = jose::assertion(&claims(suite, &json!({})))?;
    let signed = good.rsplit_once('.').unwrap_or_default().0;
    let of_other = other.rsplit_once('.').unwrap_or_default().1;
    let mixed = format!("{signed}.{of_other}");
    refused(&refresh(suite, &mixed)?, 401, "invalid_client")
}
