//! OpenID Connect and resource indicators over the whole code flow, and what the metadata says of it.

use serde_json::{Value, json};

use super::application::{Application, CALLBACK, CHALLENGE, Landed, VERIFIER, press};
use crate::{
    browser::Browser,
    jwt_tokens::claims_of,
    world::{STRICT, World},
};

const AUTHORIZE: &str = "/oauth2/authorize";

/// Goes to the authorization endpoint and allows what is asked for.
fn allow(browser: &Browser<'_>, url: &str) -> snowglobe_testkit::Answer {
    let page = browser.get(url);
    if page.status == 200 && page.body.contains("oauth_auth_check_action") {
        press(browser, &page, "authorize")
    } else {
        page
    }
}

fn code(app: &Application<'_>, browser: &Browser<'_>, more: &str) -> String {
    Landed::of(&allow(browser, &app.url(AUTHORIZE, more)))
        .get("code")
        .to_owned()
}

#[test]
fn oidc_core_3_1_a_client_learns_who_logged_in_and_when() {
    let world = World::shared();
    let app = Application::register(world, "openid.flow");
    let browser = Browser::of(world, "itil");
    let more = "&scope=openid%20profile%20offline_access&nonce=n-0S6_WzA2Mj";
    let answer = app.exchange(STRICT, &code(&app, &browser, more), &[]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.text("scope"), "offline_access openid profile");
    let id_token = claims_of(&answer.text("id_token"));
    let itil = world.admin().sys_id("sys_user", "user_name=itil");
    for (name, expected) in [
        ("iss", json!(world.url)),
        ("sub", json!(itil)),
        ("aud", json!("openid.flow")),
        ("nonce", json!("n-0S6_WzA2Mj")),
        ("amr", json!(["pwd"])),
    ] {
        assert_eq!(id_token[name], expected, "{name}");
    }
    let second = |name: &str| id_token[name].as_u64().unwrap();
    assert!(second("auth_time") <= second("iat") && second("auth_time") + 600 > second("iat"));

    let access = answer.text("access_token");
    let userinfo = world.as_bearer(&access).get("/oauth2/userinfo").json();
    assert_eq!(userinfo["sub"], id_token["sub"]);
    assert_eq!(userinfo["preferred_username"], json!("itil"));
    // Auth.js and others look no further than the ID token: it says what userinfo says, and no more.
    for (name, value) in userinfo.as_object().unwrap() {
        assert_eq!(&id_token[name], value, "{name}");
    }
    assert_eq!(
        id_token.get("email"),
        None,
        "a scope that was not asked for"
    );

    // OpenID Connect Core §12.2.
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*answer.text("refresh_token")),
    ];
    let again = world.grant(STRICT, &app.client, &form);
    let again = claims_of(&again.text("id_token"));
    for name in ["iss", "sub", "aud"] {
        assert_eq!(again[name], id_token[name], "{name}");
    }
    assert_eq!(again.get("nonce"), None);
    // Without `openid` there is no ID token.
    let answer = app.exchange(STRICT, &code(&app, &browser, "&scope=useraccount"), &[]);
    assert_eq!(answer.json().get("id_token"), None);
}

#[test]
fn security_26_who_told_who_they_are_has_not_handed_over_their_records() {
    let world = World::shared();
    let app = Application::register(world, "openid.least");
    let browser = Browser::of(world, "itil");
    for (scope, status) in [("openid%20profile", 403), ("openid%20useraccount", 200)] {
        let more = format!("&scope={scope}");
        let answer = app.exchange(STRICT, &code(&app, &browser, &more), &[]);
        let caller = world.as_bearer(&answer.text("access_token"));
        let api = caller.get("/api/now/table/incident?sysparm_limit=1");
        assert_eq!(api.status, status, "{scope}: {}", api.body);
        assert_eq!(caller.get("/oauth2/userinfo").status, 200, "{scope}");
    }
}

#[test]
fn the_subject_is_the_field_that_the_client_picks_everywhere() {
    let world = World::shared();
    let more = json!({"sub_claim": "user_name", "token_format": "jwt"});
    let app = Application::register_with(world, "openid.subject", more);
    let browser = Browser::of(world, "itil");
    let answer = app.exchange(STRICT, &code(&app, &browser, "&scope=openid"), &[]);
    let access = answer.text("access_token");
    let told = world.grant("/oauth2/introspect", &app.client, &[("token", &access)]);
    let userinfo = world.as_bearer(&access).get("/oauth2/userinfo");
    for claims in [
        claims_of(&answer.text("id_token")),
        claims_of(&access),
        told.json(),
        userinfo.json(),
    ] {
        assert_eq!(claims["sub"], json!("itil"));
    }
    // RFC 9068 §2.2.1.
    let (access, id_token) = (claims_of(&access), claims_of(&answer.text("id_token")));
    assert_eq!(access["auth_time"], id_token["auth_time"]);
}

#[test]
fn security_27_what_was_allowed_for_two_resources_is_exchanged_for_one_at_a_time() {
    let world = World::shared();
    let (one, two) = ("https://one.flow.example/", "https://two.flow.example/");
    let uris = json!({"resource_uris": format!("{one} {two}")});
    world.register("openid.resources", "s", uris);
    let more = json!({"token_format": "jwt"});
    let app = Application::register_with(world, "openid.narrow", more);
    let browser = Browser::of(world, "itil");
    let both = format!("&resource={one}&resource={two}");
    let first = app.exchange(STRICT, &code(&app, &browser, &both), &[("resource", one)]);
    assert_eq!(first.status, 200, "{}", first.body);
    let audience = |answer: &snowglobe_testkit::Answer| -> Value {
        claims_of(&answer.text("access_token"))["aud"].clone()
    };
    assert_eq!(audience(&first), json!(one));
    let refresh = |token: &str, resource: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("resource", resource),
        ];
        world.grant(STRICT, &app.client, &form)
    };
    let second = refresh(&first.text("refresh_token"), two);
    assert_eq!(audience(&second), json!(two));
    let refused = refresh(&second.text("refresh_token"), &world.url);
    assert_eq!(
        (refused.status, &*refused.text("error")),
        (400, "invalid_target")
    );
    // What was not allowed is not exchanged.
    let only = code(&app, &browser, &format!("&resource={one}"));
    let refused = app.exchange(STRICT, &only, &[("resource", two)]);
    assert_eq!(
        (refused.status, &*refused.text("error")),
        (400, "invalid_target")
    );
    let landed = Landed::of(&browser.get(&app.url(AUTHORIZE, "&resource=urn:nobody:1")));
    assert_eq!(landed.get("error"), "invalid_target");
}

#[test]
fn security_46_authorization_requests_are_taken_as_advertised() {
    let world = World::shared();
    let metadata = world.http.get("/.well-known/openid-configuration").json();
    let advertised = |name: &str, value: &str| {
        let values = metadata[name].as_array().unwrap();
        values.iter().any(|it| it == value)
    };
    let app = Application::register(world, "openid.metadata");
    let browser = Browser::of(world, "itil");
    let id = &app.client.id;
    let base = format!("{AUTHORIZE}?client_id={id}&redirect_uri={CALLBACK}");

    for response_type in ["code", "token", "id_token", "code id_token", "none"] {
        let answer = allow(&browser, &format!("{base}&response_type={response_type}"));
        let landed = Landed::of(&answer);
        let taken = landed.find("code").is_some();
        let expected = advertised("response_types_supported", response_type);
        assert_eq!(taken, expected, "{response_type}: {landed:?}");
        // RFC 9207: with every answer, errors among them.
        assert_eq!(landed.get("iss"), world.url);
    }
    let flag = "authorization_response_iss_parameter_supported";
    assert_eq!(metadata[flag], json!(true));
    for mode in ["query", "fragment", "form_post", "query.jwt", "web_message"] {
        let url = format!("{base}&response_type=code&response_mode={mode}");
        let answer = allow(&browser, &url);
        let text = format!("{}{}", answer.header("location"), answer.body);
        let sign = if mode == "form_post" {
            "name=\"code\""
        } else {
            "code="
        };
        let expected = advertised("response_modes_supported", mode);
        assert_eq!(text.contains(sign), expected, "{mode}: {text}");
        assert_eq!(text.contains("error"), !expected, "{mode}: {text}");
    }
    for (method, challenge) in [
        ("S256", CHALLENGE),
        ("plain", VERIFIER),
        ("S512", CHALLENGE),
    ] {
        let pkce = format!("&code_challenge={challenge}&code_challenge_method={method}");
        let answer = allow(&browser, &app.url(AUTHORIZE, &pkce));
        let landed = Landed::of(&answer);
        let expected = advertised("code_challenge_methods_supported", method);
        assert_eq!(landed.find("code").is_some(), expected, "{method}");
        if let Some(code) = landed.find("code") {
            let answer = app.exchange(STRICT, code, &[("code_verifier", VERIFIER)]);
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
    }
}
