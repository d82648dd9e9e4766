//! A code becomes tokens once, for whom it was made (RFC 6749 §4.1.3).

use anyhow::{Result, ensure};

use crate::suite::Auth;
use crate::wire::Response;
use crate::{Check, Suite};

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "a code becomes tokens",
        "oidcc-server",
        "OpenID Connect Core §3.1.3.3",
        becomes_tokens,
    ),
    Check::new(
        "token answers are not kept by caches",
        "oidcc-server",
        "RFC 6749 §5.1",
        not_cached,
    ),
    Check::new(
        "a code is good once",
        "oidcc-codereuse",
        "RFC 6749 §4.1.2",
        good_once,
    ),
    Check::new(
        "a second use ends what the first gave",
        "oidcc-codereuse-30seconds",
        "RFC 6749 §4.1.2",
        reuse_revokes,
    ),
    Check::new(
        "a code is bound to its client",
        "",
        "RFC 6749 §4.1.3",
        bound_to_client,
    ),
    Check::new(
        "a code is bound to its redirect URI",
        "",
        "RFC 6749 §4.1.3",
        bound_to_redirect_uri,
    ),
    Check::new(
        "an unknown grant is refused",
        "",
        "RFC 6749 §5.2",
        unknown_grant,
    ),
    Check::new(
        "a repeated token parameter is refused",
        "",
        "RFC 6749 §3.2",
        repeated_parameter,
    ),
];

/// A refusal of RFC 6749 §5.2.
pub(super) fn refused(response: &Response, status: u16, error: &str) -> Result<()> {
    ensure!(
        response.status == status && response.error() == error,
        "expected {status} {error}, got {} {}",
        response.status,
        response.body
    );
    Ok(())
}

fn becomes_tokens(suite: &Suite<'_>) -> Result<()> {
    let tokens = suite.tokens(&suite.ask())?;
    ensure!(
        !tokens.access().is_empty(),
        "no access_token in {}",
        tokens.0
    );
    ensure!(!tokens.id_token().is_empty(), "no id_token in {}", tokens.0);
    ensure!(
        tokens.text("token_type").eq_ignore_ascii_case("bearer"),
        "token_type in {}",
        tokens.0
    );
    ensure!(
        tokens.0["expires_in"].as_u64() > Some(0),
        "expires_in in {}",
        tokens.0
    );
    Ok(())
}

fn not_cached(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask();
    let code = suite.code(&mut suite.person(), &ask)?;
    let response = suite.redeem(&ask, &code)?;
    let header = response.header("cache-control").unwrap_or_default();
    ensure!(header.contains("no-store"), "Cache-Control is {header:?}");
    Ok(())
}

fn good_once(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask();
    let code = suite.code(&mut suite.person(), &ask)?;
    let first = suite.redeem(&ask, &code)?;
    ensure!(first.status == 200, "{} {}", first.status, first.body);
    refused(&suite.redeem(&ask, &code)?, 400, "invalid_grant")
}

fn reuse_revokes(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask();
    let code = suite.code(&mut suite.person(), &ask)?;
    let first = suite.redeem(&ask, &code)?.json()?;
    let token = first["access_token"].as_str().unwrap_or_default();
    ensure!(
        suite.userinfo("GET", token)?.status == 200,
        "the token does not work at first"
    );
    suite.redeem(&ask, &code)?;
    let after = suite.userinfo("GET", token)?;
    ensure!(after.status == 401, "the token still gets {}", after.status);
    Ok(())
}

fn bound_to_client(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask();
    let code = suite.code(&mut suite.person(), &ask)?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", ask.get("redirect_uri")),
        ("code_verifier", &ask.verifier),
    ];
    let response = suite.token(&Auth::Basic(&suite.target.other), &form)?;
    refused(&response, 400, "invalid_grant")
}

fn bound_to_redirect_uri(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask();
    let code = suite.code(&mut suite.person(), &ask)?;
    let elsewhere = ask.with("redirect_uri", "https://elsewhere.example/cb");
    refused(&suite.redeem(&elsewhere, &code)?, 400, "invalid_grant")
}

fn unknown_grant(suite: &Suite<'_>) -> Result<()> {
    let form = [("grant_type", "no-such-grant")];
    let response = suite.token(&Auth::Basic(&suite.target.client), &form)?;
    refused(&response, 400, "unsupported_grant_type")
}

fn repeated_parameter(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask();
    let code = suite.code(&mut suite.person(), &ask)?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("code", code.as_str()),
        ("redirect_uri", ask.get("redirect_uri")),
        ("code_verifier", &ask.verifier),
    ];
    let response = suite.token(&Auth::Basic(&suite.target.client), &form)?;
    refused(&response, 400, "invalid_request")
}
