//! RP-initiated logout (OpenID Connect RP-Initiated Logout §2).

use anyhow::{Result, ensure};

use super::authorization::expect_error;
use crate::person::{End, Landing, Person};
use crate::suite::Tokens;
use crate::{Check, Suite};

const LOGOUT: &str = "OpenID Connect RP-Initiated Logout §2";

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "a logout ends the session and comes back with the state",
        "oidcc-rp-initiated-logout",
        LOGOUT,
        ends_the_session,
    ),
    Check::new(
        "a logout comes back without a state, too",
        "oidcc-rp-initiated-logout-no-state",
        LOGOUT,
        without_state,
    ),
    Check::new(
        "a logout goes nowhere that is not registered",
        "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
        "OpenID Connect RP-Initiated Logout §3",
        |suite| goes_nowhere(suite, "https://evil.example/bye"),
    ),
    Check::new(
        "a query added to a registered place makes another place",
        "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri",
        "OpenID Connect RP-Initiated Logout §3",
        |suite| {
            goes_nowhere(
                suite,
                &format!("{}?foo=bar", suite.target.post_logout_redirect_uri),
            )
        },
    ),
    Check::new(
        "a hint that was tampered with leads nowhere",
        "oidcc-rp-initiated-logout-modified-id-token-hint",
        LOGOUT,
        tampered_hint,
    ),
    Check::new(
        "a logout without parameters gets a page",
        "oidcc-rp-initiated-logout-no-params",
        LOGOUT,
        without_parameters,
    ),
];

/// Somebody who is signed in, and what their client got.
fn signed_in<'s>(suite: &Suite<'s>) -> Result<(Person<'s>, Tokens)> {
    let mut person = suite.person();
    let tokens = suite.tokens_of(&mut person, &suite.ask())?;
    Ok((person, tokens))
}

fn log_out(suite: &Suite<'_>, person: &mut Person<'_>, say: &[(&str, &str)]) -> Result<Landing> {
    let mut url = suite.endpoint("end_session_endpoint")?;
    url.query_pairs_mut().extend_pairs(say);
    person.open(url)
}

fn ends_the_session(suite: &Suite<'_>) -> Result<()> {
    let (mut person, tokens) = signed_in(suite)?;
    let place = &suite.target.post_logout_redirect_uri;
    let say = [
        ("id_token_hint", tokens.id_token()),
        ("post_logout_redirect_uri", place),
        ("state", "xyz 1"),
    ];
    let End::Client(callback) = log_out(suite, &mut person, &say)?.end else {
        anyhow::bail!("it did not come back");
    };
    ensure!(
        callback.uri.starts_with(place.as_str()),
        "it came back to {}",
        callback.uri
    );
    ensure!(
        callback.get("state") == Some("xyz 1"),
        "the state is lost: {}",
        callback.uri
    );
    // Nobody is signed in any more.
    let ask = suite.ask().with("prompt", "none");
    expect_error(
        suite,
        &ask,
        &mut person,
        &["login_required", "interaction_required"],
    )
}

fn without_state(suite: &Suite<'_>) -> Result<()> {
    let (mut person, tokens) = signed_in(suite)?;
    let place = &suite.target.post_logout_redirect_uri;
    let say = [
        ("id_token_hint", tokens.id_token()),
        ("post_logout_redirect_uri", place),
    ];
    match log_out(suite, &mut person, &say)?.end {
        End::Client(callback) => {
            ensure!(
                callback.get("state").is_none(),
                "a state that was not sent: {}",
                callback.uri
            );
            Ok(())
        }
        End::Page(page) => anyhow::bail!("stuck on a page with {}", page.status),
    }
}

fn goes_nowhere(suite: &Suite<'_>, place: &str) -> Result<()> {
    let (mut person, tokens) = signed_in(suite)?;
    let say = [
        ("id_token_hint", tokens.id_token()),
        ("post_logout_redirect_uri", place),
    ];
    stays(&log_out(suite, &mut person, &say)?)
}

fn tampered_hint(suite: &Suite<'_>) -> Result<()> {
    let (mut person, tokens) = signed_in(suite)?;
    let mut hint = tokens.id_token().to_owned();
    let signature = hint.rfind('.').unwrap_or_default() + 1;
    let other = if hint[signature..].starts_with('A') {
        "B"
    } else {
        "A"
    };
    hint.replace_range(signature..=signature, other);
    let place = &suite.target.post_logout_redirect_uri;
    let say = [
        ("id_token_hint", hint.as_str()),
        ("post_logout_redirect_uri", place),
    ];
    stays(&log_out(suite, &mut person, &say)?)
}

fn without_parameters(suite: &Suite<'_>) -> Result<()> {
    let (mut person, _) = signed_in(suite)?;
    let landing = log_out(suite, &mut person, &[])?;
    stays(&landing)
}

fn stays(landing: &Landing) -> Result<()> {
    match &landing.end {
        End::Page(page) => ensure!(page.status < 500, "a page with {}", page.status),
        End::Client(callback) => anyhow::bail!("it led to {}", callback.uri),
    }
    Ok(())
}
