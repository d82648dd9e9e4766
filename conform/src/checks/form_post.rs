//! Answers in a form (OAuth 2.0 Form Post Response Mode §2).

use anyhow::{Result, ensure};

use crate::person::Mode;
use crate::{Check, Suite};

const SOURCE: &str = "OAuth 2.0 Form Post Response Mode §2";

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "form_post brings the code in a form",
        "oidcc-server (form_post)",
        SOURCE,
        brings_the_code,
    ),
    Check::new(
        "form_post brings errors in a form",
        "oidcc-prompt-none-not-logged-in (form_post)",
        SOURCE,
        brings_errors,
    ),
];

fn brings_the_code(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask().with("response_mode", "form_post");
    let callback = suite.callback(&mut suite.person(), &ask)?;
    ensure!(
        callback.mode == Mode::FormPost,
        "it came by {:?}",
        callback.mode
    );
    ensure!(
        callback.get("state") == Some(ask.get("state")),
        "the state is lost"
    );
    let code = callback.get("code").unwrap_or_default();
    let response = suite.redeem(&ask, code)?;
    ensure!(
        response.status == 200,
        "{} {}",
        response.status,
        response.body
    );
    Ok(())
}

fn brings_errors(suite: &Suite<'_>) -> Result<()> {
    let ask = suite
        .ask()
        .with("response_mode", "form_post")
        .with("prompt", "none");
    let callback = suite.callback(&mut suite.person(), &ask)?;
    ensure!(
        callback.mode == Mode::FormPost,
        "it came by {:?}",
        callback.mode
    );
    let error = callback.get("error");
    ensure!(
        matches!(error, Some("login_required" | "interaction_required")),
        "the error is {error:?}"
    );
    Ok(())
}
