//! Resource indicators (RFC 8707): tokens for one resource server and no other.

use anyhow::{Result, ensure};

use super::code::refused;
use crate::suite::{Auth, Tokens};
use crate::{Check, Suite};

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "a token says which resource it is for",
        "",
        "RFC 8707 §2",
        names_its_resource,
    ),
    Check::new(
        "an unknown resource is refused",
        "",
        "RFC 8707 §2",
        unknown_resource,
    ),
    Check::new(
        "a token request may not widen its resources",
        "",
        "RFC 8707 §2.2",
        never_wider,
    ),
];

fn names_its_resource(suite: &Suite<'_>) -> Result<()> {
    let resource = &suite.target.resource;
    let tokens = suite.tokens(&suite.ask().with("resource", resource))?;
    let client = Auth::Basic(&suite.target.client);
    let form = [("token", tokens.access())];
    let told = suite.call("introspection_endpoint", &client, &form)?;
    let aud = told.json()?["aud"].clone();
    let one = aud == resource.as_str();
    let among = aud
        .as_array()
        .is_some_and(|all| all.iter().any(|it| it == resource.as_str()));
    ensure!(one || among, "aud is {aud}");
    Ok(())
}

fn unknown_resource(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask().with("resource", "https://nobody.example/");
    let callback = suite.callback(&mut suite.person(), &ask)?;
    let error = callback.get("error");
    ensure!(
        error == Some("invalid_target"),
        "{error:?} at {}",
        callback.uri
    );
    Ok(())
}

fn never_wider(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask();
    let code = suite.code(&mut suite.person(), &ask)?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", ask.get("redirect_uri")),
        ("code_verifier", &ask.verifier),
        ("resource", &suite.target.resource),
    ];
    let client = Auth::Basic(&suite.target.client);
    let response = suite.token(&client, &form)?;
    refused(&response, 400, "invalid_target")?;
    // Nothing was used up: without it, the code is good.
    let tokens = Tokens(suite.redeem(&ask, &code)?.json()?);
    ensure!(!tokens.access().is_empty(), "no token in {}", tokens.0);
    Ok(())
}
