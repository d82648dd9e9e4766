//! `/sdk-oauth.do`: the code for who runs a command line.

use super::{
    application::{Application, CHALLENGE, VERIFIER, press},
    request::script_fits_policy,
};
use crate::{
    browser::Browser,
    world::{SERVICENOW, Tokens, World},
};

const SDK: &str = "543e5655f77746a28228c6009a599dfb";

#[test]
fn the_sdk_s_code_is_shown_to_be_copied() {
    let world = World::shared();
    let browser = Browser::of(world, "employee");
    let url = format!(
        "/oauth_auth.do?response_type=code&client_id={SDK}&redirect_uri=%2Fsdk-oauth.do&state=s&scope=openid\
         &code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let page = browser.get(&url);
    let to = press(&browser, &page, "authorize")
        .header("location")
        .to_owned();
    assert!(to.starts_with("/sdk-oauth.do?code="), "{to}");
    // In another browser, too: the client says an address, and people open it where they like.
    let elsewhere = Browser::new(world).get(&to);
    let (_, code) = to.split_once("code=").unwrap();
    let (code, _) = code.split_once('&').unwrap_or((code, ""));
    assert!(elsewhere.status == 200 && elsewhere.body.contains(code));
    let page = browser.get(&to);
    assert_eq!(page.status, 200);
    script_fits_policy(&page);
    let shown = page.body.split_once("aria-label=\"Code\">").unwrap().1;
    let code = shown.split_once('<').unwrap().0;
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", SDK),
        ("code", code),
        ("redirect_uri", "/sdk-oauth.do"),
        ("code_verifier", VERIFIER),
    ];
    Tokens::of(&world.http.form(SERVICENOW, &fields));
}

#[test]
fn a_code_of_somebody_else_or_of_nobody_is_not_shown() {
    let world = World::shared();
    let app = Application::register(world, "code.page");
    let code = app.code(&Browser::of(world, "itil"), "");
    let browser = Browser::of(world, "employee");
    for planted in [
        &*code,
        "no-such-code",
        "<b>",
        &world.access_token(&world.demo_client()),
    ] {
        let page = browser.get(&format!("/sdk-oauth.do?code={planted}"));
        assert_eq!(page.status, 200);
        assert!(!page.body.contains(planted), "{planted}");
        assert!(page.body.contains("No code"));
    }
    for planted in [
        "no-such-code",
        "<b>",
        &world.access_token(&world.demo_client()),
    ] {
        let page = Browser::new(world).get(&format!("/sdk-oauth.do?code={planted}"));
        assert!(
            !page.body.contains(planted) && page.body.contains("No code"),
            "{planted}"
        );
    }
    let page = browser.get("/sdk-oauth.do?error=access_denied");
    assert!(page.body.contains("You denied the request"));
}
