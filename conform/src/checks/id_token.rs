//! ID tokens (OpenID Connect Core §2, §3.1.3.7).

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::suite::Tokens;
use crate::{Check, Suite, jose};

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "an ID token is signed by a published key",
        "oidcc-idtoken-signature",
        "OpenID Connect Core §3.1.3.7",
        signed,
    ),
    Check::new(
        "an ID token names the issuer",
        "oidcc-server",
        "OpenID Connect Core §2",
        names_issuer,
    ),
    Check::new(
        "an ID token is for its client alone",
        "oidcc-server",
        "OpenID Connect Core §2",
        names_client,
    ),
    Check::new(
        "an ID token is fresh and ends",
        "oidcc-server",
        "OpenID Connect Core §2",
        times,
    ),
    Check::new(
        "the nonce comes back",
        "oidcc-server",
        "OpenID Connect Core §3.1.2.1",
        nonce,
    ),
    Check::new(
        "no nonce comes that was not sent",
        "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
        "OpenID Connect Core §3.1.2.1",
        no_nonce,
    ),
    Check::new(
        "at_hash is that of the access token",
        "oidcc-server",
        "OpenID Connect Core §3.1.3.6",
        at_hash,
    ),
    Check::new(
        "without openid there is no ID token",
        "",
        "OpenID Connect Core §3.1.2.1",
        needs_openid,
    ),
];

fn claims(suite: &Suite<'_>) -> Result<(Tokens, Value)> {
    let tokens = suite.tokens(&suite.ask())?;
    let claims = jose::claims(tokens.id_token())?;
    Ok((tokens, claims))
}

fn signed(suite: &Suite<'_>) -> Result<()> {
    let tokens = suite.tokens(&suite.ask())?;
    suite.id_token(&tokens).map(|_claims| ())
}

fn names_issuer(suite: &Suite<'_>) -> Result<()> {
    let (_, claims) = claims(suite)?;
    ensure!(
        claims["iss"] == suite.target.issuer_text(),
        "iss is {}",
        claims["iss"]
    );
    Ok(())
}

fn names_client(suite: &Suite<'_>) -> Result<()> {
    let (_, claims) = claims(suite)?;
    let client = &suite.target.client.id;
    let audience = &claims["aud"];
    ensure!(
        *audience == **client || *audience == json!([client]),
        "aud is {audience}"
    );
    let sub = claims["sub"].as_str().unwrap_or_default();
    ensure!(!sub.is_empty() && sub.len() <= 255, "sub is {sub:?}");
    Ok(())
}

fn times(suite: &Suite<'_>) -> Result<()> {
    let (_, claims) = claims(suite)?;
    #[expect(
        clippy::disallowed_methods,
        reason = "another party's tokens have the real time"
    )]
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let seconds = |claim: &str| {
        claims[claim]
            .as_u64()
            .with_context(|| format!("no {claim}"))
    };
    ensure!(
        seconds("iat")?.abs_diff(now) < 300,
        "iat is not now: {claims}"
    );
    ensure!(seconds("exp")? > now, "it has ended: {claims}");
    ensure!(
        seconds("exp")? <= now + 24 * 3600,
        "it hardly ends: {claims}"
    );
    Ok(())
}

fn nonce(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask();
    let tokens = suite.tokens(&ask)?;
    let claims = jose::claims(tokens.id_token())?;
    ensure!(
        claims["nonce"] == ask.get("nonce"),
        "nonce is {}",
        claims["nonce"]
    );
    Ok(())
}

fn no_nonce(suite: &Suite<'_>) -> Result<()> {
    let tokens = suite.tokens(&suite.ask().without("nonce"))?;
    let claims = jose::claims(tokens.id_token())?;
    ensure!(claims["nonce"].is_null(), "nonce is {}", claims["nonce"]);
    Ok(())
}

/// Every algorithm here ends in 256; the left half of its hash.
fn at_hash(suite: &Suite<'_>) -> Result<()> {
    let (tokens, claims) = claims(suite)?;
    let hash = Sha256::digest(tokens.access());
    let expected = URL_SAFE_NO_PAD.encode(&hash[..16]);
    ensure!(
        claims["at_hash"] == expected,
        "at_hash is {}",
        claims["at_hash"]
    );
    Ok(())
}

fn needs_openid(suite: &Suite<'_>) -> Result<()> {
    let tokens = suite.tokens(&suite.ask().with("scope", "email"))?;
    ensure!(tokens.0["id_token"].is_null(), "an id_token came");
    Ok(())
}
