//! How a request may come, and what it may ask of the person.

use serde_json::json;

use super::application::{Application, Landed, press};
use crate::{browser::Browser, world::World};

#[test]
fn oidc_3_1_2_1_a_posted_request_is_sent_on_as_a_get() {
    let world = World::shared();
    let app = Application::register(world, "request.posted");
    let browser = Browser::of(world, "employee");
    let url = app.url("/oauth2/authorize", "&x=%C3%BC+%2B");
    let query = url.split_once('?').unwrap().1;
    let fields: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let sent = browser.post("/oauth2/authorize", &fields);
    assert_eq!(sent.status, 303);
    let to = sent.header("location").to_owned();
    assert!(
        to.starts_with("/oauth2/authorize?response_type=code&"),
        "{to}"
    );
    assert_eq!(browser.get(&to).status, 200);
}

#[test]
fn oidc_3_1_2_1_prompt_login_asks_again_and_then_goes_on() {
    let world = World::shared();
    let app = Application::register(world, "request.login");
    let browser = Browser::of(world, "employee");
    world.http.get("/_sg/health");
    for more in ["&prompt=login", "&max_age=0"] {
        let url = app.url("/oauth2/authorize", more);
        let login = browser.get(&url).header("location").to_owned();
        assert!(login.starts_with("/login.do?"), "{login}");
        let back = browser.log_in_at(&login, "employee", world.password("employee"));
        let back = back.header("location").to_owned();
        assert_ne!(browser.get(&back).status, 303, "{back}");
        // What proves that the login page was shown is bound to the request.
        let forged = back.replace("state=a%20b", "state=c");
        assert!(
            browser
                .get(&forged)
                .header("location")
                .starts_with("/login.do?")
        );
        assert!(
            browser
                .get(&url)
                .header("location")
                .starts_with("/login.do?")
        );
    }
}

#[test]
fn the_login_page_knows_who_is_meant() {
    let world = World::shared();
    let app = Application::register(world, "request.hint");
    let browser = Browser::new(world);
    let login = browser.get(&app.url("/oauth_auth.do", "&login_hint=abel.tuter"));
    let page = browser.get(login.header("location"));
    assert!(page.body.contains("value=\"abel.tuter\""), "{}", page.body);
}

#[test]
fn form_post_answers_with_a_form_that_works_without_a_script() {
    let world = World::shared();
    let app = Application::register(world, "request.form");
    let browser = Browser::of(world, "employee");
    let page = browser.get(&app.url("/oauth2/authorize", "&response_mode=form_post"));
    let answer = press(&browser, &page, "authorize");
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .body
            .contains("<form method=\"post\" action=\"https://app.example/cb\"")
    );
    let code = crate::browser::hidden(&answer.body, "code");
    assert_eq!(crate::browser::hidden(&answer.body, "state"), "a b");
    assert_eq!(crate::browser::hidden(&answer.body, "iss"), world.url);
    assert_eq!(app.exchange("/oauth2/token", &code, &[]).status, 200);
    script_fits_policy(&answer);
}

/// The page's one script is the one that its policy lets run.
pub(super) fn script_fits_policy(page: &snowglobe_testkit::Answer) {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let script = page
        .body
        .split_once("<script>")
        .unwrap()
        .1
        .split_once("</script>")
        .unwrap()
        .0;
    let digest = STANDARD.encode(<sha2::Sha256 as sha2::Digest>::digest(script));
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains(&format!("script-src 'sha256-{digest}'")),
        "{digest} {policy}"
    );
}

#[test]
fn a_dialect_that_a_record_pins_counts_at_both_endpoints() {
    let world = World::shared();
    let more = serde_json::json!({"dialect": "strict"});
    let app = Application::register_with(world, "request.pinned", more);
    let browser = Browser::of(world, "employee");
    let page = browser.get(&app.url("/oauth_auth.do", ""));
    let landed = Landed::of(&press(&browser, &page, "authorize"));
    assert_eq!(landed.get("iss"), world.url);
}

#[test]
fn the_login_url_of_an_application_is_a_page_of_this_instance_or_none() {
    let world = World::shared();
    for (at, url, expected) in [
        (
            1,
            "/login.do?sysparm_type=partners",
            "/login.do?sysparm_type=partners&",
        ),
        (2, "/partner_login.do", "/partner_login.do?"),
        (3, "https://evil.example/login", "/login.do?"),
        (4, "//evil.example", "/login.do?"),
    ] {
        let more = json!({"login_url": url});
        let app = Application::register_with(world, &format!("login.url.{at}"), more);
        let asked = app.url("/oauth_auth.do", "");
        let answer = Browser::new(world).get(&asked);
        let to = answer.header("location");
        let whole = format!("{expected}sysparm_goto_url=%2Foauth_auth.do");
        assert!(to.starts_with(&whole), "{url}: {to}");
    }
}
