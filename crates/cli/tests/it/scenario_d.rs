//! Scenario D: a system that already has a JWT gets a token with it, or uses it straight at the API.

use serde_json::{Value, json};
use snowglobe_testkit::{Answer, IdentityProvider, Instance};

use crate::world::{Admin, SERVICENOW, call, launch};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// 2027-01-15 08:00:00 UTC, where the instance's clock stands.
const NOW: i64 = 1_800_000_000;

/// An instance that trusts a provider: its certificate for RS256, its JWKS for ES256.
struct Scene {
    instance: Instance,
    idp: IdentityProvider,
}

impl Scene {
    fn set() -> Self {
        let scene = Self {
            instance: launch().start(),
            idp: IdentityProvider::start(),
        };
        let admin = Admin::of(&scene.instance);
        for wanted in [
            json!({"set": "2027-01-15 08:00:00"}),
            json!({"freeze": true}),
        ] {
            let answer = admin.send("POST", "/_sg/clock", Some(&wanted));
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        let fields =
            json!({"name": "by certificate", "client_id": "certificate", "public_client": "true"});
        let client = admin.create("oauth_jwt", &fields);
        let certificate = json!({"name": "idp", "pem_certificate": IdentityProvider::CERTIFICATE});
        let certificate = admin.create("sys_certificate", &certificate);
        let map = json!({
            "name": "idp",
            "oauth_jwt": client["sys_id"],
            "kid": IdentityProvider::RSA,
            "sys_certificate": certificate["sys_id"],
        });
        admin.create("jwt_verifier_map", &map);
        let issuer = json!({"oauth_jwt": client["sys_id"], "claim_name": "iss", "claim_value": scene.idp.issuer()});
        admin.create("oauth_jwt_claim_validation", &issuer);
        let fields = json!({"name": "by JWKS", "client_id": "jwks", "public_client": "true", "jwks_url": scene.idp.jwks_url()});
        admin.create("oauth_jwt", &fields);
        let gone = json!({"user_name": "gone", "active": "false"});
        admin.create("sys_user", &gone);
        scene
    }

    fn claims(&self, changes: &Value) -> Value {
        let mut claims = json!({
            "iss": self.idp.issuer(), "aud": "certificate", "sub": "itil",
            "iat": NOW, "exp": NOW + 120, "jti": "1",
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    fn post(&self, client_id: &str, assertion: &str) -> Answer {
        let form = [
            ("grant_type", JWT_BEARER),
            ("assertion", assertion),
            ("client_id", client_id),
        ];
        self.instance.http().form(SERVICENOW, &form)
    }

    fn refused(&self, assertion: &str, reason: &str) {
        let answer = self.post("certificate", assertion);
        let catch_all = r#"{"error_description":"access_denied","error":"server_error"}"#;
        assert_eq!((answer.status, &*answer.body), (401, catch_all), "{reason}");
        assert_eq!(answer.header("x-snowglobe-reason"), reason);
    }
}

#[test]
fn an_assertion_gives_a_token_for_the_user_it_names() {
    let scene = Scene::set();
    let by_certificate = scene.post("certificate", &scene.idp.sign(&scene.claims(&json!({}))));
    let jwks = json!({"iss": "jwks", "aud": "jwks"});
    let by_jwks = scene.post("jwks", &scene.idp.sign_es256(&scene.claims(&jwks)));
    for answer in [by_certificate, by_jwks] {
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(
            call(scene.instance.http(), &answer.text("access_token")),
            200
        );
        assert_eq!(answer.json().get("refresh_token"), None);
    }
}

#[test]
fn each_refusal_has_its_reason() {
    let scene = Scene::set();
    let sign = |changes: &Value| scene.idp.sign(&scene.claims(changes));
    let good = sign(&json!({}));
    let (message, _) = good.rsplit_once('.').unwrap();
    let (_, other) = sign(&json!({"jti": "other"}))
        .rsplit_once('.')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    scene.refused(&format!("{message}.{other}"), "jwt_signature_invalid");
    scene.refused(
        &scene.idp.sign_es256(&scene.claims(&json!({}))),
        "jwt_key_unknown",
    );
    for (changes, reason) in [
        (
            json!({"iss": "https://evil.example"}),
            "assertion_issuer_mismatch",
        ),
        (
            json!({"aud": "somebody else"}),
            "assertion_audience_mismatch",
        ),
        (json!({"exp": NOW - 301}), "jwt_expired"),
        (json!({"jti": null}), "jwt_claim_missing"),
        (json!({"sub": "nobody"}), "assertion_user_unknown"),
        (json!({"sub": "gone"}), "user_inactive"),
        (json!({"sub": "admin"}), "assertion_for_administrator"),
    ] {
        scene.refused(&sign(&changes), reason);
    }
    let within_the_skew = sign(&json!({"exp": NOW - 299}));
    assert_eq!(scene.post("certificate", &within_the_skew).status, 200);
    scene.refused(&within_the_skew, "assertion_replayed");
}

#[test]
fn the_providers_id_token_opens_the_api() {
    let scene = Scene::set();
    let admin = Admin::of(&scene.instance);
    let http = scene.instance.http();
    let token = scene
        .idp
        .sign(&scene.claims(&json!({"aud": "portal", "jti": null})));
    assert_eq!(call(http, &token), 401);
    let configuration = json!({"oidc_provider": "idp", "oidc_url": scene.idp.metadata_url()});
    let configuration = admin.create("oidc_provider_configuration", &configuration);
    let entity = json!({"name": "portal", "client_id": "portal", "oidc_provider_configuration": configuration["sys_id"]});
    admin.create("oauth_oidc_entity", &entity);
    assert_eq!(call(http, &token), 200);
    let expired = scene.claims(&json!({"aud": "portal", "exp": NOW - 301}));
    assert_eq!(call(http, &scene.idp.sign(&expired)), 401);
}
