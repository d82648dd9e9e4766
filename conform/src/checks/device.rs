//! Device authorization (RFC 8628).

use anyhow::{Context, Result, ensure};
use reqwest::Url;
use serde_json::Value;

use super::code::refused;
use crate::suite::{Auth, Tokens};
use crate::wire::Response;
use crate::{Check, Suite};

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "a device is told all it needs",
        "",
        "RFC 8628 §3.2",
        told_all,
    ),
    Check::new(
        "a device waits for its person, and then has its tokens",
        "",
        "RFC 8628 §3.5",
        waits,
    ),
    Check::new(
        "a device that asks too often is told to slow down",
        "",
        "RFC 8628 §3.5",
        slow_down,
    ),
    Check::new(
        "a person who denies a device is told to it",
        "",
        "RFC 8628 §3.5",
        denied,
    ),
    Check::new(
        "a device code is bound to its client",
        "",
        "RFC 8628 §3.4",
        bound_to_client,
    ),
    Check::new("a device code is good once", "", "RFC 8628 §3.5", once),
    Check::new(
        "an unknown device code is refused",
        "",
        "RFC 8628 §3.4",
        unknown,
    ),
];

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What a device of the first client is told.
fn device(suite: &Suite<'_>) -> Result<Value> {
    let client = Auth::Basic(&suite.target.client);
    let form = [("scope", "openid")];
    let response = suite.call("device_authorization_endpoint", &client, &form)?;
    ensure!(
        response.status == 200,
        "{} {}",
        response.status,
        response.body
    );
    response.json()
}

fn poll(suite: &Suite<'_>, auth: &Auth<'_>, told: &Value) -> Result<Response> {
    let code = told["device_code"].as_str().context("device_code")?;
    suite.token(auth, &[("grant_type", GRANT), ("device_code", code)])
}

fn poll_as_client(suite: &Suite<'_>, told: &Value) -> Result<Response> {
    poll(suite, &Auth::Basic(&suite.target.client), told)
}

/// Somebody opens the link that the device shows, logs in, and answers.
fn answered(suite: &Suite<'_>, told: &Value, denies: bool) -> Result<()> {
    let link = told["verification_uri_complete"].as_str();
    let mut person = suite.person();
    person.denies = denies;
    person.open(Url::parse(link.context("verification_uri_complete")?)?)?;
    Ok(())
}

fn told_all(suite: &Suite<'_>) -> Result<()> {
    let told = device(suite)?;
    for name in ["device_code", "user_code", "verification_uri"] {
        let text = told[name].as_str().unwrap_or_default();
        ensure!(!text.is_empty(), "no {name} in {told}");
    }
    ensure!(told["expires_in"].is_u64(), "expires_in in {told}");
    let page = Url::parse(told["verification_uri"].as_str().unwrap_or_default())?;
    ensure!(
        page.origin() == suite.target.issuer.origin(),
        "{page} is elsewhere"
    );
    Ok(())
}

fn waits(suite: &Suite<'_>) -> Result<()> {
    let told = device(suite)?;
    refused(&poll_as_client(suite, &told)?, 400, "authorization_pending")?;
    answered(suite, &told, false)?;
    let response = poll_as_client(suite, &told)?;
    ensure!(
        response.status == 200,
        "{} {}",
        response.status,
        response.body
    );
    let tokens = Tokens(response.json()?);
    suite.id_token(&tokens)?;
    let known = suite.userinfo("GET", tokens.access())?;
    ensure!(known.status == 200, "its token gets {}", known.status);
    Ok(())
}

fn slow_down(suite: &Suite<'_>) -> Result<()> {
    let told = device(suite)?;
    poll_as_client(suite, &told)?;
    refused(&poll_as_client(suite, &told)?, 400, "slow_down")
}

fn denied(suite: &Suite<'_>) -> Result<()> {
    let told = device(suite)?;
    answered(suite, &told, true)?;
    refused(&poll_as_client(suite, &told)?, 400, "access_denied")
}

fn bound_to_client(suite: &Suite<'_>) -> Result<()> {
    let told = device(suite)?;
    let other = Auth::Basic(&suite.target.other);
    refused(&poll(suite, &other, &told)?, 400, "invalid_grant")
}

fn once(suite: &Suite<'_>) -> Result<()> {
    let told = device(suite)?;
    answered(suite, &told, false)?;
    let first = poll_as_client(suite, &told)?;
    ensure!(first.status == 200, "{} {}", first.status, first.body);
    refused(&poll_as_client(suite, &told)?, 400, "invalid_grant")
}

fn unknown(suite: &Suite<'_>) -> Result<()> {
    let told = serde_json::json!({"device_code": "nonsense"});
    refused(&poll_as_client(suite, &told)?, 400, "invalid_grant")
}
