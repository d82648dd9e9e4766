//! What ends with a session that its client ends (security.md §2, 39).

use serde_json::json;

use super::application::{Application, Landed, press};
use crate::{
    browser::Browser,
    world::{STRICT, Tokens, World},
};

/// What an application got for somebody.
struct Signed {
    tokens: Tokens,
    id_token: String,
}

fn sign_in(app: &Application<'_>, browser: &Browser<'_>, scope: &str) -> Signed {
    let page = browser.get(&app.url("/oauth2/authorize", &format!("&scope={scope}")));
    let answer = if page.status == 200 {
        press(browser, &page, "authorize")
    } else {
        page
    };
    let code = Landed::of(&answer).get("code").to_owned();
    let answer = app.exchange(STRICT, &code, &[]);
    Signed {
        tokens: Tokens::of(&answer),
        id_token: answer.text("id_token"),
    }
}

/// The status of a refresh, and of a call.
fn alive(app: &Application<'_>, signed: &Signed) -> (u16, u16) {
    let call = app.world.as_bearer(&signed.tokens.access);
    let call = call.get("/oauth2/userinfo").status;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*signed.tokens.refresh),
    ];
    (app.world.grant(STRICT, &app.client, &form).status, call)
}

#[test]
fn security_39_a_logout_ends_what_the_client_got_in_that_session_and_nothing_else() {
    let world = World::shared();
    let app = Application::register(world, "logout.ends");
    let other = Application::register(world, "logout.other");
    let (here, elsewhere) = (Browser::of(world, "itil"), Browser::of(world, "itil"));
    let online = sign_in(&app, &here, "openid");
    let offline = sign_in(&app, &here, "openid%20offline_access");
    let of_other = sign_in(&other, &here, "openid");
    let of_elsewhere = sign_in(&app, &elsewhere, "openid");
    // The family is the same, whatever was refreshed since.
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*online.tokens.refresh),
    ];
    let refreshed = Signed {
        tokens: Tokens::of(&world.grant(STRICT, &app.client, &form)),
        id_token: String::new(),
    };
    let hint = &online.id_token;
    let answer = here.get(&format!("/oauth2/logout?id_token_hint={hint}"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(alive(&app, &refreshed), (400, 401));
    assert_eq!(alive(&app, &online), (400, 401));
    for (app, signed) in [(&app, &offline), (&other, &of_other), (&app, &of_elsewhere)] {
        assert_eq!(alive(app, signed), (200, 200), "{}", app.client.id);
    }
}

#[test]
fn a_logout_that_the_person_confirms_ends_them_too_and_one_that_they_do_not_ends_nothing() {
    let world = World::shared();
    let app = Application::register(world, "logout.confirmed");
    let browser = Browser::of(world, "itil");
    let signed = sign_in(&app, &browser, "openid");
    let page = browser.get("/oauth2/logout?client_id=logout.confirmed");
    assert!(page.body.contains("Log out?"), "{}", page.body);
    let call = || {
        world
            .as_bearer(&signed.tokens.access)
            .get("/oauth2/userinfo")
            .status
    };
    assert_eq!(call(), 200);
    let done = browser.submit(&page, "/oauth2/logout", &[]);
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(alive(&app, &signed), (400, 401));
}

#[test]
fn logging_out_of_the_instance_alone_leaves_applications_connected() {
    let world = World::shared();
    let more = json!({"refresh_token_lifespan": "8640000"});
    let app = Application::register_with(world, "logout.here", more);
    let browser = Browser::of(world, "itil");
    let signed = sign_in(&app, &browser, "openid");
    browser.post("/logout.do", &[("sysparm_ck", &*browser.ck())]);
    assert_eq!(alive(&app, &signed), (200, 200));
}
