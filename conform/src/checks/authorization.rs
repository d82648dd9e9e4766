//! The authorization response, and what never becomes one (RFC 6749 §4.1.2, RFC 9207, RFC 9700 §2.1).

use anyhow::{Context, Result, ensure};

use crate::ask::Ask;
use crate::person::End;
use crate::{Check, Suite};

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "state comes back byte for byte",
        "oidcc-server",
        "RFC 6749 §4.1.2",
        state_comes_back,
    ),
    Check::new(
        "iss comes with a code",
        "",
        "RFC 9207 §2",
        iss_comes_with_a_code,
    ),
    Check::new(
        "iss comes with an error",
        "",
        "RFC 9207 §2",
        iss_comes_with_an_error,
    ),
    Check::new(
        "a person who denies is told to the client",
        "oidcc-user-denies",
        "RFC 6749 §4.1.2.1",
        denial_comes_back,
    ),
    Check::new(
        "a redirect URI that is not registered gets a page",
        "oidcc-ensure-registered-redirect-uri",
        "RFC 9700 §4.1.3",
        unregistered_uri_gets_a_page,
    ),
    Check::new(
        "an unknown client gets a page",
        "",
        "RFC 6749 §4.1.2.1",
        unknown_client_gets_a_page,
    ),
    Check::new(
        "a missing response type is refused",
        "oidcc-response-type-missing",
        "RFC 6749 §3.1.1",
        response_type_missing,
    ),
    Check::new(
        "an unknown response type is refused",
        "",
        "RFC 6749 §4.1.2.1",
        response_type_unknown,
    ),
    Check::new(
        "an unknown scope is refused",
        "",
        "RFC 6749 §3.3",
        unknown_scope,
    ),
    Check::new(
        "a repeated parameter is refused",
        "",
        "RFC 6749 §3.1",
        repeated_parameter,
    ),
    Check::new(
        "redirects use 303 or 302, never 307",
        "",
        "RFC 9700 §4.12",
        never_307,
    ),
];

fn state_comes_back(suite: &Suite<'_>) -> Result<()> {
    let state = "a b+c%2Fd&e=f#g\"'<>é";
    let ask = suite.ask().with("state", state);
    let callback = suite.callback(&mut suite.person(), &ask)?;
    ensure!(
        callback.get("state") == Some(state),
        "state is {:?}",
        callback.get("state")
    );
    Ok(())
}

fn iss_comes_with_a_code(suite: &Suite<'_>) -> Result<()> {
    let callback = suite.callback(&mut suite.person(), &suite.ask())?;
    ensure!(
        callback.get("code").is_some(),
        "no code at {}",
        callback.uri
    );
    let iss = callback.get("iss");
    ensure!(iss == Some(suite.target.issuer_text()), "iss is {iss:?}");
    Ok(())
}

fn iss_comes_with_an_error(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask().with("prompt", "none");
    let callback = suite.callback(&mut suite.person(), &ask)?;
    ensure!(
        callback.get("error").is_some(),
        "no error at {}",
        callback.uri
    );
    let iss = callback.get("iss");
    ensure!(iss == Some(suite.target.issuer_text()), "iss is {iss:?}");
    Ok(())
}

fn denial_comes_back(suite: &Suite<'_>) -> Result<()> {
    let mut person = suite.person();
    person.denies = true;
    // A client that nobody here has allowed before, or a page that asks again.
    let ask = suite
        .ask()
        .with("client_id", &suite.target.other.id)
        .with("prompt", "consent");
    expect_error(suite, &ask, &mut person, &["access_denied"])
}

/// The error reaches the client, with the state, and without a code.
pub(super) fn expect_error(
    suite: &Suite<'_>,
    ask: &Ask,
    person: &mut crate::person::Person<'_>,
    errors: &[&str],
) -> Result<()> {
    let callback = suite.callback(person, ask)?;
    let error = callback
        .get("error")
        .with_context(|| format!("no error at {}", callback.uri))?;
    ensure!(
        errors.contains(&error),
        "the error is {error}, not one of {errors:?}"
    );
    ensure!(callback.get("code").is_none(), "a code beside an error");
    ensure!(
        callback.get("state") == Some(ask.get("state")),
        "the state is lost"
    );
    Ok(())
}

fn expect_page(suite: &Suite<'_>, ask: &Ask, what: &str) -> Result<()> {
    let landing = suite.authorize(&mut suite.person(), ask)?;
    match landing.end {
        End::Page(page) => {
            ensure!(
                (400..500).contains(&page.status),
                "{what}: a page with {}",
                page.status
            );
            ensure!(
                !page.body.contains("href=\"https://evil"),
                "{what}: the page links there"
            );
            Ok(())
        }
        End::Client(callback) => anyhow::bail!("{what}: led to {}", callback.uri),
    }
}

fn unregistered_uri_gets_a_page(suite: &Suite<'_>) -> Result<()> {
    let registered = &suite.target.redirect_uri;
    for uri in [
        "https://evil.example/cb".to_owned(),
        format!("{registered}/more"),
        format!("{registered}?more=1"),
        format!("{registered}#fragment"),
        registered.replace("://", "://evil@"),
        registered.to_uppercase(),
    ] {
        expect_page(suite, &suite.ask().with("redirect_uri", &uri), &uri)?;
    }
    Ok(())
}

fn unknown_client_gets_a_page(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask().with("client_id", "no-such-client");
    expect_page(suite, &ask, "an unknown client")
}

/// Either on a page or at the client, but without a code.
fn response_type_missing(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask().without("response_type");
    match suite.authorize(&mut suite.person(), &ask)?.end {
        End::Page(page) => ensure!(
            (400..500).contains(&page.status),
            "a page with {}",
            page.status
        ),
        End::Client(callback) => {
            let error = callback.get("error");
            let known = ["invalid_request", "unsupported_response_type"];
            ensure!(
                error.is_some_and(|error| known.contains(&error)),
                "led to {}",
                callback.uri
            );
        }
    }
    Ok(())
}

fn response_type_unknown(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask().with("response_type", "cod");
    let errors = ["unsupported_response_type", "invalid_request"];
    expect_error(suite, &ask, &mut suite.person(), &errors)
}

fn unknown_scope(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask().with("scope", "openid no-such-scope");
    expect_error(suite, &ask, &mut suite.person(), &["invalid_scope"])
}

fn repeated_parameter(suite: &Suite<'_>) -> Result<()> {
    let mut ask = suite.ask();
    ask.parameters
        .push(("scope".to_owned(), "openid".to_owned()));
    match suite.authorize(&mut suite.person(), &ask)?.end {
        End::Page(page) => ensure!(
            (400..500).contains(&page.status),
            "a page with {}",
            page.status
        ),
        End::Client(callback) => ensure!(
            callback.get("error") == Some("invalid_request"),
            "led to {}",
            callback.uri
        ),
    }
    Ok(())
}

fn never_307(suite: &Suite<'_>) -> Result<()> {
    let mut person = suite.person();
    suite.callback(&mut person, &suite.ask())?;
    ensure!(
        person
            .redirects
            .iter()
            .all(|status| matches!(status, 302 | 303)),
        "redirects were {:?}",
        person.redirects
    );
    Ok(())
}
