//! The consent page and what is remembered of it.

use serde_json::json;

use super::application::{Application, Landed, press};
use crate::{
    browser::{Browser, hidden},
    world::World,
};

#[test]
fn scripts_find_what_they_drive() {
    let world = World::shared();
    let app = Application::register(world, "consent.markup");
    let page = Browser::of(world, "employee").get(&app.url("/oauth_auth.do", ""));
    let first = page.body.find("name=\"sysparm_ck\" value=\"").unwrap();
    let form = page.body.find("<form").unwrap();
    assert!(form < first, "the form's token is the first one");
    let buttons: Vec<_> = page
        .body
        .match_indices("name=\"oauth_auth_check_action\" value=\"")
        .collect();
    assert_eq!(buttons.len(), 2);
    assert!(
        page.body[buttons[0].0..].starts_with("name=\"oauth_auth_check_action\" value=\"deny\"")
    );
    assert!(
        page.body[buttons[1].0..]
            .starts_with("name=\"oauth_auth_check_action\" value=\"authorize\"")
    );
    assert_eq!(
        page.body.matches("<form").count(),
        1,
        "fields of another form"
    );
    for text in [
        "consent.markup would like to connect to your account",
        "<strong>employee</strong>",
        "https://app.example",
        "Not you?",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(
        page.header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
}

#[test]
fn what_an_application_is_called_is_only_text() {
    let world = World::shared();
    let more =
        json!({"name": "<script>alert(1)</script>", "logo_url": "https://evil.example/x.png"});
    let app = Application::register_with(world, "consent.script", more);
    let page = Browser::of(world, "employee").get(&app.url("/oauth_auth.do", ""));
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("<script"), "{}", page.body);
    assert!(
        !page.body.contains("evil.example"),
        "nothing of others on this page"
    );
}

#[test]
fn the_page_says_in_words_what_is_asked_for() {
    let world = World::shared();
    let app = Application::register(world, "consent.words");
    let scope = json!({"name": "words.read", "description": "Read the words of the day"});
    world.admin().create("sys_auth_scope", &scope);
    let mapping = json!({"oauth_entity": app.client.sys_id, "auth_scope": "words.read"});
    world
        .admin()
        .create("oauth_entity_auth_scope_mapping", &mapping);
    let page = Browser::of(world, "employee")
        .get(&app.url("/oauth_auth.do", "&scope=openid%20words.read"));
    for text in ["Know that it is you", "Read the words of the day"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
}

#[test]
fn a_form_is_used_once() {
    let world = World::shared();
    let app = Application::register(world, "consent.once");
    let browser = Browser::of(world, "employee");
    for button in ["authorize", "deny"] {
        let page = browser.get(&app.url("/oauth_auth.do", "&prompt=consent"));
        Landed::of(&press(&browser, &page, button));
        for again in ["authorize", "deny"] {
            let answer = press(&browser, &page, again);
            assert_eq!(answer.status, 400, "{button} {again}");
            assert_eq!(answer.header("location"), "");
        }
    }
}

#[test]
fn a_form_belongs_to_its_session() {
    let world = World::shared();
    let app = Application::register(world, "consent.session");
    let attacker = Browser::of(world, "employee");
    let page = attacker.get(&app.url("/oauth_auth.do", ""));
    for victim in [
        Browser::of(world, "itil"),
        Browser::of(world, "employee"),
        Browser::new(world),
    ] {
        let answer = press(&victim, &page, "authorize");
        assert_eq!((answer.status, answer.header("location")), (403, ""));
    }
    let browser = Browser::of(world, "employee");
    for forged in [
        "x",
        &browser.ck(),
        &hidden(&browser.get("/login.do").body, "sysparm_ck"),
    ] {
        let fields = [
            ("sysparm_ck", forged),
            ("oauth_auth_check_action", "authorize"),
        ];
        assert_eq!(
            browser.post("/oauth_auth.do", &fields).status,
            403,
            "{forged}"
        );
    }
    Landed::of(&press(&attacker, &page, "authorize")).get("code");
}

#[test]
fn a_form_that_says_neither_allows_nothing() {
    let world = World::shared();
    let app = Application::register(world, "consent.neither");
    let browser = Browser::of(world, "employee");
    let page = browser.get(&app.url("/oauth_auth.do", ""));
    let landed = Landed::of(&press(&browser, &page, "Allow?"));
    assert_eq!(landed.get("error"), "access_denied");
}

#[test]
fn what_the_form_carries_beside_its_token_counts_for_nothing() {
    let world = World::shared();
    let app = Application::register(world, "consent.sealed");
    let browser = Browser::of(world, "employee");
    let page = browser.get(&app.url("/oauth_auth.do", ""));
    let ck = hidden(&page.body, "sysparm_ck");
    let fields = [
        ("sysparm_ck", &*ck),
        ("oauth_auth_check_action", "authorize"),
        ("redirect_uri", "https://evil.example/"),
        ("client_id", "other"),
        ("state", "other"),
    ];
    let landed = Landed::of(&browser.post("/oauth_auth.do", &fields));
    assert_eq!(
        (&*landed.uri, landed.get("state")),
        ("https://app.example/cb", "a b")
    );
}

#[test]
fn consent_is_remembered_until_it_is_taken_back() {
    let world = World::shared();
    let app = Application::register(world, "consent.kept");
    let browser = Browser::of(world, "employee");
    let url = app.url("/oauth_auth.do", "");
    let page = browser.get(&url);
    Landed::of(&press(&browser, &page, "authorize"));
    Landed::of(&browser.get(&url)).get("code");
    // A new session asks again, where ServiceNow's ways count (§2.1), and not in the strict dialect.
    let later = Browser::of(world, "employee");
    assert_eq!(later.get(&url).status, 200);
    Landed::of(&later.get(&app.url("/oauth2/authorize", ""))).get("code");
    // Another person is asked, and so is this one for more, or when the client says so.
    assert_eq!(Browser::of(world, "itil").get(&url).status, 200);
    assert_eq!(browser.get(&format!("{url}&scope=openid")).status, 200);
    assert_eq!(browser.get(&format!("{url}&prompt=consent")).status, 200);
    let employee = world.as_user("employee");
    let record = employee.list("oauth_consent", "sysparm_query=name=consent.kept");
    assert_eq!(
        (record.len(), &record[0]["scope"]),
        (1, &json!("useraccount"))
    );
    assert_eq!(
        world
            .as_user("problem.admin")
            .list("oauth_consent", "sysparm_query=name=consent.kept")
            .len(),
        0
    );
    let path = format!(
        "/api/now/table/oauth_consent/{}",
        record[0]["sys_id"].as_str().unwrap()
    );
    assert_eq!(employee.send("DELETE", &path).status, 204);
    assert_eq!(browser.get(&url).status, 200, "asked again");
}

#[test]
fn nobody_writes_consent_but_by_allowing() {
    let world = World::shared();
    let body = json!({"name": "x", "scope": "useraccount"});
    let answer = world
        .as_user("employee")
        .send_json("POST", "/api/now/table/oauth_consent", &body);
    assert_eq!(answer.status, 403);
}

#[test]
fn an_administrator_may_consent_for_everybody_and_nobody_else() {
    let world = World::shared();
    let app = Application::register_with(world, "consent.skipped", json!({"skip_consent": "true"}));
    let browser = Browser::of(world, "employee");
    Landed::of(&browser.get(&app.url("/oauth_auth.do", ""))).get("code");
    assert_eq!(
        browser
            .get(&app.url("/oauth_auth.do", "&prompt=consent"))
            .status,
        200
    );

    let asked = Application::register(world, "consent.not.skipped");
    let sys_id = world.person("consent.oauth.admin", "Right-1!", json!({}));
    let role = world.admin().sys_id("sys_user_role", "name=oauth_admin");
    let has = json!({"user": sys_id, "role": role});
    world.admin().create("sys_user_has_role", &has);
    let oauth_admin = world.as_basic("consent.oauth.admin", "Right-1!");
    let fields = json!({"skip_consent": "true", "comments": "changed"});
    let changed = oauth_admin.change("oauth_entity", &asked.client.sys_id, &fields);
    assert_eq!(changed["comments"], "changed");
    assert_ne!(changed["skip_consent"], "true");
    assert_eq!(browser.get(&asked.url("/oauth_auth.do", "")).status, 200);
}

#[test]
fn somebody_else_may_take_the_place_of_who_is_logged_in() {
    let world = World::shared();
    let app = Application::register(world, "consent.not.you");
    let browser = Browser::of(world, "employee");
    let url = app.url("/oauth_auth.do", "");
    let page = browser.get(&url);
    let (before, _) = page.body.split_once("\" id=\"not_you\"").unwrap();
    let (_, link) = before.rsplit_once("href=\"").unwrap();
    let asked = browser.get(link);
    let ck = hidden(&asked.body, "sysparm_ck");
    let goto = hidden(&asked.body, "sysparm_goto_url");
    let out = browser.post(
        "/logout.do",
        &[("sysparm_ck", &ck), ("sysparm_goto_url", &goto)],
    );
    assert_eq!(out.header("location"), url);
    assert!(
        browser
            .get(&url)
            .header("location")
            .starts_with("/login.do?")
    );
}

#[test]
fn who_takes_an_application_back_is_asked_again() {
    let world = World::shared();
    world.person("consent.revoker", "Right-1! and long", json!({}));
    let app = Application::register(world, "consent.revoked");
    let browser = Browser::new(world);
    browser.log_in("consent.revoker", "Right-1! and long");
    let code = app.code(&browser, "");
    let url = app.url("/oauth_auth.do", "");
    assert_eq!(browser.get(&url).status, 303, "it is remembered");
    let shown = browser.get("/my_connected_apps.do").body;
    assert!(
        shown.contains("consent.revoked") && shown.contains("You revoke it"),
        "{shown}"
    );
    let tokens = app.exchange("/oauth_token.do", &code, &[]);
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    let (ck, client) = (browser.ck(), &*app.client.sys_id);
    let fields = [("sysparm_ck", &*ck), ("client", client)];
    assert_eq!(browser.post("/my_connected_apps.do", &fields).status, 303);
    assert_eq!(browser.get(&url).status, 200, "it is asked for again");
    let path = "/api/now/table/incident?sysparm_limit=1";
    let access = tokens.text("access_token");
    assert_eq!(world.as_bearer(&access).get(path).status, 401);
    let shown = browser.get("/my_connected_apps.do").body;
    assert!(!shown.contains("consent.revoked"), "{shown}");
}
