//! Who a client is (RFC 6749 §2.3).

use anyhow::{Result, ensure};

use super::code::refused;
use crate::suite::Auth;
use crate::target::Client;
use crate::{Check, Suite};

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "client_secret_basic is taken",
        "oidcc-server",
        "RFC 6749 §2.3.1",
        |suite| redeems(suite, &Auth::Basic(&suite.target.client)),
    ),
    Check::new(
        "client_secret_post is taken",
        "oidcc-server-client-secret-post",
        "RFC 6749 §2.3.1",
        |suite| redeems(suite, &Auth::Post(&suite.target.client)),
    ),
    Check::new(
        "a wrong secret is refused",
        "",
        "RFC 6749 §5.2",
        wrong_secret,
    ),
    Check::new(
        "a confidential client has to prove itself",
        "",
        "RFC 6749 §3.2.1",
        no_secret,
    ),
    Check::new(
        "two methods at once are refused",
        "",
        "RFC 6749 §2.3",
        two_methods,
    ),
];

fn redeems(suite: &Suite<'_>, auth: &Auth<'_>) -> Result<()> {
    let ask = suite.ask();
    let code = suite.code(&mut suite.person(), &ask)?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", ask.get("redirect_uri")),
        ("code_verifier", &ask.verifier),
    ];
    let response = suite.token(auth, &form)?;
    ensure!(
        response.status == 200,
        "{} {}",
        response.status,
        response.body
    );
    Ok(())
}

const REFRESH: [(&str, &str); 2] = [("grant_type", "refresh_token"), ("refresh_token", "x")];

fn wrong_secret(suite: &Suite<'_>) -> Result<()> {
    let client = Client {
        id: suite.target.client.id.clone(),
        secret: "wrong".to_owned(),
    };
    let response = suite.token(&Auth::Basic(&client), &REFRESH)?;
    refused(&response, 401, "invalid_client")?;
    // RFC 6749 §5.2: the challenge matches the scheme that was used.
    let challenge = response.header("www-authenticate").unwrap_or_default();
    ensure!(
        challenge.to_lowercase().starts_with("basic"),
        "WWW-Authenticate is {challenge:?}"
    );
    refused(
        &suite.token(&Auth::Post(&client), &REFRESH)?,
        401,
        "invalid_client",
    )
}

fn no_secret(suite: &Suite<'_>) -> Result<()> {
    let auth = Auth::Public(&suite.target.client.id);
    refused(&suite.token(&auth, &REFRESH)?, 401, "invalid_client")
}

fn two_methods(suite: &Suite<'_>) -> Result<()> {
    let client = &suite.target.client;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", "x"),
        ("client_id", &client.id),
        ("client_secret", &client.secret),
    ];
    refused(
        &suite.token(&Auth::Basic(client), &form)?,
        400,
        "invalid_request",
    )
}
