//! System properties that the specification names (`inbound-oauth.md` §7) and that no other module is about: what each
//! changes, and that it counts with the next request.

use serde_json::json;

use crate::{
    browser::Browser,
    world::{Client, RIGHT, Tokens, World, text},
};

const LIST: &str = "/api/now/table/incident?sysparm_limit=1";
const PAGE: &str = "/incident_list.do";
const WHO: &str = "/api/now/ui/user/current_user";

/// A client, and a token of the employee's for it.
fn granted(world: &World, name: &str, more: serde_json::Value) -> (Client, Tokens) {
    let client = world.register(name, "s", more);
    let tokens = world.tokens(&client, "employee", world.password("employee"));
    (client, tokens)
}

/// A browser whose guest's session became the employee's with a call with this token, and its `X-UserToken`.
fn joined<'w>(world: &'w World, token: &str) -> (Browser<'w>, String) {
    let browser = Browser::new(world);
    browser.post("/angular.do?sysparm_type=get_user", &[]);
    assert_eq!(browser.call_as_bearer(LIST, token).status, 200);
    let asked = browser.call("GET", WHO, None);
    let user_token = asked.header("x-usertoken-response").to_owned();
    assert!(!user_token.is_empty(), "{}", asked.body);
    (browser, user_token)
}

/// A property that no instance starts with.
fn create_property(world: &World, name: &str, value: &str) {
    let property = json!({"name": name, "value": value});
    world.admin().create("sys_properties", &property);
}

// inbound-oauth.md §1: a page opens to a token.
#[test]
fn a_token_opens_lists_and_forms_and_sends_no_form() {
    let world = World::own_frozen();
    let client = world.register("at.pages", "s", json!({}));
    let tokens = world.tokens(&client, "admin", world.password("admin"));
    let caller = world.as_bearer(&tokens.access);
    let made = world.admin().create("incident", &json!({}));
    let form = format!("/incident.do?sys_id={}", text(&made, "sys_id"));
    for page in [PAGE, &form] {
        let shown = caller.get(page);
        assert_eq!(shown.status, 200, "{page}: {}", shown.body);
        assert_eq!(shown.header("set-cookie"), "", "{page}");
    }
    let shown = caller.get("/incident.do?sys_id=-1").body;
    let ck = crate::browser::hidden(&shown, "sysparm_ck");
    let fields = [("sysparm_ck", &*ck), ("incident.short_description", "x")];
    let request = caller.request("POST", "/incident.do").form(&fields);
    let sent = snowglobe_testkit::Answer::of(request);
    assert_eq!(
        (sent.status, sent.header("location").split('?').next()),
        (303, Some("/login.do"))
    );
    // Whoever consents, or changes their password, logs in.
    for page in [
        "/my_connected_apps.do",
        "/change_password.do",
        "/my_second_factor.do",
    ] {
        assert_eq!(caller.get(page).status, 303, "{page}");
    }
    for (token, reason) in [
        (&*tokens.refresh, "token_not_access"),
        ("x", "token_malformed"),
    ] {
        let refused = world.as_bearer(token).get(PAGE);
        assert_eq!(
            (refused.status, refused.header("x-snowglobe-reason")),
            (401, reason)
        );
    }
    world.advance("31m");
    assert_eq!(
        caller.get(PAGE).header("x-snowglobe-reason"),
        "token_expired"
    );
}

#[test]
fn a_securely_scoped_token_opens_no_page() {
    let world = World::own();
    let secure = json!({"scope_restriction_status": "restricted"});
    let (_, tokens) = granted(&world, "secure.pages", secure);
    let refused = world.as_bearer(&tokens.access).get(PAGE);
    assert_eq!(
        (refused.status, refused.header("x-snowglobe-reason")),
        (403, "auth_scope_restricted")
    );
}

#[test]
fn restricted_tokens_open_pages_unless_enforce_restricted_binding_for_ui() {
    let world = World::own();
    let restricted = json!({"enforce_token_restrictions": "true"});
    let (_, tokens) = granted(&world, "restricted.pages", restricted);
    let caller = world.as_bearer(&tokens.access);
    assert_eq!(caller.get(PAGE).status, 200);
    assert_eq!(caller.get(LIST).status, 401);
    world.set_property("glide.oauth.enforce_restricted_binding_for_ui", "true");
    let refused = caller.get(PAGE);
    assert_eq!(
        (refused.status, refused.header("x-snowglobe-reason")),
        (401, "token_restricted")
    );
}

#[test]
fn a_session_of_a_token_outlives_its_life_only_where_cookie_auth_disabled_is_off() {
    let world = World::own_frozen();
    for format in ["opaque", "jwt"] {
        let name = format!("outlived.{format}");
        let (_, tokens) = granted(&world, &name, json!({"token_format": format}));
        let (browser, user_token) = joined(&world, &tokens.access);
        let calls = || browser.call("GET", WHO, Some(&user_token)).status;
        assert_eq!(calls(), 200);
        world.advance("31m");
        assert_eq!(calls(), 401, "{format}");
        let property = "glide.authenticate.oauth.post.token.expiration.cookie_auth.disabled";
        world.set_property(property, "false");
        assert_eq!(calls(), 200, "{format}");
        // Revoking is no matter of time.
        let revoke = format!("/oauth_revoke_token.do?token={}", tokens.access);
        assert_eq!(world.http.get(&revoke).status, 200);
        assert_eq!(calls(), 401, "{format}");
        world.set_property(property, "true");
    }
}

#[test]
fn an_api_session_opens_pages_only_where_donot_reuse_api_session_is_off() {
    let world = World::own();
    let (_, tokens) = granted(&world, "reused", json!({}));
    let (browser, _) = joined(&world, &tokens.access);
    assert_eq!(browser.get(PAGE).status, 303);
    let property = "com.glide.processors.aprocessor.donot_reuse_api_session";
    world.set_property(property, "false");
    assert_eq!(browser.get(PAGE).status, 200);
    assert_eq!(browser.get("/my_connected_apps.do").status, 303);
    world.set_property(property, "true");
    assert_eq!(browser.get(PAGE).status, 303);
}

#[test]
fn the_client_type_and_the_life_span_of_integrations_say_how_long_api_sessions_last() {
    let world = World::own_frozen();
    for (client_type, minutes) in [
        ("iframe_embedded", 3),
        ("integration_as_a_user", 4),
        ("integration_as_a_service", 5),
    ] {
        let property = format!("glide.session_timeout.{client_type}");
        create_property(&world, &property, &minutes.to_string());
        let (_, tokens) = granted(&world, client_type, json!({"client_type": client_type}));
        let (browser, user_token) = joined(&world, &tokens.access);
        let calls = || browser.call("GET", WHO, Some(&user_token)).status;
        world.advance(&format!("{}m", minutes - 1));
        assert_eq!(calls(), 200, "{client_type}");
        world.advance("1m");
        assert_eq!(calls(), 401, "{client_type}");
    }
    let (_, tokens) = granted(&world, "untyped", json!({}));
    let lasts = |minutes: u32| {
        let (browser, user_token) = joined(&world, &tokens.access);
        world.advance(&format!("{minutes}m"));
        browser.call("GET", WHO, Some(&user_token)).status == 200
    };
    assert!(lasts(7));
    world.set_property("glide.integrations.active.session.life_span", "7");
    assert!(!lasts(7));
    assert!(lasts(6));
}

#[test]
fn a_log_in_is_noted_unless_update_last_login_time_is_off() {
    let world = World::own_frozen();
    let sys_id = world.person("noted", RIGHT, json!({}));
    let client = world.demo_client();
    let by_grant = || drop(world.tokens(&client, "noted", RIGHT));
    let by_basic = || assert_eq!(world.as_basic("noted", RIGHT).get(LIST).status, 200);
    let doors: [(&str, &dyn Fn()); 2] = [
        ("glide.oauth.update_last_login_time", &by_grant),
        ("glide.basicauth.update_last_login_time", &by_basic),
    ];
    for (property, log_in) in doors {
        let after = || {
            log_in();
            world.last_login(&sys_id)
        };
        let before = after();
        world.advance("1h");
        world.set_property(property, "false");
        assert_eq!(after(), before, "{property}");
        world.set_property(property, "true");
        assert_ne!(after(), before, "{property}");
    }
}

#[test]
fn properties_say_how_many_guesses_lock_and_for_how_long() {
    let world = World::own_frozen();
    world.person("guessed", RIGHT, json!({}));
    world.set_property("glide.user.max_unlock_attempts", "2");
    world.set_property("glide.user.unlock_timeout_in_mins", "3");
    let opens = |password: &str| Browser::new(&world).log_in("guessed", password).status;
    assert_eq!((opens("wrong"), opens(RIGHT)), (403, 303));
    assert_eq!(
        (opens("wrong"), opens("wrong"), opens(RIGHT)),
        (403, 403, 403)
    );
    world.advance("179s");
    assert_eq!(opens(RIGHT), 403);
    world.advance("1s");
    assert_eq!(opens(RIGHT), 303);
}

#[test]
fn a_property_says_when_an_idle_session_ends() {
    let world = World::own_frozen();
    world.set_property("glide.ui.session_timeout", "5");
    let browser = Browser::of(&world, "employee");
    world.advance("4m");
    assert_eq!(browser.who().as_deref(), Some("employee"));
    world.advance("5m");
    assert_eq!(browser.who(), None);
}

#[test]
fn who_must_reset_their_password_calls_no_api_unless_the_property_is_off() {
    let world = World::own();
    let sys_id = world.person("resetting", RIGHT, json!({}));
    let tokens = world.tokens(&world.demo_client(), "resetting", RIGHT);
    let change = json!({"password_needs_reset": "true"});
    world.admin().change("sys_user", &sys_id, &change);
    let calls = || world.as_bearer(&tokens.access).get(LIST).status;
    assert_eq!(calls(), 401);
    let property = "glide.authenticate.api.user.reset_password.mandatory";
    world.set_property(property, "false");
    assert_eq!(calls(), 200);
}

// §5.1, 3: compared by its key, which a property names.
#[test]
fn a_property_names_the_scope_that_opens_everything() {
    let world = World::own();
    let made = world
        .admin()
        .create("sys_auth_scope", &json!({"name": "everything"}));
    let scope = text(&made, "sys_id");
    let secure = json!({"scope_restriction_status": "restricted"});
    let (client, tokens) = granted(&world, "everything", secure);
    let mapping = json!({"oauth_entity": client.sys_id, "auth_scope": scope});
    world
        .admin()
        .create("oauth_entity_auth_scope_mapping", &mapping);
    let calls = || world.as_bearer(&tokens.access).get(LIST).status;
    assert_eq!(calls(), 403);
    world.set_property("glide.oauth.token.scope.useraccount", &scope);
    assert_eq!(calls(), 200);
}

/// What is planted says something: a property without an effect would promise what does not hold.
#[test]
fn what_has_no_effect_is_not_planted() {
    let world = World::own();
    for name in [
        "glide.basicauth.required.api",
        "glide.oauth.inhouse.httpclient.enabled",
    ] {
        let found = world
            .admin()
            .list("sys_properties", &format!("sysparm_query=name={name}"));
        assert!(found.is_empty(), "{name}");
    }
}
