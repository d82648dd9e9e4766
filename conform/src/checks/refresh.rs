//! Refresh tokens (RFC 6749 §6, RFC 9700 §4.14, OpenID Connect Core §12).

use anyhow::{Context, Result, ensure};

use super::code::refused;
use crate::suite::{Auth, Tokens};
use crate::wire::Response;
use crate::{Check, Suite};

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "a refresh token gives a working access token",
        "oidcc-refresh-token",
        "OpenID Connect Core §12.2",
        works,
    ),
    Check::new(
        "a refresh token is bound to its client",
        "",
        "RFC 6749 §6",
        bound_to_client,
    ),
    Check::new(
        "a refresh may not widen the scope",
        "",
        "RFC 6749 §6",
        never_wider,
    ),
    Check::new(
        "a public client's refresh token changes with each use",
        "",
        "RFC 9700 §4.14.2",
        rotates,
    ),
];

fn refresh(suite: &Suite<'_>, auth: &Auth<'_>, token: &str, scope: &str) -> Result<Response> {
    let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
    if !scope.is_empty() {
        form.push(("scope", scope));
    }
    suite.token(auth, &form)
}

fn works(suite: &Suite<'_>) -> Result<()> {
    let first = suite.tokens(&suite.ask())?;
    let response = refresh(
        suite,
        &Auth::Basic(&suite.target.client),
        first.refresh(),
        "",
    )?;
    ensure!(
        response.status == 200,
        "{} {}",
        response.status,
        response.body
    );
    let second = Tokens(response.json()?);
    let told = suite.userinfo("GET", second.access())?;
    ensure!(
        told.status == 200,
        "the new access token gets {}",
        told.status
    );
    if !second.id_token().is_empty() {
        let (before, after) = (suite.id_token(&first)?, suite.id_token(&second)?);
        for claim in ["iss", "sub", "aud", "auth_time"] {
            // "if the ID Token contains an auth_time Claim, its value MUST represent the time of the original
            // authentication": it may be left out.
            let is_left_out = claim == "auth_time" && after[claim].is_null();
            ensure!(
                is_left_out || before[claim] == after[claim],
                "{claim} was {}, and is {}",
                before[claim],
                after[claim]
            );
        }
    }
    Ok(())
}

fn bound_to_client(suite: &Suite<'_>) -> Result<()> {
    let tokens = suite.tokens(&suite.ask())?;
    let other = Auth::Basic(&suite.target.other);
    refused(
        &refresh(suite, &other, tokens.refresh(), "")?,
        400,
        "invalid_grant",
    )
}

fn never_wider(suite: &Suite<'_>) -> Result<()> {
    let tokens = suite.tokens(&suite.ask())?;
    let client = Auth::Basic(&suite.target.client);
    let response = refresh(suite, &client, tokens.refresh(), "openid email")?;
    refused(&response, 400, "invalid_scope")
}

fn rotates(suite: &Suite<'_>) -> Result<()> {
    let tokens = suite.tokens(&suite.ask().with("client_id", &suite.target.public))?;
    let public = Auth::Public(&suite.target.public);
    let response = refresh(suite, &public, tokens.refresh(), "")?;
    let after = Tokens(response.json().context("a refresh")?);
    ensure!(
        response.status == 200,
        "{} {}",
        response.status,
        response.body
    );
    ensure!(!after.refresh().is_empty(), "no new refresh token");
    ensure!(
        after.refresh() != tokens.refresh(),
        "the same refresh token"
    );
    Ok(())
}
