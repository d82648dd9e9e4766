//! Proof Key for Code Exchange (RFC 7636, RFC 9700 §2.1.1).

use anyhow::Result;

use super::authorization::expect_error;
use super::code::refused;
use crate::ask::{Ask, random};
use crate::suite::Auth;
use crate::wire::Response;
use crate::{Check, Suite};

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "the right verifier is taken",
        "oidcc-ensure-request-with-valid-pkce-succeeds",
        "RFC 7636 §4.6",
        right_verifier,
    ),
    Check::new(
        "a wrong verifier is refused",
        "",
        "RFC 7636 §4.6",
        wrong_verifier,
    ),
    Check::new(
        "a verifier that is left out is refused",
        "",
        "RFC 9700 §4.8.2",
        no_verifier,
    ),
    Check::new(
        "a verifier without a challenge is refused",
        "",
        "RFC 9700 §4.8.2",
        no_challenge,
    ),
    Check::new(
        "a public client has to use PKCE",
        "",
        "RFC 9700 §2.1.1",
        public_client,
    ),
    Check::new("the method plain is refused", "", "RFC 9700 §2.1.1", plain),
];

fn right_verifier(suite: &Suite<'_>) -> Result<()> {
    suite.tokens(&suite.ask())?;
    let public = suite.ask().with("client_id", &suite.target.public);
    suite.tokens(&public).map(|_tokens| ())
}

/// Redeems a code with a verifier of the check's choice.
fn redeem(suite: &Suite<'_>, ask: &Ask, verifier: Option<&str>) -> Result<Response> {
    let code = suite.code(&mut suite.person(), ask)?;
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", ask.get("redirect_uri")),
    ];
    form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    suite.token(&Auth::Basic(&suite.target.client), &form)
}

fn wrong_verifier(suite: &Suite<'_>) -> Result<()> {
    let response = redeem(suite, &suite.ask(), Some(&random()))?;
    refused(&response, 400, "invalid_grant")
}

fn no_verifier(suite: &Suite<'_>) -> Result<()> {
    refused(&redeem(suite, &suite.ask(), None)?, 400, "invalid_grant")
}

fn no_challenge(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask().without_pkce();
    refused(&redeem(suite, &ask, Some(&random()))?, 400, "invalid_grant")
}

fn public_client(suite: &Suite<'_>) -> Result<()> {
    let ask = suite
        .ask()
        .with("client_id", &suite.target.public)
        .without_pkce();
    expect_error(suite, &ask, &mut suite.person(), &["invalid_request"])
}

fn plain(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask();
    let verifier = ask.verifier.clone();
    let ask = ask
        .with("code_challenge", &verifier)
        .with("code_challenge_method", "plain");
    expect_error(suite, &ask, &mut suite.person(), &["invalid_request"])
}
