//! Parameters that are optional for an issuer: it may do what they ask, and must not fail over them
//! (OpenID Connect Core §3.1.2.1).

use anyhow::Result;

use super::authorization::expect_error;
use crate::{Check, Suite};

const CORE: &str = "OpenID Connect Core §3.1.2.1";

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "an unknown parameter is ignored",
        "oidcc-ensure-request-with-unknown-parameter-succeeds",
        "RFC 6749 §3.1",
        |suite| succeeds_with(suite, "extra", "foobar"),
    ),
    Check::new(
        "display=page does no harm",
        "oidcc-display-page",
        CORE,
        |suite| succeeds_with(suite, "display", "page"),
    ),
    Check::new(
        "display=popup does no harm",
        "oidcc-display-popup",
        CORE,
        |suite| succeeds_with(suite, "display", "popup"),
    ),
    Check::new(
        "ui_locales does no harm",
        "oidcc-ui-locales",
        CORE,
        |suite| succeeds_with(suite, "ui_locales", "se"),
    ),
    Check::new(
        "claims_locales does no harm",
        "oidcc-claims-locales",
        CORE,
        |suite| succeeds_with(suite, "claims_locales", "se"),
    ),
    Check::new(
        "acr_values does no harm",
        "oidcc-ensure-request-with-acr-values-succeeds",
        CORE,
        |suite| succeeds_with(suite, "acr_values", "1 2"),
    ),
    Check::new(
        "login_hint does no harm",
        "oidcc-login-hint",
        CORE,
        |suite| succeeds_with(suite, "login_hint", "somebody"),
    ),
    Check::new(
        "another order of scopes is the same",
        "oidcc-ensure-other-scope-order-succeeds",
        "RFC 6749 §3.3",
        |suite| succeeds_with(suite, "scope", "email openid"),
    ),
    Check::new(
        "a request without a nonce succeeds",
        "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
        CORE,
        without_nonce,
    ),
    Check::new(
        "a request without a state succeeds",
        "",
        "RFC 6749 §4.1.1",
        without_state,
    ),
    Check::new(
        "an unsigned request object is refused, not ignored",
        "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
        "OpenID Connect Core §6.1",
        request_object,
    ),
];

fn succeeds_with(suite: &Suite<'_>, name: &str, value: &str) -> Result<()> {
    suite
        .tokens(&suite.ask().with(name, value))
        .map(|_tokens| ())
}

fn without_nonce(suite: &Suite<'_>) -> Result<()> {
    suite
        .tokens(&suite.ask().without("nonce"))
        .map(|_tokens| ())
}

fn without_state(suite: &Suite<'_>) -> Result<()> {
    suite
        .tokens(&suite.ask().without("state"))
        .map(|_tokens| ())
}

fn request_object(suite: &Suite<'_>) -> Result<()> {
    // {"alg":"none"}.{}.
    let ask = suite.ask().with("request", "eyJhbGciOiJub25lIn0.e30.");
    let errors = [
        "request_not_supported",
        "invalid_request_object",
        "invalid_request",
    ];
    expect_error(suite, &ask, &mut suite.person(), &errors)
}
