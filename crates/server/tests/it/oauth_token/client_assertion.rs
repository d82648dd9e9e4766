//! `private_key_jwt` and `client_secret_jwt` over HTTP, at every strict endpoint that authenticates clients
//! (RFC 7523 §2.2, OpenID Connect Core §9).

use serde_json::{Value, json};
use snowglobe_oauth::jose::{Algorithm, SigningKey};
use snowglobe_testkit::{Answer, IdentityProvider, identity_provider::signed};

use super::refused_strictly;
use crate::world::{NOW, STRICT, World, text};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// A client without a secret that proves itself with the provider's keys; returns the key of its record.
fn register(world: &World, idp: &IdentityProvider, name: &str) -> String {
    let user = world.admin().sys_id("sys_user", "user_name=itil");
    let fields = json!({"name": name, "client_id": name, "user": user, "jwks_url": idp.jwks_url()});
    text(&world.admin().create("oauth_jwt", &fields), "sys_id")
}

fn claims(world: &World, name: &str, changes: &Value) -> Value {
    let mut claims =
        json!({"iss": name, "sub": name, "aud": world.url, "exp": NOW + 60, "jti": "1"});
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn send(world: &World, path: &str, assertion: &str, more: &[(&str, &str)]) -> Answer {
    let assertion = [
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    world.http.form(path, &[&assertion, more].concat())
}

const ASK: &[(&str, &str)] = &[("grant_type", "client_credentials")];

#[test]
fn security_41_a_private_key_proves_a_client_at_every_strict_endpoint() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    register(world, &idp, "pkj");
    let proof = |jti: &str| idp.sign_es256(&claims(world, "pkj", &json!({"jti": jti})));
    let answer = send(world, STRICT, &proof("1"), ASK);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = answer.text("access_token");
    let told = send(
        world,
        "/oauth2/introspect",
        &proof("2"),
        &[("token", &token)],
    );
    assert_eq!(told.json()["active"], true, "{}", told.body);
    let ended = send(world, "/oauth2/revoke", &proof("3"), &[("token", &token)]);
    assert_eq!(ended.status, 200);
    let told = send(
        world,
        "/oauth2/introspect",
        &proof("4"),
        &[("token", &token)],
    );
    assert_eq!(told.json()["active"], false);
    for path in [STRICT, "/oauth2/introspect", "/oauth2/revoke"] {
        let again = send(
            world,
            path,
            &proof("1"),
            &[ASK, &[("token", &token)]].concat(),
        );
        refused_strictly(&again, "invalid_client", path);
        assert_eq!(again.header("x-snowglobe-reason"), "assertion_replayed");
    }
}

#[test]
fn a_shared_key_proves_a_client_and_a_client_secret_does_not() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let sys_id = register(world, &idp, "csj");
    let secret = "a client secret of more than 32 bytes";
    let change = json!({"client_secret": secret});
    world.admin().change("oauth_jwt", &sys_id, &change);
    let shared = "a shared key of more than 32 bytes";
    let map = json!({"name": "k", "oauth_jwt": sys_id, "kid": "k", "shared_key": shared});
    world.admin().create("jwt_verifier_map", &map);
    let with = |text: &str, jti: &str| {
        let key = SigningKey::shared(Algorithm::Hs256, "k", text.as_bytes()).unwrap();
        let assertion = signed(&key, &claims(world, "csj", &json!({"jti": jti})));
        send(world, STRICT, &assertion, ASK)
    };
    assert_eq!(with(shared, "1").status, 200);
    refused_strictly(
        &with(secret, "2"),
        "invalid_client",
        "the secret is only a hash here",
    );
}

/// As a person registers it: the instance makes the secret, and the client signs with it.
#[test]
fn a_generated_secret_is_the_key_of_client_secret_jwt_where_the_record_asks_for_it() {
    let world = World::frozen();
    let user = world.admin().sys_id("sys_user", "user_name=itil");
    let fields = json!({
        "name": "signer", "client_id": "signer", "user": user,
        "token_endpoint_auth_method": "client_secret_jwt",
    });
    let made = world.admin().create("oauth_entity", &fields);
    let (sys_id, secret) = (text(&made, "sys_id"), text(&made, "client_secret"));
    assert_eq!(secret.len(), 86, "long enough for HS512");
    let sign = |secret: &str, algorithm: Algorithm, jti: &str| {
        let key = SigningKey::shared(algorithm, "", secret.as_bytes()).unwrap();
        signed(&key, &claims(world, "signer", &json!({"jti": jti})))
    };
    for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
        let proof = sign(&secret, algorithm, algorithm.as_str());
        let answer = send(world, STRICT, &proof, ASK);
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let wrong = sign(
        &secret.replace(&secret[..1], "_"),
        Algorithm::Hs256,
        "wrong",
    );
    refused_strictly(&send(world, STRICT, &wrong, ASK), "invalid_client", "");
    // Nobody reads it again, and whoever has it may still send it.
    let kept = world
        .admin()
        .get(&format!("/api/now/table/oauth_entity/{sys_id}"));
    assert!(!kept.body.contains(&secret), "{}", kept.body);
    let sent = [ASK, &[("client_id", "signer"), ("client_secret", &*secret)]].concat();
    assert_eq!(world.http.form(STRICT, &sent).status, 200);
    // A chosen one is a key as well.
    let chosen = "a secret that somebody chose, of more than 32 bytes";
    let change = json!({"client_secret": chosen});
    world.admin().change("oauth_entity", &sys_id, &change);
    let proof = sign(chosen, Algorithm::Hs256, "chosen");
    assert_eq!(send(world, STRICT, &proof, ASK).status, 200);
    // Without the field it is a secret like others.
    let change = json!({"token_endpoint_auth_method": ""});
    world.admin().change("oauth_entity", &sys_id, &change);
    let proof = sign(chosen, Algorithm::Hs256, "not any more");
    let refused = send(world, STRICT, &proof, ASK);
    refused_strictly(&refused, "invalid_client", "no key");
    assert_eq!(refused.header("x-snowglobe-reason"), "jwt_key_unknown");
    let sent = [ASK, &[("client_id", "signer"), ("client_secret", chosen)]].concat();
    assert_eq!(world.http.form(STRICT, &sent).status, 200);
}

#[test]
fn a_public_client_that_proves_itself_may_introspect() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let fields = json!({
        "name": "public.introspects", "client_id": "public.introspects", "public_client": "true",
        "jwks_url": idp.jwks_url(),
    });
    world.admin().create("oauth_jwt", &fields);
    let proof = idp.sign_es256(&claims(world, "public.introspects", &json!({})));
    let told = send(world, "/oauth2/introspect", &proof, &[("token", "x")]);
    assert_eq!((told.status, &*told.body), (200, r#"{"active":false}"#));
    let named = [("client_id", "public.introspects"), ("token", "x")];
    let refused = world.http.form("/oauth2/introspect", &named);
    refused_strictly(&refused, "invalid_client", "it only names itself");
}

#[test]
fn security_42_43_what_proves_nothing_is_refused_by_name() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    register(world, &idp, "refused.pkj");
    for (changes, reason) in [
        (
            json!({"aud": "https://evil.example"}),
            "assertion_audience_mismatch",
        ),
        (
            json!({"aud": [world.url, "https://evil.example"]}),
            "assertion_audience_mismatch",
        ),
        (json!({"exp": NOW + 3600}), "assertion_lives_too_long"),
        (json!({"exp": NOW - 60}), "jwt_expired"),
        (json!({"jti": null}), "jwt_claim_missing"),
        (json!({"iss": "other"}), "assertion_issuer_mismatch"),
    ] {
        let answer = send(
            world,
            STRICT,
            &idp.sign(&claims(world, "refused.pkj", &changes)),
            ASK,
        );
        refused_strictly(&answer, "invalid_client", reason);
        assert_eq!(answer.header("x-snowglobe-reason"), reason);
    }
    let two = [ASK, &[("client_id", "refused.pkj"), ("client_secret", "s")]].concat();
    let answer = send(
        world,
        STRICT,
        &idp.sign(&claims(world, "refused.pkj", &json!({}))),
        &two,
    );
    refused_strictly(&answer, "invalid_request", "two methods");
}

/// What the metadata says of the JWTs that clients prove themselves with, endpoint by endpoint.
#[test]
fn security_46_every_advertised_algorithm_proves_a_client_at_every_endpoint() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let document = world.http.get("/.well-known/openid-configuration").json();
    let shared = "a shared key of at least 64 bytes, which is what HS512 asks of those who use it";
    let key = |algorithm: Algorithm| {
        let shared = SigningKey::shared(algorithm, algorithm.as_str(), shared.as_bytes());
        shared.unwrap_or_else(|_| {
            let generated = SigningKey::generate(algorithm).unwrap();
            generated.named(algorithm.as_str())
        })
    };
    let keys: Vec<SigningKey> = Algorithm::all().map(key).collect();
    let public: Vec<_> = keys.iter().filter_map(SigningKey::jwk).collect();
    idp.serve("/every.algorithm", &json!({"keys": public}).to_string());
    let user = world.admin().sys_id("sys_user", "user_name=itil");
    let url = format!("{}/every.algorithm", idp.issuer());
    let fields =
        json!({"name": "algorithms", "client_id": "algorithms", "user": user, "jwks_url": url});
    let client = world.admin().create("oauth_jwt", &fields);
    for kid in ["HS256", "HS384", "HS512"] {
        let map =
            json!({"name": kid, "oauth_jwt": client["sys_id"], "kid": kid, "shared_key": shared});
        world.admin().create("jwt_verifier_map", &map);
    }
    for (endpoint, path) in [
        ("token", STRICT),
        ("introspection", "/oauth2/introspect"),
        ("revocation", "/oauth2/revoke"),
    ] {
        let advertised =
            &document[format!("{endpoint}_endpoint_auth_signing_alg_values_supported")];
        let advertised = advertised.as_array().unwrap();
        assert_eq!(advertised.len(), keys.len(), "{endpoint}");
        for alg in advertised {
            let key = keys.iter().find(|key| key.algorithm().as_str() == alg);
            let jti = format!("{endpoint} {alg}");
            let proof = signed(
                key.unwrap(),
                &claims(world, "algorithms", &json!({"jti": jti})),
            );
            let answer = send(world, path, &proof, &[ASK, &[("token", "x")]].concat());
            assert_eq!(answer.status, 200, "{jti}: {}", answer.body);
        }
    }
}
