//! `POST /oauth2/introspect` (RFC 7662).

use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, STRICT, Tokens, World};

const INACTIVE: &str = r#"{"active":false}"#;

fn ask(world: &World, by: &Client, token: &str) -> Answer {
    world.grant("/oauth2/introspect", by, &[("token", token)])
}

fn told(world: &World, by: &Client, token: &str) -> Value {
    let answer = ask(world, by, token);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

fn nothing(world: &World, by: &Client, token: &str, why: &str) {
    let answer = ask(world, by, token);
    assert_eq!((answer.status, &*answer.body), (200, INACTIVE), "{why}");
}

fn tokens(world: &World, client: &Client, user: &str) -> Tokens {
    world.tokens(client, user, world.password(user))
}

#[test]
fn rfc7662_2_2_a_client_is_told_of_its_own_tokens() {
    let world = World::shared();
    let client = world.register("introspect.own", "s", json!({}));
    let Tokens { access, refresh } = tokens(world, &client, "itil");
    let itil = world.admin().sys_id("sys_user", "user_name=itil");
    let told_access = told(world, &client, &access);
    for (name, expected) in [
        ("active", json!(true)),
        ("scope", json!("useraccount")),
        ("client_id", json!("introspect.own")),
        ("username", json!("itil")),
        ("token_type", json!("Bearer")),
        ("sub", json!(itil)),
        ("aud", json!(world.url)),
        ("iss", json!(world.url)),
    ] {
        assert_eq!(told_access[name], expected, "{name}");
    }
    let number = |name: &str| told_access[name].as_u64().unwrap();
    assert_eq!(number("exp") - number("iat"), 1800);
    assert_eq!(number("nbf"), number("iat"));
    assert_eq!(told_access["jti"].as_str().unwrap().len(), 54);
    let told_refresh = told(world, &client, &refresh);
    assert_eq!(told_refresh["active"], json!(true));
    assert_eq!(told_refresh["token_type"], Value::Null);
    // The hint changes nothing, right or wrong.
    for hint in ["refresh_token", "access_token", "nonsense"] {
        let form = [("token", &*access), ("token_type_hint", hint)];
        let answer = world.grant("/oauth2/introspect", &client, &form);
        assert_eq!(answer.json(), told_access, "{hint}");
    }
}

#[test]
fn security_32_only_clients_that_prove_themselves_may_ask() {
    let world = World::shared();
    let public = world.register("introspect.public", "s", json!({"public_client": "true"}));
    let Tokens { access, .. } = tokens(world, &world.demo_client(), "itil");
    let by_id = world.http.form(
        "/oauth2/introspect",
        &[("token", &access), ("client_id", &public.id)],
    );
    for answer in [
        by_id,
        world.http.form("/oauth2/introspect", &[("token", &access)]),
        Answer::of(world.http.request("GET", "/oauth2/introspect")),
        Answer::of(
            world
                .as_bearer(&access)
                .request("POST", "/oauth2/introspect")
                .form(&[("token", &access)]),
        ),
    ] {
        assert!([400, 401].contains(&answer.status), "{}", answer.body);
        assert!(!answer.body.contains("active"), "{}", answer.body);
    }
    // RFC 7662 §2.1: the token is required.
    let answer = world.grant("/oauth2/introspect", &world.demo_client(), &[]);
    assert_eq!(
        (answer.status, &*answer.text("error")),
        (400, "invalid_request")
    );
}

#[test]
fn security_32_33_another_clients_tokens_and_nonsense_read_alike() {
    let world = World::shared();
    let other = world.register("introspect.other", "s", json!({}));
    let Tokens { access, refresh } = tokens(world, &world.demo_client(), "itil");
    nothing(world, &other, &access, "another client's access token");
    nothing(world, &other, &refresh, "another client's refresh token");
    nothing(world, &other, "abc", "nonsense");
    nothing(world, &other, "a.b.c", "nonsense with dots");
    for cut in [1, 43, 85] {
        nothing(world, &world.demo_client(), &access[..cut], "a prefix");
    }
    nothing(world, &world.demo_client(), &format!("{access}A"), "longer");
}

#[test]
fn what_is_dead_is_not_active() {
    let world = World::shared();
    let client = world.register("introspect.dead", "s", json!({}));
    let Tokens { access, refresh } = tokens(world, &client, "itil");
    let form = [("token", refresh.as_str())];
    assert_eq!(world.grant("/oauth2/revoke", &client, &form).status, 200);
    nothing(world, &client, &access, "its family was revoked");
    nothing(world, &client, &refresh, "revoked");

    let gone = world.person("introspect.gone", "Right-1!", json!({}));
    let Tokens { access, .. } = world.tokens(&client, "introspect.gone", "Right-1!");
    assert_eq!(told(world, &client, &access)["active"], json!(true));
    let inactive = json!({"active": "false"});
    world.admin().change("sys_user", &gone, &inactive);
    nothing(world, &client, &access, "its user is inactive");

    let short = json!({"access_token_lifespan": "0"});
    let short = world.register("introspect.short", "s", short);
    nothing(world, &short, &world.access_token(&short), "expired");

    // A rotated refresh token was replaced; asking about it is no replay.
    let rotated = world.register("introspect.rotated", "s", json!({"dialect": "strict"}));
    let Tokens { refresh, .. } = tokens(world, &world.demo_client(), "itil");
    nothing(world, &rotated, &refresh, "another client's");
}

#[test]
fn rfc8707_2_a_resource_server_is_told_of_tokens_for_it_and_no_others() {
    let world = World::shared();
    let uri = "https://api.example/introspect";
    let server = world.register("introspect.rs", "s", json!({"resource_uris": uri}));
    let stranger = world.register("introspect.rs2", "s", json!({"resource_uris": "urn:x:2"}));
    let client = world.register("introspect.rs.client", "s", json!({}));
    let form = [CLIENT_CREDENTIALS, ("resource", uri)];
    let answer = world.grant(STRICT, &client, &form);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = answer.text("access_token");
    let described = told(world, &server, &token);
    assert_eq!(described["aud"], json!(uri));
    assert_eq!(described["client_id"], json!("introspect.rs.client"));
    // security.md §2, 44: a client's own token is nobody's.
    assert_eq!(described["sub"], json!("client:introspect.rs.client"));
    assert_eq!(told(world, &client, &token), described);
    nothing(world, &stranger, &token, "for another resource server");
    nothing(
        world,
        &server,
        &world.access_token(&client),
        "for the instance",
    );

    // security.md §2, 27: a token for others opens nothing here.
    let path = "/api/now/table/incident?sysparm_limit=1";
    assert_eq!(world.as_bearer(&token).get(path).status, 401);
    let here = format!("{}/api/now", world.url);
    let form = [CLIENT_CREDENTIALS, ("resource", uri), ("resource", &here)];
    let both = world.grant(STRICT, &client, &form).text("access_token");
    assert_eq!(world.as_bearer(&both).get(path).status, 200);
    assert_eq!(told(world, &server, &both)["aud"], json!([here, uri]));
}

#[test]
fn a_resource_server_for_the_instance_itself_is_told_of_its_tokens() {
    let world = World::shared();
    let here = json!({"resource_uris": world.url});
    let server = world.register("introspect.here", "s", here);
    let Tokens { access, refresh } = tokens(world, &world.demo_client(), "itil");
    assert_eq!(told(world, &server, &access)["username"], json!("itil"));
    nothing(
        world,
        &server,
        &refresh,
        "refresh tokens are for their client alone",
    );
}

#[test]
fn rfc8707_2_a_resource_nobody_is_gets_invalid_target() {
    let world = World::shared();
    let client = world.demo_client();
    for resource in [
        "https://nobody.example/",
        "/api/now",
        "https://a.example/#x",
    ] {
        let form = [CLIENT_CREDENTIALS, ("resource", resource)];
        let answer = world.grant(STRICT, &client, &form);
        let found = (answer.status, &*answer.text("error"));
        assert_eq!(found, (400, "invalid_target"), "{resource}");
        assert_eq!(world.grant(SERVICENOW, &client, &form).status, 401);
    }
}

#[test]
fn rfc8707_2_2_a_refresh_narrows_and_never_widens() {
    let world = World::shared();
    let (one, two) = ("https://one.example/", "https://two.example/");
    let both = json!({"resource_uris": format!("{one}, {two}")});
    let server = world.register("introspect.two", "s", both);
    let client = world.register("introspect.narrow", "s", json!({}));
    let password = world.password("itil");
    let form = [
        ("grant_type", "password"),
        ("username", "itil"),
        ("password", password),
        ("resource", one),
        ("resource", two),
    ];
    let granted = Tokens::of(&world.grant(SERVICENOW, &client, &form));
    let refresh = |resource: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &granted.refresh),
            ("resource", resource),
        ];
        world.grant(SERVICENOW, &client, &form)
    };
    let narrowed = refresh(two).text("access_token");
    assert_eq!(told(world, &server, &narrowed)["aud"], json!(two));
    let whole = refresh("").text("access_token");
    assert_eq!(told(world, &server, &whole)["aud"], json!([one, two]));
    assert_eq!(refresh(&world.url).status, 401);
    // The row tells as well.
    let query =
        "sysparm_query=nameSTARTSWITHintrospect.narrow^type=access_token&sysparm_fields=resource";
    let mut resources: Vec<_> = world
        .admin()
        .list("oauth_credential", query)
        .iter()
        .map(|row| row["resource"].as_str().unwrap().to_owned())
        .collect();
    resources.sort();
    let all = format!("{one} {two}");
    assert_eq!(resources, [all.clone(), all, two.to_owned()]);
}
