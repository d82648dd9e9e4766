//! Revocation and introspection (RFC 7009, RFC 7662).

use anyhow::{Result, ensure};
use serde_json::json;

use super::code::refused;
use crate::suite::Auth;
use crate::{Check, Suite};

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "a revoked token is dead",
        "",
        "RFC 7009 §2.1",
        revoked_is_dead,
    ),
    Check::new(
        "revoking the unknown succeeds",
        "",
        "RFC 7009 §2.2",
        revoking_the_unknown,
    ),
    Check::new(
        "introspection tells of a live token",
        "",
        "RFC 7662 §2.2",
        tells_of_a_live_token,
    ),
    Check::new(
        "introspection tells nothing of the unknown",
        "",
        "RFC 7662 §2.2",
        tells_nothing,
    ),
    Check::new(
        "introspection asks who asks",
        "",
        "RFC 7662 §2.1",
        asks_who_asks,
    ),
];

fn revoked_is_dead(suite: &Suite<'_>) -> Result<()> {
    let tokens = suite.tokens(&suite.ask())?;
    let client = Auth::Basic(&suite.target.client);
    let response = suite.call(
        "revocation_endpoint",
        &client,
        &[("token", tokens.access())],
    )?;
    ensure!(
        response.status == 200,
        "{} {}",
        response.status,
        response.body
    );
    let after = suite.userinfo("GET", tokens.access())?;
    ensure!(after.status == 401, "the token still gets {}", after.status);
    Ok(())
}

fn revoking_the_unknown(suite: &Suite<'_>) -> Result<()> {
    let client = Auth::Basic(&suite.target.client);
    let response = suite.call("revocation_endpoint", &client, &[("token", "nonsense")])?;
    ensure!(
        response.status == 200,
        "{} {}",
        response.status,
        response.body
    );
    Ok(())
}

fn tells_of_a_live_token(suite: &Suite<'_>) -> Result<()> {
    let tokens = suite.tokens(&suite.ask())?;
    let client = Auth::Basic(&suite.target.client);
    let form = [("token", tokens.access())];
    let told = suite
        .call("introspection_endpoint", &client, &form)?
        .json()?;
    ensure!(told["active"] == true, "{told}");
    ensure!(
        told["client_id"] == suite.target.client.id,
        "client_id in {told}"
    );
    ensure!(told["exp"].is_u64(), "exp in {told}");
    Ok(())
}

fn tells_nothing(suite: &Suite<'_>) -> Result<()> {
    let client = Auth::Basic(&suite.target.client);
    let response = suite.call("introspection_endpoint", &client, &[("token", "nonsense")])?;
    let told = response.json()?;
    ensure!(told == json!({"active": false}), "{told}");
    Ok(())
}

fn asks_who_asks(suite: &Suite<'_>) -> Result<()> {
    let tokens = suite.tokens(&suite.ask())?;
    let nobody = Auth::Public("no-such-client");
    let response = suite.call(
        "introspection_endpoint",
        &nobody,
        &[("token", tokens.access())],
    )?;
    refused(&response, 401, "invalid_client")
}
