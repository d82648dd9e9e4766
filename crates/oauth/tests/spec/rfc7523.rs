//! RFC 7521 and RFC 7523, with ServiceNow's ways (`inbound-oauth.md` §6.1): assertions that speak for users, and
//! those that prove clients.

use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value, json};
use snowglobe_oauth::{
    TokenError,
    assertion::{AssertionFault, AssertionRules, ClaimValidation},
    client::{ClientKind, InboundGrantType},
    error::{ClientFault, GrantFault, RequestFault, UnauthorizedFault},
    jose::{Algorithm, ClaimFault, JwtFault, KeySet, SigningKey},
};

use crate::instance::{Answer, Instance, NOW, OTHER, WEB};

/// Making keys takes a while.
static KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(Algorithm::Es256).unwrap());
static STRANGER: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(Algorithm::Es256).unwrap());

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const CLIENT_ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn seconds() -> i64 {
    NOW.0 / 1000
}

fn rules() -> AssertionRules {
    AssertionRules {
        user_field: "user_name".into(),
        jti_claim: Some("jti".into()),
        clock_skew: 0,
        keys: KeySet::of([Arc::new(KEY.verifying_key().unwrap())]),
        remote_keys: None,
        validations: Vec::new(),
    }
}

fn with_rules(mut instance: Instance, rules: AssertionRules) -> Instance {
    let client = instance.client("web");
    client.kind = ClientKind::JwtBearer;
    client.assertions = Some(Arc::new(rules));
    instance
}

fn servicenow() -> Instance {
    with_rules(Instance::servicenow(), rules())
}

fn strict() -> Instance {
    with_rules(Instance::strict(), rules())
}

/// What a good assertion says, with changes; `null` takes a claim out.
fn claims(changes: &Value) -> Map<String, Value> {
    let now = seconds();
    let mut claims = json!({"iss": "web", "aud": "web", "sub": "abel", "iat": now, "exp": now + 120, "jti": "1"});
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let claims = claims.as_object().unwrap().clone();
    claims
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect()
}

fn assertion(changes: &Value) -> String {
    KEY.sign("JWT", &claims(changes)).unwrap()
}

fn post(instance: &mut Instance, assertion: &str) -> Result<Answer, TokenError> {
    instance.post(&format!(
        "grant_type={JWT_BEARER}&assertion={assertion}&{WEB}"
    ))
}

fn refused(instance: &mut Instance, changes: &Value) -> AssertionFault {
    match post(instance, &assertion(changes)) {
        Err(TokenError::InvalidGrant(GrantFault::Assertion(fault))) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn rfc7523_2_1_an_assertion_gives_an_access_token_and_no_refresh_token() {
    let mut instance = servicenow();
    let answer = post(&mut instance, &assertion(&json!({}))).unwrap();
    assert_eq!((answer.refresh_token, answer.expires_in), (None, 1799));
    assert_eq!(answer.scope, "useraccount");
    let bearer = instance.call(&answer.access_token).unwrap();
    assert_eq!(bearer.user.0, 1);
}

#[test]
fn the_same_token_comes_back_for_another_assertion() {
    let mut instance = servicenow();
    let first = post(&mut instance, &assertion(&json!({}))).unwrap();
    let second = post(&mut instance, &assertion(&json!({"jti": "2"}))).unwrap();
    assert_eq!(first.access_token, second.access_token);
    assert_eq!(instance.changes.len(), 1, "only the assertion is noted");
}

#[test]
fn rfc7523_3_each_check_of_an_assertion_refuses_by_its_own_name() {
    let now = seconds();
    let missing = |claim| AssertionFault::Claim(ClaimFault::Missing(claim));
    for (changes, fault) in [
        (json!({"aud": "other"}), AssertionFault::Audience),
        (json!({"aud": null}), AssertionFault::Audience),
        (json!({"aud": ["a", "b"]}), AssertionFault::Audience),
        (
            json!({"aud": 1}),
            AssertionFault::Claim(ClaimFault::Malformed("aud")),
        ),
        (json!({"iss": "other"}), AssertionFault::Issuer),
        (json!({"iss": null}), missing("iss")),
        (json!({"sub": null}), missing("sub")),
        (json!({"sub": ""}), missing("sub")),
        (json!({"sub": "nobody"}), AssertionFault::UserUnknown),
        (json!({"exp": null}), missing("exp")),
        (
            json!({"exp": now}),
            AssertionFault::Claim(ClaimFault::Expired),
        ),
        (
            json!({"nbf": now + 1}),
            AssertionFault::Claim(ClaimFault::NotYetValid),
        ),
        (
            json!({"iat": now + 1}),
            AssertionFault::Claim(ClaimFault::IssuedAhead),
        ),
        (json!({"jti": null}), missing("jti")),
        (json!({"jti": ""}), missing("jti")),
        (json!({"jti": 7}), missing("jti")),
        (json!({"sub": "robot"}), AssertionFault::Administrator),
    ] {
        let mut instance = servicenow();
        assert_eq!(refused(&mut instance, &changes), fault, "{changes}");
        assert_eq!(instance.changes, [], "nothing is written: {changes}");
    }
}

#[test]
fn rfc7523_3_a_signature_is_by_a_key_of_the_client() {
    let mut instance = servicenow();
    let forged = STRANGER.sign("JWT", &claims(&json!({}))).unwrap();
    let key_unknown = GrantFault::Assertion(JwtFault::KeyUnknown.into());
    let error = post(&mut instance, &forged).unwrap_err();
    assert_eq!(error, TokenError::InvalidGrant(key_unknown));
    let key = SigningKey::from_pkcs8(Algorithm::Es256, &STRANGER.to_pkcs8().unwrap()).unwrap();
    let lying = key
        .named(KEY.kid())
        .sign("JWT", &claims(&json!({})))
        .unwrap();
    let signature = GrantFault::Assertion(JwtFault::Signature.into());
    let error = post(&mut instance, &lying).unwrap_err();
    assert_eq!(error, TokenError::InvalidGrant(signature));
}

#[test]
fn the_record_may_tolerate_a_skew_of_the_clocks() {
    let now = seconds();
    let skewed = || AssertionRules {
        clock_skew: 300,
        ..rules()
    };
    for changes in [
        json!({"exp": now - 299}),
        json!({"nbf": now + 300}),
        json!({"iat": now + 300}),
    ] {
        let mut instance = with_rules(Instance::servicenow(), skewed());
        assert!(
            post(&mut instance, &assertion(&changes)).is_ok(),
            "{changes}"
        );
    }
    let mut instance = with_rules(Instance::servicenow(), skewed());
    let fault = refused(&mut instance, &json!({"exp": now - 300}));
    assert_eq!(fault, AssertionFault::Claim(ClaimFault::Expired));
}

#[test]
fn security_43_an_assertion_counts_once() {
    for mut instance in [servicenow(), strict()] {
        let audience = json!({"aud": "https://snow.example"});
        assert!(post(&mut instance, &assertion(&audience)).is_ok());
        assert_eq!(refused(&mut instance, &audience), AssertionFault::Replayed);
        let other = json!({"aud": "https://snow.example", "jti": "2"});
        assert!(post(&mut instance, &assertion(&other)).is_ok());
    }
}

#[test]
fn a_record_without_jti_verification_takes_an_assertion_again_and_without_jti() {
    let once = AssertionRules {
        jti_claim: None,
        ..rules()
    };
    let mut instance = with_rules(Instance::servicenow(), once);
    for _ in 0..2 {
        assert!(post(&mut instance, &assertion(&json!({"jti": null}))).is_ok());
    }
}

#[test]
fn the_jti_may_be_in_another_claim() {
    let named = AssertionRules {
        jti_claim: Some("nonce".into()),
        ..rules()
    };
    let mut instance = with_rules(Instance::servicenow(), named);
    assert!(post(&mut instance, &assertion(&json!({"nonce": "n"}))).is_ok());
    let again = json!({"nonce": "n", "jti": "another"});
    assert_eq!(refused(&mut instance, &again), AssertionFault::Replayed);
}

#[test]
fn rfc7523_3_strictly_the_audience_is_this_instance_alone() {
    let server = "https://snow.example";
    for (aud, accepted) in [
        (json!("https://snow.example"), true),
        (json!("https://snow.example/oauth2/token"), true),
        (json!([server]), true),
        (json!([server, "https://snow.example/oauth2/token"]), true),
        (json!([server, "https://evil.example"]), false),
        (json!("web"), false),
        (json!("https://snow.example/"), false),
        (json!([]), false),
    ] {
        let mut instance = strict();
        let answer = post(&mut instance, &assertion(&json!({"aud": aud})));
        assert_eq!(answer.is_ok(), accepted, "{aud}");
        // ServiceNow's form wants the client id there, and takes this instance too.
        let lenient = post(&mut servicenow(), &assertion(&json!({"aud": aud})));
        assert_eq!(
            lenient.is_ok(),
            !matches!(aud.as_str(), Some("https://snow.example/")) && aud != json!([]),
            "{aud}"
        );
    }
}

#[test]
fn another_issuer_is_named_by_a_claim_validation() {
    let validations = || {
        vec![
            ClaimValidation::new("iss", "string", "https://idp.example"),
            ClaimValidation::new("iss", "string", "https://idp2.example"),
        ]
    };
    let instance = || {
        with_rules(
            Instance::servicenow(),
            AssertionRules {
                validations: validations(),
                ..rules()
            },
        )
    };
    for iss in ["https://idp.example", "https://idp2.example"] {
        assert!(post(&mut instance(), &assertion(&json!({"iss": iss}))).is_ok());
    }
    assert_eq!(refused(&mut instance(), &json!({})), AssertionFault::Issuer);
}

#[test]
fn claim_validations_hold_for_every_claim_they_name() {
    let validations = vec![
        ClaimValidation::new("tenant", "string", "a"),
        ClaimValidation::new("tenant", "string", "b"),
        ClaimValidation::new("verified", "boolean", "true"),
        ClaimValidation::new("level", "number", "2"),
        ClaimValidation::new("groups", "string", "staff"),
    ];
    let instance = || {
        with_rules(
            Instance::servicenow(),
            AssertionRules {
                validations: validations.clone(),
                ..rules()
            },
        )
    };
    let good = json!({"tenant": "b", "verified": true, "level": 2, "groups": ["staff", "x"]});
    assert!(post(&mut instance(), &assertion(&good)).is_ok());
    for (claim, value) in [
        ("tenant", json!("c")),
        ("tenant", json!(null)),
        ("verified", json!("true")),
        ("verified", json!(false)),
        ("level", json!(3)),
        ("groups", json!(["x"])),
    ] {
        let mut changes = good.clone();
        changes[claim] = value;
        assert_eq!(
            refused(&mut instance(), &changes),
            AssertionFault::ClaimValue,
            "{changes}"
        );
    }
}

#[test]
fn administrators_are_asserted_where_the_property_says_so() {
    let mut instance = servicenow();
    instance.properties.administrators_asserted = true;
    assert!(post(&mut instance, &assertion(&json!({"sub": "robot"}))).is_ok());
}

#[test]
fn a_user_who_is_not_in_use_is_not_asserted() {
    type Block = fn(&mut snowglobe_oauth::Account);
    let blocks: [(Block, &str); 2] = [
        (|account| account.active = false, "user_inactive"),
        (|account| account.locked_out = true, "user_locked_out"),
    ];
    for (block, fault) in blocks {
        let mut instance = servicenow();
        block(instance.account("abel"));
        let error = post(&mut instance, &assertion(&json!({}))).unwrap_err();
        assert_eq!((error.code(), error.fault()), ("invalid_grant", fault));
    }
}

#[test]
fn a_user_for_web_services_only_is_asserted() {
    let mut instance = servicenow();
    instance.account("abel").web_service_access_only = true;
    assert!(post(&mut instance, &assertion(&json!({}))).is_ok());
}

#[test]
fn only_a_client_made_for_it_may_use_the_grant() {
    let unregistered = TokenError::UnauthorizedClient(UnauthorizedFault::GrantNotRegistered);
    let mut instance = servicenow();
    let body = format!(
        "grant_type={JWT_BEARER}&assertion={}&{OTHER}",
        assertion(&json!({}))
    );
    assert_eq!(instance.post(&body).unwrap_err(), unregistered);
    instance.client("web").inbound_grant_type = InboundGrantType::ClientCredentials;
    assert_eq!(
        post(&mut instance, &assertion(&json!({}))).unwrap_err(),
        unregistered
    );
    // §2.8: a third party's entity has no business at the token endpoint.
    instance.client("other").kind = ClientKind::ThirdParty;
    let body = format!("grant_type=client_credentials&{OTHER}");
    assert_eq!(instance.post(&body).unwrap_err(), unregistered);
}

#[test]
fn the_client_still_proves_itself() {
    let mut instance = servicenow();
    let assertion = assertion(&json!({}));
    let body =
        format!("grant_type={JWT_BEARER}&assertion={assertion}&client_id=web&client_secret=wrong");
    let wrong = TokenError::InvalidClient(ClientFault::SecretWrong);
    assert_eq!(instance.post(&body).unwrap_err(), wrong);
}

#[test]
fn an_assertion_may_come_in_the_header_that_pysnc_sends() {
    let bearer: &'static str =
        Box::leak(format!("Bearer {}", assertion(&json!({}))).into_boxed_str());
    let mut instance = servicenow();
    instance.authentication = Some(bearer);
    assert!(
        instance
            .post(&format!("grant_type={JWT_BEARER}&{WEB}"))
            .is_ok()
    );
    let mut instance = strict();
    instance.authentication = Some(bearer);
    let error = instance
        .post(&format!("grant_type={JWT_BEARER}&{WEB}"))
        .unwrap_err();
    let missing = RequestFault::Missing("assertion");
    assert_eq!(error, TokenError::InvalidRequest(missing));
}

fn client_assertion(changes: &Value) -> String {
    let mut claims = claims(&json!({"aud": "https://snow.example", "sub": "web"}));
    for (name, value) in changes.as_object().unwrap() {
        claims.insert(name.clone(), value.clone());
    }
    claims.retain(|_, value| !value.is_null());
    KEY.sign("JWT", &claims).unwrap()
}

fn by_assertion(
    instance: &mut Instance,
    assertion: &str,
    more: &str,
) -> Result<Answer, TokenError> {
    instance.post(&format!(
        "grant_type=client_credentials&client_assertion_type={CLIENT_ASSERTION}&client_assertion={assertion}{more}"
    ))
}

#[test]
fn security_41_a_client_proves_itself_with_a_private_key() {
    let mut instance = strict();
    instance.client("web").secrets.clear();
    let answer = by_assertion(&mut instance, &client_assertion(&json!({})), "").unwrap();
    assert_eq!(instance.call(&answer.access_token).unwrap().client.0, 1);
    let named = client_assertion(&json!({"jti": "2"}));
    assert!(by_assertion(&mut instance, &named, "&client_id=web").is_ok());
}

#[test]
fn security_42_two_methods_at_once_are_refused() {
    let mut instance = strict();
    let two = TokenError::InvalidRequest(RequestFault::TwoMethods);
    let assertion = client_assertion(&json!({}));
    let secret = "&client_id=web&client_secret=hush";
    assert_eq!(
        by_assertion(&mut instance, &assertion, secret).unwrap_err(),
        two
    );
    let body = format!(
        "grant_type=client_credentials&client_assertion_type={CLIENT_ASSERTION}&client_assertion={assertion}"
    );
    let basic = Some("Basic d2ViOmh1c2g=");
    assert_eq!(instance.post_with(&body, basic).unwrap_err(), two);
}

#[test]
fn security_43_a_client_assertion_is_for_us_short_and_once() {
    let now = seconds();
    for (changes, fault) in [
        (
            json!({"aud": "https://evil.example"}),
            AssertionFault::Audience,
        ),
        (json!({"aud": "web"}), AssertionFault::Audience),
        (
            json!({"aud": ["https://snow.example", "https://evil.example"]}),
            AssertionFault::Audience,
        ),
        (
            json!({"exp": now + 331, "iat": null}),
            AssertionFault::Lifetime,
        ),
        (
            json!({"exp": now + 3600, "iat": now - 330}),
            AssertionFault::Lifetime,
        ),
        (
            json!({"exp": now - 30}),
            AssertionFault::Claim(ClaimFault::Expired),
        ),
        (
            json!({"exp": null}),
            AssertionFault::Claim(ClaimFault::Missing("exp")),
        ),
        (json!({"iss": "other"}), AssertionFault::Issuer),
        (
            json!({"jti": null}),
            AssertionFault::Claim(ClaimFault::Missing("jti")),
        ),
    ] {
        let error = by_assertion(&mut strict(), &client_assertion(&changes), "").unwrap_err();
        assert_eq!(
            error,
            TokenError::InvalidClient(ClientFault::Assertion(fault)),
            "{changes}"
        );
    }
    // It counts for five minutes from when it was made, whatever its exp says: libraries are generous there.
    let generous = client_assertion(&json!({"exp": now + 3600, "iat": now - 329}));
    assert!(by_assertion(&mut strict(), &generous, "").is_ok());
    let mut instance = strict();
    let assertion = client_assertion(&json!({"exp": now + 330}));
    assert!(by_assertion(&mut instance, &assertion, "").is_ok());
    let replayed = ClientFault::Assertion(AssertionFault::Replayed);
    let error = by_assertion(&mut instance, &assertion, "").unwrap_err();
    assert_eq!(error, TokenError::InvalidClient(replayed));
}

#[test]
fn a_client_assertion_is_by_the_client_it_names() {
    let mut instance = strict();
    let names_differ = TokenError::InvalidClient(ClientFault::NamesDiffer);
    let error = by_assertion(
        &mut instance,
        &client_assertion(&json!({})),
        "&client_id=other",
    );
    assert_eq!(error.unwrap_err(), names_differ);
    // The other client has no keys, and this one's do not prove it.
    let other = client_assertion(&json!({"iss": "other", "sub": "other"}));
    let unknown = ClientFault::Assertion(JwtFault::KeyUnknown.into());
    let error = by_assertion(&mut instance, &other, "").unwrap_err();
    assert_eq!(error, TokenError::InvalidClient(unknown));
    let nobody = client_assertion(&json!({"iss": "nobody", "sub": "nobody"}));
    let error = by_assertion(&mut instance, &nobody, "").unwrap_err();
    assert_eq!(error, TokenError::InvalidClient(ClientFault::Unknown));
}

#[test]
fn a_public_client_is_not_let_in_by_a_wrong_assertion() {
    let mut instance = strict();
    instance.client("web").public = true;
    let forged = STRANGER.sign(
        "JWT",
        &claims(&json!({"aud": "https://snow.example", "sub": "web"})),
    );
    let error = by_assertion(&mut instance, &forged.unwrap(), "").unwrap_err();
    let unknown = ClientFault::Assertion(JwtFault::KeyUnknown.into());
    assert_eq!(error, TokenError::InvalidClient(unknown));
}

#[test]
fn an_inactive_client_is_not_let_in_by_its_assertion() {
    let mut instance = strict();
    instance.client("web").active = false;
    let error = by_assertion(&mut instance, &client_assertion(&json!({})), "").unwrap_err();
    assert_eq!(error, TokenError::InvalidClient(ClientFault::Inactive));
}

#[test]
fn a_client_assertion_comes_with_its_type() {
    let assertion = client_assertion(&json!({}));
    let post = |body: &str| strict().post(body).unwrap_err();
    let body = format!("grant_type=client_credentials&client_assertion={assertion}");
    let missing = |name| TokenError::InvalidRequest(RequestFault::Missing(name));
    assert_eq!(post(&body), missing("client_assertion_type"));
    let saml = "&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    let unsupported = TokenError::InvalidClient(ClientFault::UnsupportedMethod);
    assert_eq!(post(&format!("{body}{saml}")), unsupported);
    let body = format!("grant_type=client_credentials&client_assertion_type={CLIENT_ASSERTION}");
    assert_eq!(post(&body), missing("client_assertion"));
}

#[test]
fn servicenows_endpoint_ignores_client_assertions() {
    let mut instance = servicenow();
    let assertion = client_assertion(&json!({}));
    assert!(by_assertion(&mut instance, &assertion, &format!("&{WEB}")).is_ok());
    let missing = TokenError::InvalidClient(ClientFault::Missing);
    assert_eq!(
        by_assertion(&mut instance, &assertion, "").unwrap_err(),
        missing
    );
}
