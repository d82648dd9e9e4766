//! Tokens of a third party's straight at the API (`inbound-oauth.md` §2.7, §6.2).

use serde_json::{Value, json};
use snowglobe_oauth::jose::{Algorithm, SigningKey};
use snowglobe_testkit::{Answer, IdentityProvider, identity_provider::signed};

use crate::world::{NOW, World, text};

/// Trusts a provider, as an administrator would; returns the keys of the configuration and of the entity.
fn trust(world: &World, idp: &IdentityProvider, name: &str) -> (String, String) {
    let configuration = json!({"oidc_provider": name, "oidc_url": idp.metadata_url(), "user_claim": "email", "user_field": "email"});
    let configuration = world
        .admin()
        .create("oidc_provider_configuration", &configuration);
    let configuration = text(&configuration, "sys_id");
    let entity =
        json!({"name": name, "client_id": name, "oidc_provider_configuration": configuration});
    let entity = world.admin().create("oauth_oidc_entity", &entity);
    world.person(name, "p", json!({"email": format!("{name}@example.com")}));
    (configuration, text(&entity, "sys_id"))
}

fn claims(idp: &IdentityProvider, name: &str, changes: &Value) -> Value {
    let mut claims = json!({
        "iss": idp.issuer(), "aud": name, "sub": "x1", "email": format!("{name}@example.com"), "iat": NOW, "exp": NOW + 300,
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn call(world: &World, token: &str) -> Answer {
    let me = "/api/now/table/sys_user?sysparm_query=sys_id=javascript:gs.getUserID()&sysparm_fields=user_name";
    world.as_bearer(token).get(me)
}

fn refused(answer: &Answer, reason: &str) {
    assert_eq!(answer.status, 401, "{reason}: {}", answer.body);
    assert_eq!(answer.json()["error"]["message"], "User Not Authenticated");
    assert_eq!(answer.header("x-snowglobe-reason"), reason);
}

#[test]
fn an_id_token_of_a_trusted_provider_opens_the_api() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let token = idp.sign(&claims(&idp, "third.party.0", &json!({})));
    refused(&call(world, &token), "assertion_audience_mismatch");
    trust(world, &idp, "third.party.0");
    for token in [
        &token,
        &token,
        &idp.sign_es256(&claims(&idp, "third.party.0", &json!({}))),
    ] {
        let answer = call(world, token);
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(
            answer.json()["result"],
            json!([{"user_name": "third.party.0"}])
        );
    }
    let asked = |path| idp.asked(path);
    let counts = (asked("/.well-known/openid-configuration"), asked("/jwks"));
    assert_eq!(counts, (1, 1), "metadata and keys are kept");
}

#[test]
fn each_check_refuses_by_its_own_name() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    trust(world, &idp, "third.party.1");
    world.person(
        "third.gone",
        "p",
        json!({"email": "third.gone@example.com", "active": "false"}),
    );
    for (changes, reason) in [
        (json!({"aud": "other"}), "assertion_audience_mismatch"),
        (json!({"aud": null}), "assertion_audience_mismatch"),
        (
            json!({"iss": "https://evil.example"}),
            "assertion_issuer_mismatch",
        ),
        (json!({"exp": NOW - 300}), "jwt_expired"),
        (json!({"exp": null}), "jwt_claim_missing"),
        (json!({"nbf": NOW + 301}), "jwt_not_yet_valid"),
        (json!({"email": null}), "jwt_claim_missing"),
        (
            json!({"email": "nobody@example.com"}),
            "assertion_user_unknown",
        ),
        (json!({"email": "third.gone@example.com"}), "user_inactive"),
    ] {
        refused(
            &call(world, &idp.sign(&claims(&idp, "third.party.1", &changes))),
            reason,
        );
    }
    let skewed = json!({"exp": NOW - 299, "aud": ["other", "third.party.1"]});
    assert_eq!(
        call(world, &idp.sign(&claims(&idp, "third.party.1", &skewed))).status,
        200
    );
}

#[test]
fn security_55_only_the_providers_keys_count() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    trust(world, &idp, "third.party.2");
    let stranger = SigningKey::generate(Algorithm::Es256).unwrap();
    let unknown = signed(&stranger, &claims(&idp, "third.party.2", &json!({})));
    refused(&call(world, &unknown), "jwt_key_unknown");
    let liar = stranger.named(IdentityProvider::EC);
    refused(
        &call(
            world,
            &signed(&liar, &claims(&idp, "third.party.2", &json!({}))),
        ),
        "jwt_signature_invalid",
    );
    let shared = SigningKey::shared(
        Algorithm::Hs256,
        IdentityProvider::RSA,
        idp.jwks().as_bytes(),
    );
    let confused = signed(&shared.unwrap(), &claims(&idp, "third.party.2", &json!({})));
    refused(&call(world, &confused), "jwt_algorithm_not_allowed");
    let good = idp.sign(&claims(&idp, "third.party.2", &json!({})));
    let (message, _) = good.rsplit_once('.').unwrap();
    refused(
        &call(world, &format!("{message}.")),
        "jwt_signature_invalid",
    );
    for at in [1, good.len() / 2, good.len() - 2] {
        assert_eq!(call(world, &good[..at]).status, 401);
    }
}

#[test]
fn a_token_counts_once_where_the_provider_says_so() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let (configuration, _) = trust(world, &idp, "third.party.3");
    let change = json!({"enable_jti_verification": "true"});
    world
        .admin()
        .change("oidc_provider_configuration", &configuration, &change);
    refused(
        &call(world, &idp.sign(&claims(&idp, "third.party.3", &json!({})))),
        "jwt_claim_missing",
    );
    let token = idp.sign(&claims(&idp, "third.party.3", &json!({"jti": "once"})));
    assert_eq!(call(world, &token).status, 200);
    refused(&call(world, &token), "assertion_replayed");
}

#[test]
fn a_change_of_the_records_counts_at_once() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let (_, entity) = trust(world, &idp, "third.party.4");
    let token = idp.sign(&claims(&idp, "third.party.4", &json!({})));
    assert_eq!(call(world, &token).status, 200);
    world
        .admin()
        .change("oauth_oidc_entity", &entity, &json!({"active": "false"}));
    refused(&call(world, &token), "assertion_audience_mismatch");
}

#[test]
fn a_third_partys_entity_gets_no_tokens_of_ours() {
    let (world, idp) = (World::frozen(), IdentityProvider::start());
    let (_, entity) = trust(world, &idp, "third.party.5");
    let admin = world.admin().sys_id("sys_user", "user_name=admin");
    let change = json!({"client_secret": "s", "user": admin});
    world.admin().change("oauth_oidc_entity", &entity, &change);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "third.party.5"),
        ("client_secret", "s"),
    ];
    let answer = world.http.form("/oauth2/token", &form);
    assert_eq!(
        (answer.status, &*answer.text("error")),
        (400, "unauthorized_client")
    );
}
