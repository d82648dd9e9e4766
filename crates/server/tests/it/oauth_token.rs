//! The token endpoints, in both dialects (`inbound-oauth.md` §2, §9.1; RFC 6749).

use std::sync::Barrier;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use snowglobe_testkit::Answer;

use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, STRICT, Tokens, World};

const CATCH_ALL: &str = r#"{"error_description":"access_denied","error":"server_error"}"#;

fn refused_by_servicenow(answer: &Answer, case: &str) {
    assert_eq!((answer.status, &*answer.body), (401, CATCH_ALL), "{case}");
}

fn refused_strictly(answer: &Answer, error: &str, case: &str) {
    let status = if error == "invalid_client" { 401 } else { 400 };
    assert_eq!(
        (answer.status, &*answer.text("error")),
        (status, error),
        "{case}: {}",
        answer.body
    );
}

/// The headers of RFC 6749 §5.1, on success and refusal alike.
fn is_not_kept(answer: &Answer) {
    assert_eq!(
        answer.header("content-type"),
        "application/json;charset=UTF-8"
    );
    assert_eq!(
        (answer.header("cache-control"), answer.header("pragma")),
        ("no-store", "no-cache")
    );
    assert_eq!(answer.header("x-transaction-id").len(), 12);
}

fn is_a_token(text: &str) {
    let letters = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    assert!(text.len() == 86 && text.bytes().all(letters), "{text}");
}

fn password_form(world: &World) -> [(&'static str, String); 3] {
    [
        ("grant_type", "password".to_owned()),
        ("username", "itil".to_owned()),
        ("password", world.password("itil").to_owned()),
    ]
}

fn password_grant(world: &World, path: &str, client: &Client) -> Answer {
    let form = password_form(world);
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, &**value)).collect();
    world.grant(path, client, &form)
}

fn refresh(world: &World, path: &str, client: &Client, token: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    world.grant(path, client, &form)
}

fn calls(world: &World, token: &str) -> u16 {
    world
        .as_bearer(token)
        .get("/api/now/table/incident?sysparm_limit=1")
        .status
}

/// Client credentials in the header.
fn basic(world: &World, path: &str, (id, secret): (&str, &str), form: &[(&str, &str)]) -> Answer {
    let header = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let request = world
        .http
        .request("POST", path)
        .header("Authorization", header);
    Answer::of(request.form(form))
}

fn form_encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[test]
fn what_each_grant_answers() {
    let world = World::shared();
    let client = world.register("token.shapes", "s", json!({}));
    for (path, seconds) in [(SERVICENOW, 1799), (STRICT, 1800)] {
        let answer = world.grant(path, &client, &[CLIENT_CREDENTIALS]);
        is_not_kept(&answer);
        let access = answer.text("access_token");
        is_a_token(&access);
        let left = answer.json()["expires_in"].as_u64().unwrap();
        assert!((seconds - 5..=seconds).contains(&left), "{left}");
        let expected = format!(
            r#"{{"access_token":"{access}","scope":"useraccount","token_type":"Bearer","expires_in":{left}}}"#
        );
        assert_eq!((answer.status, &answer.body), (200, &expected), "{path}");
        assert_eq!(calls(world, &access), 200);
    }
    let answer = password_grant(world, SERVICENOW, &client);
    is_not_kept(&answer);
    let Tokens { access, refresh } = Tokens::of(&answer);
    is_a_token(&refresh);
    let left = answer.json()["expires_in"].as_u64().unwrap();
    let expected = format!(
        r#"{{"access_token":"{access}","refresh_token":"{refresh}","scope":"useraccount","token_type":"Bearer","expires_in":{left}}}"#
    );
    assert_eq!(answer.body, expected);
}

#[test]
fn rfc9700_2_4_the_strict_dialect_has_no_password_grant() {
    let world = World::shared();
    let answer = password_grant(world, STRICT, &world.demo_client());
    is_not_kept(&answer);
    refused_strictly(&answer, "unsupported_grant_type", "password");
}

#[test]
fn rfc6749_3_2_only_post_gets_a_token() {
    let world = World::shared();
    let Client { id, secret, .. } = world.demo_client();
    let query = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"] {
        for path in [SERVICENOW, STRICT] {
            let request = world.http.request(method, &format!("{path}?{query}"));
            let answer =
                Answer::of(request.header("Content-Type", "application/x-www-form-urlencoded"));
            assert!(
                matches!(answer.status, 400 | 401 | 405),
                "{method} {path}: {}",
                answer.status
            );
            assert!(!answer.body.contains("access_token"), "{method} {path}");
            is_not_kept(&answer);
        }
    }
}

#[test]
fn only_a_form_is_read() {
    let world = World::shared();
    let Client { id, secret, .. } = world.demo_client();
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let post = |path: &str, content_type: &str| {
        let request = world.http.request("POST", path).body(form.clone());
        Answer::of(request.header("Content-Type", content_type))
    };
    for content_type in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencodedx",
        "",
    ] {
        refused_by_servicenow(&post(SERVICENOW, content_type), content_type);
        refused_strictly(&post(STRICT, content_type), "invalid_request", content_type);
    }
    for content_type in [
        "application/x-www-form-urlencoded;charset=UTF-8",
        "Application/X-WWW-Form-Urlencoded",
    ] {
        assert_eq!(post(SERVICENOW, content_type).status, 200, "{content_type}");
        assert_eq!(post(STRICT, content_type).status, 200, "{content_type}");
    }
}

#[test]
fn a_form_has_a_size_and_its_bytes_mean_something() {
    let world = World::shared();
    let post = |path: &str, body: Vec<u8>| {
        let request = world.http.request("POST", path).body(body);
        Answer::of(request.header("Content-Type", "application/x-www-form-urlencoded"))
    };
    let large = [b"grant_type=".to_vec(), vec![b'x'; 70_000]].concat();
    for body in [
        large,
        b"grant_type=%ff".to_vec(),
        b"\xff=\xfe".to_vec(),
        b"grant_type=".to_vec(),
        b"&&=&".to_vec(),
        Vec::new(),
    ] {
        let start = String::from_utf8_lossy(&body[..body.len().min(20)]).into_owned();
        refused_by_servicenow(&post(SERVICENOW, body.clone()), &start);
        refused_strictly(&post(STRICT, body), "invalid_request", &start);
    }
}

#[test]
fn what_no_database_stores_is_refused_like_anything_unknown() {
    let world = World::shared();
    let client = world.demo_client();
    for nul in ["\0", "admin\0", "\u{fffd}", "ü".repeat(5000).as_str()] {
        let form = [
            ("grant_type", "password"),
            ("username", nul),
            ("password", nul),
        ];
        refused_by_servicenow(&world.grant(SERVICENOW, &client, &form), nul);
        let form = [CLIENT_CREDENTIALS, ("scope", nul)];
        refused_by_servicenow(&world.grant(SERVICENOW, &client, &form), nul);
        refused_strictly(&world.grant(STRICT, &client, &form), "invalid_scope", nul);
        let nobody = Client {
            id: nul.to_owned(),
            ..client.clone()
        };
        refused_by_servicenow(
            &world.grant(SERVICENOW, &nobody, &[CLIENT_CREDENTIALS]),
            nul,
        );
        refused_by_servicenow(&refresh(world, SERVICENOW, &client, nul), nul);
        assert_eq!(
            world
                .as_basic(nul, nul)
                .get("/api/now/table/incident")
                .status,
            401
        );
    }
}

#[test]
fn parameters_in_the_url_count_where_the_property_says_so() {
    let world = World::own();
    let Client { id, secret, .. } = world.demo_client();
    let query = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let post = |path: &str| world.http.form(&format!("{path}?{query}"), &[]);
    refused_by_servicenow(&post(SERVICENOW), "closed");
    world.set_property("glide.oauth.allow.parameters.in.post.body.only", "false");
    assert_eq!(post(SERVICENOW).status, 200);
    let half = world.http.form(
        &format!("{SERVICENOW}?grant_type=client_credentials"),
        &[("client_id", &id), ("client_secret", &secret)],
    );
    assert_eq!(half.status, 200, "{}", half.body);
    // RFC 6749 §2.3.1: "The parameters can only be transmitted in the request-body and MUST NOT be included in
    // the request URI."
    refused_strictly(&post(STRICT), "invalid_request", "never");
    // A parameter twice is one too many, wherever they are.
    let twice = world
        .http
        .form(&format!("{SERVICENOW}?{query}"), &[CLIENT_CREDENTIALS]);
    refused_by_servicenow(&twice, "twice");
    world.set_property("glide.oauth.allow.parameters.in.post.body.only", "true");
    refused_by_servicenow(&post(SERVICENOW), "closed again");
}

#[test]
fn special_characters_in_a_secret_survive_every_way_of_sending_it() {
    let world = World::shared();
    for (n, secret) in [
        "100%",
        "%41",
        "a+b",
        "a b",
        "x:y:z",
        "ä€😀",
        "&=?#",
        "\"'\\",
        "+%2B:ä%",
    ]
    .into_iter()
    .enumerate()
    {
        let client = world.register(&format!("token.special.{n}"), secret, json!({}));
        for path in [SERVICENOW, STRICT] {
            let in_body = world.grant(path, &client, &[CLIENT_CREDENTIALS]);
            assert_eq!(in_body.status, 200, "body {secret}: {}", in_body.body);
            let raw = basic(world, path, (&client.id, secret), &[CLIENT_CREDENTIALS]);
            assert_eq!(raw.status, 200, "raw {secret}: {}", raw.body);
            // RFC 6749 §2.3.1 asks for this form.
            let encoded = (&*form_encoded(&client.id), &*form_encoded(secret));
            let encoded = basic(world, path, encoded, &[CLIENT_CREDENTIALS]);
            assert_eq!(encoded.status, 200, "encoded {secret}: {}", encoded.body);
            let wrong = basic(
                world,
                path,
                (&client.id, &format!("{secret}x")),
                &[CLIENT_CREDENTIALS],
            );
            assert_eq!(wrong.status, 401, "{secret}");
        }
    }
}

#[test]
fn a_client_that_tries_basic_and_then_the_body_is_not_locked_out() {
    let world = World::shared();
    let client = world.register("token.tries", "right", json!({}));
    for _ in 0..12 {
        for path in [SERVICENOW, STRICT] {
            assert_eq!(
                basic(world, path, (&client.id, "wrong"), &[CLIENT_CREDENTIALS]).status,
                401
            );
            assert_eq!(
                world.grant(path, &client, &[CLIENT_CREDENTIALS]).status,
                200
            );
        }
    }
}

#[test]
fn header_and_body_at_once() {
    let world = World::shared();
    let client = world.register("token.both", "right", json!({}));
    let pair = (&*client.id, "right");
    let both = [
        CLIENT_CREDENTIALS,
        ("client_id", &client.id),
        ("client_secret", "right"),
    ];
    let named = [CLIENT_CREDENTIALS, ("client_id", &client.id)];
    let other = [CLIENT_CREDENTIALS, ("client_id", "another")];
    assert_eq!(basic(world, SERVICENOW, pair, &both).status, 200);
    // RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request."
    refused_strictly(
        &basic(world, STRICT, pair, &both),
        "invalid_request",
        "both",
    );
    for path in [SERVICENOW, STRICT] {
        assert_eq!(basic(world, path, pair, &named).status, 200, "{path}");
        assert_eq!(basic(world, path, pair, &other).status, 401, "{path}");
    }
}

#[test]
fn a_record_may_pin_its_client_to_a_dialect() {
    let world = World::shared();
    let strict = world.register("token.strict", "s", json!({"dialect": "strict"}));
    refused_strictly(
        &password_grant(world, SERVICENOW, &strict),
        "unsupported_grant_type",
        "strict at ServiceNow's",
    );
    assert_eq!(
        world
            .grant(SERVICENOW, &strict, &[CLIENT_CREDENTIALS])
            .json()["expires_in"],
        1800
    );
    let lax = world.register("token.lax", "s", json!({"dialect": "servicenow"}));
    assert_eq!(password_grant(world, STRICT, &lax).status, 200);
    let wrong = Client {
        secret: "wrong".to_owned(),
        ..lax.clone()
    };
    refused_by_servicenow(
        &world.grant(STRICT, &wrong, &[CLIENT_CREDENTIALS]),
        "ServiceNow's at the strict one",
    );
    // Taken back, it counts for the next request.
    world
        .admin()
        .change("oauth_entity", &lax.sys_id, &json!({"dialect": ""}));
    refused_strictly(
        &password_grant(world, STRICT, &lax),
        "unsupported_grant_type",
        "no longer pinned",
    );
}

#[test]
fn scopes_are_those_registered() {
    let world = World::shared();
    let client = world.register("token.scopes", "s", json!({}));
    for scope in ["incident_read", "incident_write"] {
        world.admin().create(
            "oauth_entity_scope",
            &json!({"name": scope, "oauth_entity_scope": scope, "oauth_entity": client.sys_id}),
        );
    }
    let ask = |path: &str, scope: &str| {
        world.grant(path, &client, &[CLIENT_CREDENTIALS, ("scope", scope)])
    };
    assert_eq!(ask(STRICT, "incident_read").text("scope"), "incident_read");
    assert_eq!(
        ask(SERVICENOW, "incident_read").text("scope"),
        "incident_read"
    );
    let both = ask(STRICT, "incident_write incident_read").text("scope");
    let mut both: Vec<_> = both.split(' ').collect();
    both.sort_unstable();
    assert_eq!(both, ["incident_read", "incident_write"]);
    refused_strictly(
        &ask(STRICT, "incident_read admin"),
        "invalid_scope",
        "more than registered",
    );
    refused_by_servicenow(
        &ask(SERVICENOW, "incident_read admin"),
        "more than registered",
    );
    // RFC 6749 §3.3: the default is documented; here, all that is registered, or what ServiceNow always says.
    assert_eq!(
        world
            .grant(STRICT, &client, &[CLIENT_CREDENTIALS])
            .text("scope")
            .split(' ')
            .count(),
        2
    );
    assert_eq!(
        world
            .grant(SERVICENOW, &client, &[CLIENT_CREDENTIALS])
            .text("scope"),
        "useraccount"
    );
}

#[test]
fn a_scope_taken_from_a_client_is_refused_from_then_on() {
    let world = World::shared();
    let client = world.register("token.scope.gone", "s", json!({}));
    let scope = json!({"name": "r", "oauth_entity_scope": "r", "oauth_entity": client.sys_id});
    let scope = world.admin().create("oauth_entity_scope", &scope);
    let ask = || world.grant(STRICT, &client, &[CLIENT_CREDENTIALS, ("scope", "r")]);
    assert_eq!(ask().status, 200);
    let path = format!(
        "/api/now/table/oauth_entity_scope/{}",
        scope["sys_id"].as_str().unwrap()
    );
    assert_eq!(world.admin().send("DELETE", &path).status, 204);
    refused_strictly(&ask(), "invalid_scope", "taken away");
}

/// A property, the value that switches off, the strict dialect's error, and a request that needs it.
type Switch<'a> = (&'a str, &'a str, &'a str, &'a dyn Fn(&str) -> Answer);

#[test]
fn properties_switch_for_the_next_request() {
    let world = World::own();
    let client = world.demo_client();
    let cases: [Switch<'_>; 3] = [
        (
            "com.snc.platform.security.oauth.is.active",
            "false",
            "unauthorized_client",
            &|path| world.grant(path, &client, &[CLIENT_CREDENTIALS]),
        ),
        (
            "glide.oauth.inbound.client.credential.grant_type.enabled",
            "false",
            "unsupported_grant_type",
            &|path| world.grant(path, &client, &[CLIENT_CREDENTIALS]),
        ),
        (
            "glide.oauth.inbound.ropc.grant_type.disabled",
            "true",
            "",
            &|path| password_grant(&world, path, &client),
        ),
    ];
    for (property, off, error, request) in cases {
        assert_eq!(request(SERVICENOW).status, 200, "{property}: before");
        world.set_property(property, off);
        refused_by_servicenow(&request(SERVICENOW), property);
        if !error.is_empty() {
            refused_strictly(&request(STRICT), error, property);
        }
        world.set_property(property, if off == "true" { "false" } else { "true" });
        assert_eq!(request(SERVICENOW).status, 200, "{property}: after");
    }
}

#[test]
fn a_client_without_a_user_or_for_other_grants_gets_no_client_credentials() {
    let world = World::shared();
    let nobody = world.register("token.nobody", "s", json!({"user": ""}));
    refused_strictly(
        &world.grant(STRICT, &nobody, &[CLIENT_CREDENTIALS]),
        "unauthorized_client",
        "no user",
    );
    refused_by_servicenow(
        &world.grant(SERVICENOW, &nobody, &[CLIENT_CREDENTIALS]),
        "no user",
    );
    let code = world.register(
        "token.code",
        "s",
        json!({"inbound_grant_type": "authz_code"}),
    );
    refused_strictly(
        &world.grant(STRICT, &code, &[CLIENT_CREDENTIALS]),
        "unauthorized_client",
        "for codes",
    );
    let public = Client {
        secret: String::new(),
        ..world.register("token.public", "s", json!({"public_client": "true"}))
    };
    let answer = world
        .http
        .form(STRICT, &[CLIENT_CREDENTIALS, ("client_id", &public.id)]);
    // RFC 6749 §4.4: "MUST only be used by confidential clients".
    refused_strictly(&answer, "unauthorized_client", "public");
}

#[test]
fn two_secrets_count_while_one_replaces_the_other() {
    let world = World::shared();
    let client = world.register("token.two", "new", json!({"client_secret_previous": "old"}));
    let with = |secret: &str| {
        let client = Client {
            secret: secret.to_owned(),
            ..client.clone()
        };
        world.grant(STRICT, &client, &[CLIENT_CREDENTIALS]).status
    };
    assert_eq!((with("new"), with("old"), with("other")), (200, 200, 401));
    world.admin().change(
        "oauth_entity",
        &client.sys_id,
        &json!({"client_secret_previous": Value::Null}),
    );
    assert_eq!((with("new"), with("old")), (200, 401));
    world.admin().change(
        "oauth_entity",
        &client.sys_id,
        &json!({"client_secret": "newer"}),
    );
    assert_eq!((with("newer"), with("new")), (200, 401));
}

#[test]
fn a_further_grant_returns_the_same_tokens_only_in_servicenow_s_dialect() {
    let world = World::shared();
    let client = world.register("token.same", "s", json!({}));
    let tokens = |path: &str| {
        world
            .grant(path, &client, &[CLIENT_CREDENTIALS])
            .text("access_token")
    };
    assert_eq!(tokens(SERVICENOW), tokens(SERVICENOW));
    assert_ne!(tokens(STRICT), tokens(STRICT));
    let first = Tokens::of(&password_grant(world, SERVICENOW, &client));
    assert_eq!(
        Tokens::of(&password_grant(world, SERVICENOW, &client)),
        first
    );
}

#[test]
fn servicenow_refreshes_without_rotation() {
    let world = World::shared();
    let client = world.register("token.refresh", "s", json!({}));
    let first = Tokens::of(&password_grant(world, SERVICENOW, &client));
    let mut seen = vec![first.access.clone()];
    for _ in 0..3 {
        let answer = refresh(world, SERVICENOW, &client, &first.refresh);
        is_not_kept(&answer);
        let next = Tokens::of(&answer);
        assert_eq!(next.refresh, first.refresh);
        assert!(!seen.contains(&next.access));
        assert_eq!(calls(world, &next.access), 200);
        seen.push(next.access);
    }
}

#[test]
fn rfc9700_4_14_the_strict_dialect_rotates_and_a_reuse_ends_the_family() {
    let world = World::shared();
    let client = world.register("token.rotation", "s", json!({}));
    let first = Tokens::of(&password_grant(world, SERVICENOW, &client));
    let answer = refresh(world, STRICT, &client, &first.refresh);
    is_not_kept(&answer);
    let second = Tokens::of(&answer);
    assert_ne!(second.refresh, first.refresh);
    // The answer got lost: within the grace the retry gets the same successor.
    let retried = Tokens::of(&refresh(world, STRICT, &client, &first.refresh));
    assert_eq!(retried.refresh, second.refresh);
    let third = Tokens::of(&refresh(world, STRICT, &client, &second.refresh));
    // Two generations old: no retry, but somebody who took a copy.
    refused_strictly(
        &refresh(world, STRICT, &client, &first.refresh),
        "invalid_grant",
        "reused",
    );
    for (which, token) in [
        ("third", &third.refresh),
        ("second", &second.refresh),
        ("first", &first.refresh),
    ] {
        refused_strictly(
            &refresh(world, STRICT, &client, token),
            "invalid_grant",
            which,
        );
    }
    for access in [
        &first.access,
        &second.access,
        &retried.access,
        &third.access,
    ] {
        assert_eq!(calls(world, access), 401);
    }
}

#[test]
fn rfc6749_6_a_refresh_token_belongs_to_its_client_and_its_user() {
    let world = World::shared();
    let client = world.register("token.owner", "s", json!({}));
    let other = world.register("token.other", "s", json!({}));
    let person = world.person("token.owner", "Right-1!", json!({}));
    let tokens = world.tokens(&client, "token.owner", "Right-1!");
    refused_strictly(
        &refresh(world, STRICT, &other, &tokens.refresh),
        "invalid_grant",
        "another client",
    );
    refused_by_servicenow(
        &refresh(world, SERVICENOW, &other, &tokens.refresh),
        "another client",
    );
    refused_strictly(
        &refresh(world, STRICT, &client, &tokens.access),
        "invalid_grant",
        "an access token",
    );
    assert_eq!(
        refresh(world, SERVICENOW, &client, &tokens.refresh).status,
        200
    );
    world
        .admin()
        .change("sys_user", &person, &json!({"user_password": "Other-1!"}));
    refused_strictly(
        &refresh(world, STRICT, &client, &tokens.refresh),
        "invalid_grant",
        "a new password",
    );
    let again = world.tokens(&client, "token.owner", "Other-1!");
    assert_eq!(
        calls(world, &again.access),
        200,
        "what the new password gets is good at once"
    );
    world
        .admin()
        .change("sys_user", &person, &json!({"locked_out": "true"}));
    refused_by_servicenow(
        &refresh(world, SERVICENOW, &client, &again.refresh),
        "locked",
    );
}

#[test]
fn sixty_four_refreshes_at_once_make_one_successor() {
    let world = World::shared();
    let client = world.register("token.race", "s", json!({}));
    let first = Tokens::of(&password_grant(world, SERVICENOW, &client));
    let start = Barrier::new(64);
    let successors: Vec<String> = std::thread::scope(|scope| {
        let one = || {
            start.wait();
            Tokens::of(&refresh(world, STRICT, &client, &first.refresh)).refresh
        };
        let all: Vec<_> = (0..64).map(|_| scope.spawn(one)).collect();
        all.into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(successors.iter().all(|token| *token == successors[0]));
}

#[test]
fn a_flood_of_slow_secrets_is_bounded_and_keeps_nobody_else_waiting() {
    let world = World::own();
    let slow = world.register("token.flood", "chosen by a person", json!({}));
    let wrong = Client {
        secret: "wrong".to_owned(),
        ..slow.clone()
    };
    let start = Barrier::new(161);
    std::thread::scope(|scope| {
        let one = || {
            start.wait();
            world.grant(SERVICENOW, &wrong, &[CLIENT_CREDENTIALS])
        };
        let flood: Vec<_> = (0..160).map(|_| scope.spawn(one)).collect();
        start.wait();
        // A generated secret is checked at once, whoever is waiting.
        for _ in 0..20 {
            let answer = world.grant(SERVICENOW, &world.demo_client(), &[CLIENT_CREDENTIALS]);
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        let answers: Vec<_> = flood
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect();
        let refused = answers.iter().filter(|answer| answer.status == 401).count();
        let later: Vec<_> = answers
            .iter()
            .filter(|answer| answer.status == 503)
            .collect();
        assert_eq!(refused + later.len(), 160);
        assert!(
            refused > 0 && !later.is_empty(),
            "{refused} refused, {} sent away",
            later.len()
        );
        for answer in later {
            assert_eq!(answer.text("error"), "temporarily_unavailable");
            assert_eq!(answer.header("retry-after"), "1");
            is_not_kept(answer);
        }
    });
    assert_eq!(
        world.grant(SERVICENOW, &slow, &[CLIENT_CREDENTIALS]).status,
        200
    );
}
