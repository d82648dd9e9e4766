//! The JWT bearer grant over HTTP (`inbound-oauth.md` §2.6, §6.1): records, keys, and what is refused by which name.

use serde_json::{Value, json};
use snowglobe_oauth::jose::{Algorithm, SigningKey};
use snowglobe_testkit::{Answer, IdentityProvider, identity_provider::signed};

use super::{CATCH_ALL, calls, is_a_token};
use crate::world::{Client, NOW, SERVICENOW, STRICT, World, text};

const JWT_BEARER: (&str, &str) = ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
/// A JWT client, registered as an administrator would with the Table API.
fn register(world: &World, name: &str, more: &Value) -> Client {
    let mut fields = json!({"name": name, "client_id": name, "client_secret": "s"});
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    let record = world.admin().create("oauth_jwt", &fields);
    Client {
        id: name.to_owned(),
        secret: "s".to_owned(),
        sys_id: text(&record, "sys_id"),
    }
}

/// Trusts the provider's certificate under the name of its key.
fn trust_certificate(world: &World, client: &Client) {
    let certificate = json!({"name": client.id, "pem_certificate": IdentityProvider::CERTIFICATE});
    let certificate = world.admin().create("sys_certificate", &certificate);
    let map = json!({
        "name": client.id,
        "oauth_jwt": client.sys_id,
        "kid": IdentityProvider::RSA,
        "sys_certificate": certificate["sys_id"],
    });
    world.admin().create("jwt_verifier_map", &map);
}

fn claims(client: &Client, changes: &Value) -> Value {
    let mut claims = json!({
        "iss": client.id, "aud": client.id, "sub": "itil", "iat": NOW, "exp": NOW + 120, "jti": "1",
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn post(world: &World, path: &str, client: &Client, assertion: &str) -> Answer {
    world.grant(path, client, &[JWT_BEARER, ("assertion", assertion)])
}

/// The reason is for whoever runs the instance; the wire says what it always says.
fn refused(answer: &Answer, reason: &str) {
    assert_eq!((answer.status, &*answer.body), (401, CATCH_ALL), "{reason}");
    assert_eq!(answer.header("x-snowglobe-reason"), reason);
}

#[test]
fn a_certificate_in_a_verifier_map_opens_the_grant() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let client = register(world, "certificate", &json!({}));
    let assertion = idp.sign(&claims(&client, &json!({})));
    refused(
        &post(world, SERVICENOW, &client, &assertion),
        "jwt_key_unknown",
    );
    trust_certificate(world, &client);
    let answer = post(world, SERVICENOW, &client, &assertion);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = answer.text("access_token");
    is_a_token(&token);
    assert_eq!(answer.text("scope"), "useraccount");
    assert_eq!(answer.json()["expires_in"], 1799);
    assert_eq!(answer.json().get("refresh_token"), None);
    let me = "/api/now/table/sys_user?sysparm_query=sys_id=javascript:gs.getUserID()";
    let found = world
        .as_bearer(&token)
        .get(&format!("{me}&sysparm_fields=user_name"));
    assert_eq!(found.json()["result"], json!([{"user_name": "itil"}]));
    refused(
        &post(world, SERVICENOW, &client, &assertion),
        "assertion_replayed",
    );
    assert_eq!(calls(world, &token), 200, "a replay harms nobody");
}

#[test]
fn a_shared_key_is_sealed_and_verifies_hs256() {
    let world = World::frozen();
    let client = register(world, "shared", &json!({}));
    let shared = "a shared key of more than 32 bytes";
    let map =
        json!({"name": "shared", "oauth_jwt": client.sys_id, "kid": "k", "shared_key": shared});
    let map = world.admin().create("jwt_verifier_map", &map);
    assert!(!map.to_string().contains(shared), "{map}");
    let key = |text: &str| SigningKey::shared(Algorithm::Hs256, "k", text.as_bytes()).unwrap();
    let assertion = signed(&key(shared), &claims(&client, &json!({})));
    assert_eq!(post(world, SERVICENOW, &client, &assertion).status, 200);
    let other = signed(
        &key(&"x".repeat(32)),
        &claims(&client, &json!({"jti": "2"})),
    );
    refused(
        &post(world, SERVICENOW, &client, &other),
        "jwt_signature_invalid",
    );
    // A new key counts at once, and the old one no more.
    let path = text(&map, "sys_id");
    world.admin().change(
        "jwt_verifier_map",
        &path,
        &json!({"shared_key": "y".repeat(32)}),
    );
    let old = signed(&key(shared), &claims(&client, &json!({"jti": "3"})));
    refused(
        &post(world, SERVICENOW, &client, &old),
        "jwt_signature_invalid",
    );
    let new = signed(
        &key(&"y".repeat(32)),
        &claims(&client, &json!({"jti": "4"})),
    );
    assert_eq!(post(world, SERVICENOW, &client, &new).status, 200);
}

#[test]
fn security_55_a_certificates_key_is_no_shared_key() {
    let world = World::frozen();
    let client = register(world, "confusion", &json!({}));
    trust_certificate(world, &client);
    let pem = IdentityProvider::CERTIFICATE.as_bytes();
    for secret in [pem, pem.trim_ascii()] {
        let key = SigningKey::shared(Algorithm::Hs256, IdentityProvider::RSA, secret).unwrap();
        let assertion = signed(&key, &claims(&client, &json!({})));
        refused(
            &post(world, SERVICENOW, &client, &assertion),
            "jwt_key_unfit",
        );
    }
}

#[test]
fn a_jwks_url_gives_the_keys_and_is_asked_once_while_they_last() {
    let (own, idp) = (World::own_frozen(), IdentityProvider::start());
    let world = &own;
    let source = json!({"jwks_url": idp.jwks_url(), "jwks_cache_lifespan": "60"});
    let client = register(world, "jwks", &source);
    for jti in ["1", "2", "3"] {
        let assertion = idp.sign_es256(&claims(&client, &json!({"jti": jti})));
        assert_eq!(post(world, SERVICENOW, &client, &assertion).status, 200);
    }
    assert_eq!(idp.asked("/jwks"), 1);
    world.advance("61m");
    let later = json!({"jti": "4", "exp": NOW + 4000});
    let assertion = idp.sign(&claims(&client, &later));
    assert_eq!(post(world, SERVICENOW, &client, &assertion).status, 200);
    assert_eq!(idp.asked("/jwks"), 2);
}

#[test]
fn ssrf_an_unknown_kid_asks_again_but_not_each_time() {
    let (own, idp) = (World::own_frozen(), IdentityProvider::start());
    let world = &own;
    let client = register(world, "rotation", &json!({"jwks_url": idp.jwks_url()}));
    let key = SigningKey::generate(Algorithm::Es256).unwrap().named("new");
    let with = |jti: &str| signed(&key, &claims(&client, &json!({"jti": jti})));
    for jti in ["1", "2", "3", "4"] {
        refused(
            &post(world, SERVICENOW, &client, &with(jti)),
            "jwt_key_unknown",
        );
    }
    assert_eq!(
        idp.asked("/jwks"),
        1,
        "a stranger's kid is no reason to ask again at once"
    );
    idp.serve("/jwks", &snowglobe_oauth::jose::KeySet::render([&key]));
    world.advance("11s");
    assert_eq!(post(world, SERVICENOW, &client, &with("5")).status, 200);
    assert_eq!(idp.asked("/jwks"), 2);
}

#[test]
fn keys_that_cannot_be_fetched_again_count_for_another_day() {
    let (own, idp) = (World::own_frozen(), IdentityProvider::start());
    let world = &own;
    let source = json!({"jwks_url": idp.jwks_url(), "jwks_cache_lifespan": "60"});
    let client = register(world, "down", &source);
    let at = |jti: &str| idp.sign(&claims(&client, &json!({"jti": jti, "exp": NOW + 200_000})));
    assert_eq!(post(world, SERVICENOW, &client, &at("1")).status, 200);
    idp.take_down("/jwks");
    world.advance("2h");
    assert_eq!(post(world, SERVICENOW, &client, &at("2")).status, 200);
    world.advance("24h");
    refused(
        &post(world, SERVICENOW, &client, &at("3")),
        "assertion_keys_unavailable",
    );
    idp.serve("/jwks", &idp.jwks());
    world.advance("11s");
    assert_eq!(post(world, SERVICENOW, &client, &at("4")).status, 200);
}

#[test]
fn ssrf_what_is_no_key_set_gives_no_keys() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let target = idp.jwks_url();
    let large = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{{\"keys\":[{}",
        " ".repeat(2 * 1024 * 1024)
    );
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 11\r\nConnection: close\r\n\r\n{\"keys\":[]}";
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    for (path, answer) in [
        ("/large", &*large),
        ("/html", html),
        ("/redirect", &redirect),
        (
            "/missing",
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        ),
        ("/garbage", "not http at all\r\n\r\n"),
    ] {
        idp.serve_raw(path, answer);
        let client = register(
            world,
            path,
            &json!({"jwks_url": format!("{}{path}", idp.issuer())}),
        );
        let assertion = idp.sign(&claims(&client, &json!({})));
        refused(
            &post(world, SERVICENOW, &client, &assertion),
            "assertion_keys_unavailable",
        );
    }
    assert_eq!(idp.asked("/jwks"), 0, "a redirect is not followed");
    for url in [
        "http://192.168.7.7/jwks",
        "https://169.254.169.254/jwks",
        "file:///etc/passwd",
        "nonsense",
    ] {
        let client = register(world, url, &json!({"jwks_url": url}));
        let assertion = idp.sign(&claims(&client, &json!({})));
        refused(
            &post(world, SERVICENOW, &client, &assertion),
            "assertion_keys_unavailable",
        );
    }
}

#[test]
fn the_user_is_found_by_the_field_of_the_record() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let more = json!({"user_field": "email"});
    let client = register(world, "by.email", &more);
    trust_certificate(world, &client);
    let with = |sub: &str, jti: &str| {
        let assertion = idp.sign(&claims(&client, &json!({"sub": sub, "jti": jti})));
        post(world, SERVICENOW, &client, &assertion)
    };
    world.person("one", "p", json!({"email": "one@example.com"}));
    world.person(
        "gone",
        "p",
        json!({"email": "gone@example.com", "active": "false"}),
    );
    for name in ["two", "too"] {
        world.person(name, "p", json!({"email": "both@example.com"}));
    }
    world.person(
        "left",
        "p",
        json!({"email": "left@example.com", "active": "false"}),
    );
    world.person("stayed", "p", json!({"email": "left@example.com"}));
    assert_eq!(with("one@example.com", "1").status, 200);
    assert_eq!(
        with("left@example.com", "2").status,
        200,
        "one of them is active"
    );
    refused(&with("nobody@example.com", "3"), "assertion_user_unknown");
    refused(&with("gone@example.com", "4"), "user_inactive");
    refused(&with("both@example.com", "5"), "assertion_user_ambiguous");
    for field in ["user_password", "active", "no_such_field"] {
        let change = json!({"user_field": field});
        world.admin().change("oauth_jwt", &client.sys_id, &change);
        refused(&with("one@example.com", field), "assertion_user_field");
    }
}

#[test]
fn administrators_are_refused_unless_the_property_is_made() {
    let (own, idp) = (World::own_frozen(), IdentityProvider::start());
    let world = &own;
    let client = register(world, "admins", &json!({}));
    trust_certificate(world, &client);
    let admin = idp.sign(&claims(&client, &json!({"sub": "admin"})));
    refused(
        &post(world, SERVICENOW, &client, &admin),
        "assertion_for_administrator",
    );
    let strictly = idp.sign(&claims(&client, &json!({"sub": "admin", "aud": world.url})));
    let answer = post(world, STRICT, &client, &strictly);
    assert_eq!(
        (answer.status, &*answer.text("error")),
        (400, "invalid_grant")
    );
    let property = json!({"name": "snowglobe.oauth.jwt_bearer.administrators", "value": "true"});
    world.admin().create("sys_properties", &property);
    assert_eq!(post(world, SERVICENOW, &client, &admin).status, 200);
}

#[test]
fn claim_validations_are_records() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let client = register(world, "validated", &json!({}));
    trust_certificate(world, &client);
    for (name, value, value_type) in [("iss", idp.issuer(), "string"), ("level", "2", "number")] {
        let row = json!({"oauth_jwt": client.sys_id, "claim_name": name, "claim_value": value, "claim_value_type": value_type});
        world.admin().create("oauth_jwt_claim_validation", &row);
    }
    let with = |changes: &Value| {
        let assertion = idp.sign(&claims(&client, changes));
        post(world, SERVICENOW, &client, &assertion)
    };
    refused(&with(&json!({"level": 2})), "assertion_issuer_mismatch");
    refused(
        &with(&json!({"iss": idp.issuer(), "level": 3})),
        "assertion_claim_mismatch",
    );
    assert_eq!(with(&json!({"iss": idp.issuer(), "level": 2})).status, 200);
}

#[test]
fn a_public_client_may_be_named_by_its_assertion_alone() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let public = register(world, "public.jwt", &json!({"public_client": "true"}));
    let private = register(world, "private.jwt", &json!({}));
    for client in [&public, &private] {
        trust_certificate(world, client);
    }
    let alone = |assertion: &str| {
        let form = [JWT_BEARER, ("assertion", assertion)];
        world.http.form(SERVICENOW, &form)
    };
    assert_eq!(alone(&idp.sign(&claims(&public, &json!({})))).status, 200);
    refused(
        &alone(&idp.sign(&claims(&private, &json!({})))),
        "client_secret_missing",
    );
    let nobody = json!({"iss": "nobody", "aud": "nobody"});
    refused(
        &alone(&idp.sign(&claims(&public, &nobody))),
        "client_missing",
    );
}

#[test]
fn an_assertion_may_come_as_pysnc_sends_it() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let client = register(world, "pysnc", &json!({}));
    trust_certificate(world, &client);
    let assertion = idp.sign(&claims(&client, &json!({})));
    let form = [
        JWT_BEARER,
        ("client_id", &*client.id),
        ("client_secret", &*client.secret),
    ];
    let request = world.http.request("POST", SERVICENOW);
    let request = request.header("Authentication", format!("Bearer {assertion}"));
    assert_eq!(Answer::of(request.form(&form)).status, 200);
}

#[test]
fn an_expired_certificate_signs_nothing() {
    let (own, idp) = (World::own_frozen(), IdentityProvider::start());
    let world = &own;
    let client = register(world, "too.early", &json!({}));
    trust_certificate(world, &client);
    let body = json!({"set": "2026-11-01 08:00:00"});
    assert_eq!(
        world.admin().send_json("POST", "/_sg/clock", &body).status,
        200
    );
    let then = 1_793_520_000;
    let changes = json!({"iat": then, "exp": then + 120});
    let answer = post(
        world,
        SERVICENOW,
        &client,
        &idp.sign(&claims(&client, &changes)),
    );
    refused(&answer, "certificate_not_valid_now");
}

/// The assertion of one client at every other: who it is by and for is in it.
#[test]
fn an_assertion_is_worth_nothing_to_another_client() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let owner = register(world, "jwt.owner", &json!({}));
    let other = register(world, "jwt.other", &json!({}));
    trust_certificate(world, &owner);
    trust_certificate(world, &other);
    let assertion = |jti: &str| idp.sign(&claims(&owner, &json!({"jti": jti})));
    for (endpoint, reason) in [
        (SERVICENOW, "assertion_audience_mismatch"),
        (STRICT, "assertion_audience_mismatch"),
    ] {
        let answer = post(world, endpoint, &other, &assertion("theirs"));
        assert!(!answer.body.contains("access_token"), "{}", answer.body);
        assert_eq!(answer.header("x-snowglobe-reason"), reason, "{endpoint}");
    }
    // What one client used up is another's own to use.
    assert_eq!(
        post(world, SERVICENOW, &owner, &assertion("same")).status,
        200
    );
    let own = idp.sign(&claims(&other, &json!({"jti": "same"})));
    assert_eq!(post(world, SERVICENOW, &other, &own).status, 200);
}

fn race(world: &World) {
    let idp = IdentityProvider::start();
    // Without a secret: slow hashes would keep them apart.
    let client = register(world, "race", &json!({"public_client": "true"}));
    trust_certificate(world, &client);
    let assertion = idp.sign(&claims(&client, &json!({})));
    let form = [
        JWT_BEARER,
        ("assertion", &*assertion),
        ("client_id", &*client.id),
    ];
    let send = || world.http.form(SERVICENOW, &form);
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..64).map(|_| scope.spawn(send)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let granted = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(granted, 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        refused(answer, "assertion_replayed");
    }
}

#[test]
fn security_43_an_assertion_counts_once_when_sixty_four_send_it() {
    race(World::frozen());
}

#[test]
fn security_43_an_assertion_counts_once_when_sixty_four_send_it_on_postgres() {
    race(&World::on_postgres().freeze());
}
