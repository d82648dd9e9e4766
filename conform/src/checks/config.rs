//! Discovery, metadata and keys (OpenID Connect Discovery §3, RFC 8414, RFC 7517).

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use reqwest::Url;
use serde_json::Value;

use crate::{Check, Request, Suite};

const MODULE: &str = "oidcc-discovery-endpoint-verification";

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "discovery names its issuer",
        MODULE,
        "OpenID Connect Discovery §4.3",
        names_its_issuer,
    ),
    Check::new(
        "discovery has every required member",
        MODULE,
        "OpenID Connect Discovery §3",
        has_required_members,
    ),
    Check::new(
        "RFC 8414's metadata says the same as discovery",
        "",
        "RFC 8414 §3",
        both_documents_agree,
    ),
    Check::new(
        "nothing is advertised that is not there",
        MODULE,
        "RFC 9700 §2.6",
        every_endpoint_answers,
    ),
    Check::new(
        "PKCE with S256 is announced, and plain is not",
        "",
        "RFC 9700 §2.1.1",
        announces_s256,
    ),
    Check::new(
        "iss in answers is announced",
        "",
        "RFC 9207 §3",
        announces_iss,
    ),
    Check::new(
        "published keys are public, named and for signatures",
        "oidcc-discovery-endpoint-verification",
        "RFC 7517 §4",
        keys_are_public,
    ),
];

fn names_its_issuer(suite: &Suite<'_>) -> Result<()> {
    let discovery = suite.discovery()?;
    let expected = suite.target.issuer_text();
    ensure!(
        discovery["issuer"] == expected,
        "issuer is {}, not {expected}",
        discovery["issuer"]
    );
    Ok(())
}

fn has_required_members(suite: &Suite<'_>) -> Result<()> {
    let discovery = suite.discovery()?;
    for member in [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
    ] {
        let url = discovery[member].as_str();
        Url::parse(url.with_context(|| format!("{member} is missing"))?)?;
    }
    for (member, value) in [
        ("response_types_supported", "code"),
        ("id_token_signing_alg_values_supported", "RS256"),
        ("scopes_supported", "openid"),
        ("grant_types_supported", "authorization_code"),
    ] {
        ensure!(has(&discovery, member, value), "{member} lacks {value}");
    }
    ensure!(
        has(&discovery, "subject_types_supported", "public")
            || has(&discovery, "subject_types_supported", "pairwise"),
        "subject_types_supported"
    );
    Ok(())
}

fn has(document: &Value, member: &str, value: &str) -> bool {
    let list = document[member].as_array();
    list.is_some_and(|list| list.iter().any(|known| known == value))
}

fn both_documents_agree(suite: &Suite<'_>) -> Result<()> {
    let discovery = suite.discovery()?;
    let metadata = suite.well_known("/.well-known/oauth-authorization-server")?;
    for member in [
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "response_types_supported",
        "grant_types_supported",
        "token_endpoint_auth_methods_supported",
    ] {
        ensure!(
            discovery[member] == metadata[member],
            "{member}: {} and {}",
            discovery[member],
            metadata[member]
        );
    }
    Ok(())
}

fn every_endpoint_answers(suite: &Suite<'_>) -> Result<()> {
    let discovery = suite.discovery()?;
    for (member, url) in discovery.as_object().context("an object")? {
        if !(member.ends_with("_endpoint") || member.ends_with("_uri")) {
            continue;
        }
        let url = Url::parse(url.as_str().context("an endpoint is a URL")?)?;
        let response = suite.wire.send(Request::get(url))?;
        ensure!(
            !matches!(response.status, 404 | 500..),
            "{member} answers {}",
            response.status
        );
    }
    Ok(())
}

fn announces_s256(suite: &Suite<'_>) -> Result<()> {
    let discovery = suite.discovery()?;
    let methods = &discovery["code_challenge_methods_supported"];
    ensure!(
        *methods == serde_json::json!(["S256"]),
        "they are {methods}"
    );
    Ok(())
}

fn announces_iss(suite: &Suite<'_>) -> Result<()> {
    let discovery = suite.discovery()?;
    let flag = &discovery["authorization_response_iss_parameter_supported"];
    ensure!(*flag == true, "the flag is {flag}");
    Ok(())
}

fn keys_are_public(suite: &Suite<'_>) -> Result<()> {
    let set = suite.keys()?;
    let keys = set["keys"].as_array().context("keys")?;
    ensure!(!keys.is_empty(), "no key is published");
    let mut names = BTreeSet::new();
    for key in keys {
        let name = key["kid"].as_str().context("a key without a kid")?;
        ensure!(names.insert(name), "two keys are called {name}");
        ensure!(key["use"] == "sig", "{name} is for {}", key["use"]);
        // RFC 7518 §6: the members that only the owner may know.
        for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            ensure!(key[member].is_null(), "{name} tells its `{member}`");
        }
    }
    Ok(())
}
