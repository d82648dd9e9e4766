//! What an issuer tells of a person (OpenID Connect Core §5).

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::{Check, Suite};

const CLAIMS: &str = "OpenID Connect Core §5.4";

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "userinfo answers GET about the same person",
        "oidcc-userinfo-get",
        "OpenID Connect Core §5.3.1",
        |suite| same_person(suite, "GET"),
    ),
    Check::new(
        "userinfo answers POST about the same person",
        "oidcc-userinfo-post-header",
        "OpenID Connect Core §5.3.1",
        |suite| same_person(suite, "POST"),
    ),
    Check::new(
        "userinfo refuses what is no token",
        "",
        "RFC 6750 §3.1",
        refuses_others,
    ),
    Check::new(
        "the scope email gives its claims",
        "oidcc-scope-email",
        CLAIMS,
        |suite| gives(suite, "openid email", &["email"]),
    ),
    Check::new(
        "the scope profile gives its claims",
        "oidcc-scope-profile",
        CLAIMS,
        |suite| gives(suite, "openid profile", &["name"]),
    ),
    Check::new(
        "all scopes together give all claims",
        "oidcc-scope-all",
        CLAIMS,
        |suite| gives(suite, "openid profile email", &["name", "email"]),
    ),
    Check::new(
        "the scope openid alone tells nothing but who",
        "oidcc-server",
        CLAIMS,
        tells_no_more,
    ),
];

fn about(suite: &Suite<'_>, scope: &str) -> Result<Value> {
    let tokens = suite.tokens(&suite.ask().with("scope", scope))?;
    let response = suite.userinfo("GET", tokens.access())?;
    ensure!(
        response.status == 200,
        "{} {}",
        response.status,
        response.body
    );
    response.json()
}

fn same_person(suite: &Suite<'_>, method: &'static str) -> Result<()> {
    let tokens = suite.tokens(&suite.ask())?;
    let response = suite.userinfo(method, tokens.access())?;
    ensure!(
        response.status == 200,
        "{} {}",
        response.status,
        response.body
    );
    let (told, signed) = (response.json()?, suite.id_token(&tokens)?);
    ensure!(
        told["sub"].is_string() && told["sub"] == signed["sub"],
        "sub is {}",
        told["sub"]
    );
    Ok(())
}

fn refuses_others(suite: &Suite<'_>) -> Result<()> {
    let response = suite.userinfo("GET", "nonsense")?;
    ensure!(
        response.status == 401,
        "{} {}",
        response.status,
        response.body
    );
    let challenges = response
        .headers
        .iter()
        .filter(|(name, _)| name == "www-authenticate");
    let mut bearer = challenges.filter(|(_, value)| value.to_lowercase().starts_with("bearer"));
    ensure!(
        bearer.any(|(_, value)| value.contains("error=\"invalid_token\"")),
        "no challenge says invalid_token"
    );
    Ok(())
}

fn gives(suite: &Suite<'_>, scope: &str, claims: &[&str]) -> Result<()> {
    let told = about(suite, scope)?;
    for claim in claims {
        ensure!(told[claim].is_string(), "no {claim} for {scope} in {told}");
    }
    Ok(())
}

fn tells_no_more(suite: &Suite<'_>) -> Result<()> {
    let told = about(suite, "openid")?;
    for claim in ["name", "email", "phone_number", "address"] {
        ensure!(told[claim].is_null(), "{claim} in {told}");
    }
    Ok(())
}
