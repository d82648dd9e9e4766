//! When a person is asked, and when not (OpenID Connect Core §3.1.2.1).

use anyhow::{Result, ensure};

use super::authorization::expect_error;
use crate::{Check, Suite};

const CORE: &str = "OpenID Connect Core §3.1.2.1";

pub(super) const CHECKS: &[Check] = &[
    Check::new(
        "prompt=login asks again",
        "oidcc-prompt-login",
        CORE,
        prompt_login,
    ),
    Check::new(
        "prompt=none asks nobody who is not signed in",
        "oidcc-prompt-none-not-logged-in",
        CORE,
        prompt_none_not_logged_in,
    ),
    Check::new(
        "prompt=none shows no page to who is signed in",
        "oidcc-prompt-none-logged-in",
        CORE,
        prompt_none_logged_in,
    ),
    Check::new(
        "a login older than max_age asks again",
        "oidcc-max-age-1",
        CORE,
        max_age_passed,
    ),
    Check::new(
        "a login younger than max_age is enough, and auth_time tells",
        "oidcc-max-age-10000",
        CORE,
        max_age_not_passed,
    ),
    Check::new(
        "an id_token_hint finds the person signed in",
        "oidcc-id-token-hint",
        CORE,
        id_token_hint,
    ),
];

fn prompt_login(suite: &Suite<'_>) -> Result<()> {
    let mut person = suite.person();
    let first = suite.id_token(&suite.tokens_of(&mut person, &suite.ask())?)?;
    let landing = suite.authorize(&mut person, &suite.ask().with("prompt", "login"))?;
    ensure!(
        landing.logins == 1,
        "{} login pages were shown",
        landing.logins
    );
    let again = suite.id_token(&suite.tokens_of(&mut person, &suite.ask())?)?;
    ensure!(first["sub"] == again["sub"], "another person");
    Ok(())
}

fn prompt_none_not_logged_in(suite: &Suite<'_>) -> Result<()> {
    let ask = suite.ask().with("prompt", "none");
    let errors = ["login_required", "interaction_required"];
    expect_error(suite, &ask, &mut suite.person(), &errors)
}

fn prompt_none_logged_in(suite: &Suite<'_>) -> Result<()> {
    let mut person = suite.person();
    let first = suite.id_token(&suite.tokens_of(&mut person, &suite.ask())?)?;
    let ask = suite.ask().with("prompt", "none");
    let landing = suite.authorize(&mut person, &ask)?;
    ensure!(landing.pages == 0, "{} pages were shown", landing.pages);
    let again = suite.id_token(&suite.tokens_of(&mut person, &ask)?)?;
    ensure!(first["sub"] == again["sub"], "another person");
    Ok(())
}

/// With 0 in place of 1, so that nothing has to wait.
fn max_age_passed(suite: &Suite<'_>) -> Result<()> {
    let mut person = suite.person();
    suite.callback(&mut person, &suite.ask())?;
    let landing = suite.authorize(&mut person, &suite.ask().with("max_age", "0"))?;
    ensure!(
        landing.logins == 1,
        "{} login pages were shown",
        landing.logins
    );
    Ok(())
}

fn max_age_not_passed(suite: &Suite<'_>) -> Result<()> {
    let mut person = suite.person();
    suite.callback(&mut person, &suite.ask())?;
    let ask = suite.ask().with("max_age", "10000");
    let landing = suite.authorize(&mut person, &ask)?;
    ensure!(
        landing.logins == 0,
        "{} login pages were shown",
        landing.logins
    );
    let claims = suite.id_token(&suite.tokens_of(&mut person, &ask)?)?;
    let (at, issued) = (claims["auth_time"].as_i64(), claims["iat"].as_i64());
    ensure!(
        at.is_some() && at <= issued,
        "auth_time is {at:?}, iat {issued:?}"
    );
    Ok(())
}

fn id_token_hint(suite: &Suite<'_>) -> Result<()> {
    let mut person = suite.person();
    let tokens = suite.tokens_of(&mut person, &suite.ask())?;
    let ask = suite
        .ask()
        .with("prompt", "none")
        .with("id_token_hint", tokens.id_token());
    let again = suite.id_token(&suite.tokens_of(&mut person, &ask)?)?;
    ensure!(
        suite.id_token(&tokens)?["sub"] == again["sub"],
        "another person"
    );
    Ok(())
}
