//! Registering an application as people do, and what its buttons do (scenarios A to F begin like this).

use super::{element, filled, location, press};
use crate::{
    browser::Browser,
    world::{CLIENT_CREDENTIALS, Client, SERVICENOW, World},
};

const NEW: &str = "/oauth_entity.do?sys_id=-1&sysparm_kind=client";

/// Registers a client through the form, and returns it with the page that tells its secret.
fn register(world: &World, browser: &Browser<'_>, name: &str) -> Client {
    let form = browser.get(NEW);
    assert_eq!(form.status, 200, "{}", form.body);
    let typed = [
        ("oauth_entity.name", name),
        ("oauth_entity.redirect_url", "https://app.example/callback"),
        ("sys_display.oauth_entity.user", "System Administrator"),
    ];
    let made = press(browser, &form, "oauth_entity", &typed, "sysverb_save");
    assert_eq!(made.status, 200, "{}", made.body);
    assert_eq!(made.header("cache-control"), "no-store");
    // The one page with a script: it copies, and all is there without it.
    let policy = made.header("content-security-policy");
    assert!(policy.contains("script-src 'self'; ") && policy.contains("frame-ancestors 'none'"));
    let (_, script) = made.body.split_once("<script src=\"").expect("a script");
    let script = browser.get(script.split_once('"').unwrap().0);
    assert_eq!(
        script.header("content-type"),
        "text/javascript;charset=UTF-8"
    );
    Client {
        id: element(&made.body, "client_id"),
        secret: element(&made.body, "client_secret"),
        sys_id: world
            .admin()
            .sys_id("oauth_entity", &format!("name={name}")),
    }
}

fn works(world: &World, client: &Client) -> u16 {
    world
        .grant(SERVICENOW, client, &[CLIENT_CREDENTIALS])
        .status
}

#[test]
fn a_client_registered_in_the_console_gets_tokens_at_once() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let kinds = browser.get("/oauth_entity.do?sys_id=-1");
    assert!(kinds.body.contains("What kind of OAuth application?"));
    assert!(
        kinds.body.contains(&NEW.replace('&', "&#38;")),
        "{}",
        kinds.body
    );

    let client = register(world, &browser, "console.registered");
    assert_eq!(client.id.len(), 32);
    assert!(
        client
            .id
            .bytes()
            .all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase())
    );
    assert_eq!(works(world, &client), 200);

    let record = browser.get(&format!("/oauth_entity.do?sys_id={}", client.sys_id));
    assert!(record.body.contains("console.registered") && record.body.contains(&client.id));
    assert!(record.body.contains("https://app.example/callback"));
    assert!(!record.body.contains(&client.secret), "told once");
    for list in ["Tokens", "OAuth Entity Scopes", "Auth Scopes"] {
        assert!(record.body.contains(&format!("<h2>{list} ")), "{list}");
    }
    let listed = browser.get("/oauth_entity_list.do?sysparm_search=console.registered");
    assert!(listed.body.contains(&client.id));
}

#[test]
fn what_is_typed_is_taken_in_place_of_what_would_be_made() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let form = browser.get(NEW);
    let typed = [
        ("oauth_entity.name", "console.typed"),
        ("oauth_entity.client_id", "console-typed-id"),
        ("oauth_entity.client_secret", "typed-Secret-1"),
        ("sys_display.oauth_entity.user", "System Administrator"),
    ];
    let saved = press(&browser, &form, "oauth_entity", &typed, "sysverb_save");
    assert!(location(&saved).starts_with("/oauth_entity.do?sys_id="));
    let client = Client {
        id: "console-typed-id".to_owned(),
        secret: "typed-Secret-1".to_owned(),
        sys_id: String::new(),
    };
    assert_eq!(works(world, &client), 200);
}

#[test]
fn sending_the_form_again_makes_no_second_client() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let form = browser.get(NEW);
    let typed = [
        ("oauth_entity.name", "console.once"),
        ("oauth_entity.comments", "kept"),
    ];
    let first = press(&browser, &form, "oauth_entity", &typed, "sysverb_save");
    assert_eq!(first.status, 200);
    let again = press(&browser, &form, "oauth_entity", &typed, "sysverb_save");
    assert_eq!(again.status, 409, "{}", again.body);
    assert!(again.body.contains("Another record has this Name."));
    let kept = filled(&again.body);
    assert!(kept.contains(&("oauth_entity.comments".to_owned(), "kept".to_owned())));
    let found = world
        .admin()
        .list("oauth_entity", "sysparm_query=name=console.once");
    assert_eq!(found.len(), 1);
}

/// Scripts that drive the forms of real instances name their buttons.
#[test]
fn the_buttons_of_a_real_form_save_a_record_too() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let page = browser.get(NEW);
    let named = |name| ("oauth_entity.name", name);
    let inserted = [named("console.inserted"), ("sysverb_insert", "")];
    assert_eq!(
        browser.submit(&page, "/oauth_entity.do", &inserted).status,
        200
    );
    let sys_id = world
        .admin()
        .sys_id("oauth_entity", "name=console.inserted");
    let page = browser.get(&format!("/oauth_entity.do?sys_id={sys_id}"));
    let updated = [named("console.updated"), ("sys_action", "sysverb_update")];
    assert_eq!(
        browser.submit(&page, "/oauth_entity.do", &updated).status,
        303
    );
    assert_eq!(
        world.admin().sys_id("oauth_entity", "name=console.updated"),
        sys_id
    );
}

/// A secret that is a key lives on beside its successor, too, and the page shows one that is long enough.
#[test]
fn a_key_for_jwts_is_rotated_as_other_secrets_are() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let client = register(world, &browser, "console.signer");
    let change = serde_json::json!({"token_endpoint_auth_method": "client_secret_jwt"});
    world
        .admin()
        .change("oauth_entity", &client.sys_id, &change);
    let address = format!("/oauth_entity.do?sys_id={}", client.sys_id);
    let mut newest = client.clone();
    for _ in 0..2 {
        let record = browser.get(&address);
        let pressed = "sysverb_rotate_secret";
        let rotated = press(&browser, &record, "oauth_entity", &[], pressed);
        assert_eq!(rotated.status, 200, "{}", rotated.body);
        let newer = Client {
            secret: element(&rotated.body, "client_secret"),
            ..client.clone()
        };
        assert_eq!(newer.secret.len(), 86);
        assert_eq!((works(world, &newest), works(world, &newer)), (200, 200));
        newest = newer;
    }
    assert_eq!(works(world, &client), 401);
}

#[test]
fn security_45_two_secrets_live_while_a_client_is_moved() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let client = register(world, &browser, "console.rotated");
    let address = format!("/oauth_entity.do?sys_id={}", client.sys_id);

    let record = browser.get(&address);
    let rotated = press(
        &browser,
        &record,
        "oauth_entity",
        &[],
        "sysverb_rotate_secret",
    );
    assert_eq!(rotated.status, 200, "{}", rotated.body);
    let newer = Client {
        secret: element(&rotated.body, "client_secret"),
        ..client.clone()
    };
    assert_ne!(newer.secret, client.secret);
    assert_eq!((works(world, &client), works(world, &newer)), (200, 200));

    let twice = press(
        &browser,
        &record,
        "oauth_entity",
        &[],
        "sysverb_rotate_secret",
    );
    assert_eq!(twice.status, 409, "a page loaded again rotates nothing");
    assert_eq!((works(world, &client), works(world, &newer)), (200, 200));

    let record = browser.get(&address);
    let asked = press(
        &browser,
        &record,
        "oauth_entity",
        &[],
        "sysverb_retire_secret",
    );
    assert!(
        asked.body.contains("Retire previous secret?"),
        "{}",
        asked.body
    );
    assert_eq!(works(world, &client), 200, "asking retires nothing");
    let done = [("sysverb_retire_secret_confirmed", "1")];
    let retired = browser.submit(&asked, "/oauth_entity.do", &done);
    assert_eq!(retired.status, 200, "{}", retired.body);
    assert_eq!((works(world, &client), works(world, &newer)), (401, 200));
    assert!(!retired.body.contains("sysverb_retire_secret"));
}

#[test]
fn all_tokens_of_a_client_end_on_the_next_request() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let client = register(world, &browser, "console.ended");
    let person = world.tokens(&client, "employee", world.password("employee"));
    let own = world.access_token(&client);
    let other = world.access_token(&world.demo_client());
    let opens = |token: &str| {
        let path = "/api/now/table/sys_user?sysparm_limit=1";
        world.as_bearer(token).get(path).status
    };
    assert_eq!(
        (opens(&person.access), opens(&own), opens(&other)),
        (200, 200, 200)
    );

    let record = browser.get(&format!("/oauth_entity.do?sys_id={}", client.sys_id));
    let asked = press(
        &browser,
        &record,
        "oauth_entity",
        &[],
        "sysverb_revoke_tokens",
    );
    assert_eq!(opens(&own), 200, "asking ends nothing");
    let done = [("sysverb_revoke_tokens_confirmed", "1")];
    let ended = browser.submit(&asked, "/oauth_entity.do", &done);
    assert!(
        ended.body.contains("3 tokens were revoked."),
        "{}",
        ended.body
    );
    assert_eq!(
        (opens(&person.access), opens(&own), opens(&other)),
        (401, 401, 200)
    );
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*person.refresh),
    ];
    assert_eq!(world.grant(SERVICENOW, &client, &fields).status, 401);
}

#[test]
fn the_form_has_every_documented_field() {
    let world = World::shared();
    let form = Browser::of(world, "admin").get(NEW).body;
    for element in [
        "name",
        "client_id",
        "client_secret",
        "redirect_url",
        "logo_url",
        "login_url",
        "active",
        "refresh_token_lifespan",
        "access_token_lifespan",
        "enforce_token_restrictions",
        "mobile_client",
        "token_format",
        "sub_claim",
        "client_type",
        "comments",
        "user",
        "default_grant_type",
        "inbound_grant_type",
        "public_client",
        "use_pkce",
        "code_challenge_method",
        "scope_restriction_status",
    ] {
        assert!(form.contains(&format!("id=\"f-{element}\"")), "{element}");
    }
    let values = filled(&form);
    for (element, value) in [
        ("active", "true"),
        ("access_token_lifespan", "1800"),
        ("refresh_token_lifespan", "8640000"),
        ("token_format", "opaque"),
        ("sub_claim", "sys_id"),
    ] {
        let pair = (format!("oauth_entity.{element}"), value.to_owned());
        assert!(values.contains(&pair), "{element}");
    }
}

#[test]
fn security_4_a_hostile_redirect_url_is_refused_beside_its_field() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let form = browser.get(NEW);
    let typed = [
        ("oauth_entity.name", "console.hostile.url"),
        (
            "oauth_entity.redirect_url",
            "https://a.example/cb, JaVaScript:alert(1)",
        ),
    ];
    let refused = press(&browser, &form, "oauth_entity", &typed, "sysverb_save");
    assert_eq!(refused.status, 422, "{}", refused.body);
    let why =
        "\u{201c}JaVaScript:alert(1)\u{201d} cannot be a redirect URL: its scheme is not allowed.";
    assert!(refused.body.contains(why), "{}", refused.body);
    let found = world
        .admin()
        .list("oauth_entity", "sysparm_query=name=console.hostile.url");
    assert!(found.is_empty());
}
