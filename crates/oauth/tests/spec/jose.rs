//! RFC 7515, 7517, 7518, 7519 and 8725: what a signed JWT must be, and what must not pass for one.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use snowglobe_oauth::{
    UnixMillis,
    jose::{
        Algorithm, Certificate, ClaimFault, Claims, Curve, Jwt, JwtFault, KeyFault, KeySet,
        PublicKey, SigningKey, Verified, VerifyingKey,
    },
};

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

fn claims() -> Map<String, Value> {
    object(json!({"iss": "idp", "sub": "abel", "aud": "us", "exp": 1_800_000_300}))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

fn keys_of(key: &SigningKey) -> KeySet {
    KeySet::of([Arc::new(key.verifying_key().unwrap())])
}

fn check(token: &str, keys: &KeySet) -> Result<Verified, JwtFault> {
    Jwt::parse(token)?.verify(keys, &Algorithm::PUBLIC)
}

fn fault(token: &str, keys: &KeySet) -> JwtFault {
    check(token, keys).unwrap_err()
}

/// A token whose header is as written, signed as the header says or not at all.
fn forged(header: &Value, key: &SigningKey) -> String {
    let good = key.sign("JWT", &claims()).unwrap();
    let (_, rest) = good.split_once('.').unwrap();
    format!("{}.{rest}", base64url(header.to_string().as_bytes()))
}

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn every_algorithm_signs_what_its_key_verifies() {
    for algorithm in Algorithm::PUBLIC {
        let key = SigningKey::generate(algorithm).unwrap();
        let token = key.sign("at+jwt", &claims()).unwrap();
        let verified = check(&token, &keys_of(&key)).unwrap();
        assert_eq!(verified.claims, Claims::from(claims()), "{algorithm}");
        assert_eq!(verified.header.alg, algorithm);
        assert_eq!(verified.header.typ.as_deref(), Some("at+jwt"));
        assert_eq!(verified.header.kid.as_deref(), Some(key.kid()));
    }
}

#[test]
fn every_shared_algorithm_signs_what_its_key_verifies() {
    for algorithm in Algorithm::SHARED {
        let secret = [7; 64];
        let key = SigningKey::shared(algorithm, "s", &secret).unwrap();
        let token = key.sign("JWT", &claims()).unwrap();
        let keys =
            |secret| KeySet::of([Arc::new(VerifyingKey::shared(Some("s"), secret).unwrap())]);
        let verify = |keys: &KeySet| {
            Jwt::parse(&token)
                .unwrap()
                .verify(keys, &Algorithm::SHARED)
                .map(|it| it.header.alg)
        };
        assert_eq!(verify(&keys(&secret)), Ok(algorithm));
        assert_eq!(verify(&keys(&[8; 64])), Err(JwtFault::Signature));
    }
}

#[test]
fn rfc7518_3_2_a_shared_key_is_as_long_as_the_hash() {
    assert_eq!(
        VerifyingKey::shared(None, &[1; 31]).unwrap_err(),
        KeyFault::TooSmall
    );
    let algorithms = |len| -> Vec<_> {
        let key = VerifyingKey::shared(None, &vec![1; len]).unwrap();
        key.algorithms().collect()
    };
    assert_eq!(algorithms(32), [Algorithm::Hs256]);
    assert_eq!(algorithms(48), [Algorithm::Hs256, Algorithm::Hs384]);
    assert_eq!(algorithms(64), Algorithm::SHARED);
    let short = SigningKey::shared(Algorithm::Hs512, "s", &[1; 63]);
    assert_eq!(short.unwrap_err(), KeyFault::TooSmall);
}

#[test]
fn rfc7515_a_1_to_a_3_the_examples_verify() {
    for (algorithm, key, token) in VECTORS {
        let key: Map<String, Value> = serde_json::from_str(key).unwrap();
        let keys = match key.get("k") {
            Some(secret) => {
                let secret = URL_SAFE_NO_PAD.decode(secret.as_str().unwrap()).unwrap();
                KeySet::of([Arc::new(VerifyingKey::shared(None, &secret).unwrap())])
            }
            None => KeySet::parse(json!({"keys": [key]}).to_string().as_bytes()).unwrap(),
        };
        let verified = Jwt::parse(token)
            .unwrap()
            .verify(&keys, &[algorithm])
            .unwrap();
        assert_eq!(verified.claims.text("iss"), Ok(Some("joe")));
        assert_eq!(verified.claims.seconds("exp"), Ok(Some(1_300_819_380)));
        assert_eq!(verified.header.alg, algorithm);
    }
}

#[test]
fn rfc7638_3_1_the_example_has_its_thumbprint() {
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let key = PublicKey::rsa(&URL_SAFE_NO_PAD.decode(n).unwrap(), &[1, 0, 1]).unwrap();
    assert_eq!(
        key.thumbprint(),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}

#[test]
fn security_55_every_prefix_and_extension_of_a_good_token_is_refused() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let keys = keys_of(&key);
    let token = key.sign("JWT", &claims()).unwrap();
    assert!(check(&token, &keys).is_ok());
    for end in 0..token.len() {
        assert!(check(&token[..end], &keys).is_err(), "a prefix of {end}");
    }
    for more in ["A", "=", ".", "..", " ", "\n", "AAAA", ".e30", "\0"] {
        assert!(check(&format!("{token}{more}"), &keys).is_err(), "{more:?}");
        assert!(check(&format!("{more}{token}"), &keys).is_err(), "{more:?}");
    }
}

#[test]
fn security_55_every_single_byte_flip_of_a_good_token_is_refused() {
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        let key = SigningKey::generate(algorithm).unwrap();
        let keys = keys_of(&key);
        let token = key.sign("JWT", &claims()).unwrap();
        for at in 0..token.len() {
            for bit in 0..8 {
                let mut bytes = token.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let Ok(flipped) = String::from_utf8(bytes) else {
                    continue;
                };
                assert!(
                    check(&flipped, &keys).is_err(),
                    "{algorithm}: byte {at}, bit {bit}"
                );
            }
        }
    }
}

#[test]
fn security_55_alg_none_is_no_algorithm() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    for none in [
        "none", "None", "NONE", "nOnE", "", "es256", "ES256K", "HS1", "RSA-OAEP",
    ] {
        let token = forged(&json!({"alg": none}), &key);
        assert_eq!(
            fault(&token, &keys_of(&key)),
            JwtFault::AlgorithmUnknown,
            "{none}"
        );
        let (unsigned, _) = token.rsplit_once('.').unwrap();
        let token = format!("{unsigned}.");
        assert_eq!(
            fault(&token, &keys_of(&key)),
            JwtFault::AlgorithmUnknown,
            "{none}"
        );
    }
    assert_eq!(
        fault(&forged(&json!({}), &key), &keys_of(&key)),
        JwtFault::AlgorithmUnknown
    );
}

#[test]
fn security_55_a_public_key_is_never_a_shared_one() {
    // The attack of RFC 8725 §2.1: HS256 with the text of the public key for a secret.
    let key = SigningKey::generate(Algorithm::Rs256).unwrap();
    let jwks = KeySet::render([&key]);
    let keys = KeySet::parse(jwks.as_bytes()).unwrap();
    let secret = jwks.as_bytes();
    let forger = SigningKey::shared(Algorithm::Hs256, key.kid(), secret).unwrap();
    let token = forger.sign("JWT", &claims()).unwrap();
    let everything: Vec<_> = Algorithm::PUBLIC
        .into_iter()
        .chain(Algorithm::SHARED)
        .collect();
    let verify = |allowed| {
        Jwt::parse(&token)
            .unwrap()
            .verify(&keys, allowed)
            .unwrap_err()
    };
    assert_eq!(verify(&everything), JwtFault::KeyUnfit);
    assert_eq!(verify(&Algorithm::PUBLIC), JwtFault::AlgorithmNotAllowed);
}

#[test]
fn security_55_a_key_of_one_kind_verifies_no_other_algorithm() {
    let rs256 = SigningKey::generate(Algorithm::Rs256).unwrap();
    let keys = keys_of(&rs256);
    for algorithm in Algorithm::PUBLIC {
        let token = forged(
            &json!({"alg": algorithm.as_str(), "kid": rs256.kid()}),
            &rs256,
        );
        let expected = match algorithm {
            Algorithm::Rs256 => JwtFault::Signature,
            _ => JwtFault::KeyUnfit,
        };
        assert_eq!(fault(&token, &keys), expected, "{algorithm}");
    }
}

#[test]
fn security_55_keys_and_addresses_in_a_header_are_never_followed() {
    let (ours, theirs) = (
        SigningKey::generate(Algorithm::Es256).unwrap(),
        SigningKey::generate(Algorithm::Es256).unwrap(),
    );
    let keys = keys_of(&ours);
    for (name, value) in [
        ("jwk", Value::Object(theirs.jwk().unwrap())),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/cert")),
        ("x5c", json!(["MIIB"])),
    ] {
        let header = json!({"alg": "ES256", "kid": ours.kid(), name: value});
        assert_eq!(
            fault(&forged(&header, &theirs), &keys),
            JwtFault::Signature,
            "{name}"
        );
    }
    for kid in [
        "../../etc/passwd",
        "' OR 1=1 --",
        "https://evil.example",
        "\u{0}",
        "",
    ] {
        let header = json!({"alg": "ES256", "kid": kid});
        assert_eq!(
            fault(&forged(&header, &theirs), &keys),
            JwtFault::KeyUnknown,
            "{kid}"
        );
    }
}

#[test]
fn security_55_what_a_header_asks_for_beyond_a_signature_is_refused() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
    ] {
        let header = json!({"alg": "ES256", "kid": key.kid(), name: value});
        assert_eq!(
            fault(&forged(&header, &key), &keys_of(&key)),
            JwtFault::Extension,
            "{name}"
        );
    }
}

#[test]
fn security_55_members_that_come_twice_and_deep_objects_are_refused() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let keys = keys_of(&key);
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    for (header, claims) in [
        (r#"{"alg":"ES256","alg":"none"}"#, "{}"),
        (r#"{"alg":"ES256"}"#, r#"{"sub":"a","sub":"b"}"#),
        (r#"{"alg":"ES256"}"#, deep.as_str()),
        (r#"{"alg":"ES256"}"#, "[]"),
        (r#"{"alg":"ES256","kid":1}"#, "{}"),
        (r#"{"alg":"ES256"} x"#, "{}"),
        ("", "{}"),
    ] {
        let encoded = |text: &str| base64url(text.as_bytes());
        let token = format!("{}.{}.AAAA", encoded(header), encoded(claims));
        assert_eq!(
            fault(&token, &keys),
            JwtFault::Malformed,
            "{header} {}",
            claims.len()
        );
    }
}

#[test]
fn security_57_a_token_beyond_the_cap_is_not_decoded() {
    let keys = KeySet::default();
    assert_eq!(fault(&"A".repeat(Jwt::MAX_LEN), &keys), JwtFault::Malformed);
    assert_eq!(
        fault(&"A".repeat(Jwt::MAX_LEN + 1), &keys),
        JwtFault::TooLarge
    );
}

#[test]
fn rfc7515_2_base64url_has_one_spelling() {
    let key = SigningKey::generate(Algorithm::Rs256).unwrap();
    let token = key.sign("JWT", &claims()).unwrap();
    let (keys, alphabet) = (
        keys_of(&key),
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=",
    );
    // 256 bytes leave four stray bits in the last letter.
    let twins = alphabet
        .chars()
        .filter(|last| check(&format!("{}{last}", &token[..token.len() - 1]), &keys).is_ok());
    assert_eq!(twins.count(), 1);
}

#[test]
fn rfc7515_4_1_4_a_kid_finds_its_key() {
    let keys: Vec<_> = (0..3)
        .map(|_| SigningKey::generate(Algorithm::Es256).unwrap())
        .collect();
    let set = KeySet::parse(KeySet::render(&keys).as_bytes()).unwrap();
    assert_eq!(set.len(), 3);
    let token = keys[2].sign("JWT", &claims()).unwrap();
    assert_eq!(check(&token, &set).unwrap().key.kid(), Some(keys[2].kid()));
    let other = SigningKey::generate(Algorithm::Es256).unwrap();
    assert_eq!(
        fault(&other.sign("JWT", &claims()).unwrap(), &set),
        JwtFault::KeyUnknown
    );
    let liar = other.named(keys[0].kid());
    assert_eq!(
        fault(&liar.sign("JWT", &claims()).unwrap(), &set),
        JwtFault::Signature
    );
}

#[test]
fn a_token_without_a_kid_is_tried_with_every_key_that_fits() {
    let rsa = SigningKey::generate(Algorithm::Rs256).unwrap();
    let ec = SigningKey::generate(Algorithm::Es256).unwrap();
    let set = KeySet::parse(KeySet::render([&rsa, &ec]).as_bytes()).unwrap();
    let nameless = ec.named("");
    let token = nameless.sign("JWT", &claims()).unwrap();
    assert_eq!(check(&token, &set).unwrap().header.kid, None);
    let only_rsa = KeySet::parse(KeySet::render([&rsa]).as_bytes()).unwrap();
    assert_eq!(fault(&token, &only_rsa), JwtFault::KeyUnfit);
}

#[test]
fn rfc7517_4_a_key_says_what_it_is_for() {
    let key = SigningKey::generate(Algorithm::Rs256).unwrap();
    let jwk = key.jwk().unwrap();
    let usable = |changes: &[(&str, Value)]| {
        let mut jwk = jwk.clone();
        for (name, value) in changes {
            jwk.insert((*name).to_owned(), value.clone());
        }
        let set = KeySet::parse(json!({"keys": [jwk]}).to_string().as_bytes()).unwrap();
        set.len() == 1
    };
    assert!(usable(&[]));
    assert!(usable(&[("key_ops", json!(["sign", "verify"]))]));
    assert!(usable(&[("x5t", json!("unknown")), ("new", json!({}))]));
    for (name, value) in [
        ("use", json!("enc")),
        ("use", json!(1)),
        ("key_ops", json!(["sign"])),
        ("key_ops", json!("verify")),
        ("alg", json!("ES256")),
        ("alg", json!("RSA-OAEP")),
        ("alg", json!("none")),
        ("kty", json!("EC")),
        ("kty", json!("OKP")),
        ("kid", json!(7)),
        ("e", json!("AQ")),
        ("e", json!("AA")),
        ("e", json!("AQAC")),
        ("e", json!("")),
        ("n", json!("AQAB")),
        ("n", json!("A+/=")),
    ] {
        assert!(!usable(&[(name, value.clone())]), "{name} {value}");
    }
    assert!(!usable(&[
        ("kty", json!("oct")),
        ("k", json!("A".repeat(86)))
    ]));
}

#[test]
fn rfc7518_3_3_an_rsa_key_has_2048_bits() {
    let n = |bits: usize| {
        let mut n = vec![0xff; bits.div_ceil(8)];
        n[0] >>= (8 - bits % 8) % 8;
        n
    };
    assert_eq!(
        PublicKey::rsa(&n(2047), &[1, 0, 1]),
        Err(KeyFault::TooSmall)
    );
    assert_eq!(
        PublicKey::rsa(&n(1024), &[1, 0, 1]),
        Err(KeyFault::TooSmall)
    );
    assert!(PublicKey::rsa(&n(2048), &[1, 0, 1]).is_ok());
    assert_eq!(
        PublicKey::rsa(&n(8200), &[1, 0, 1]),
        Err(KeyFault::Unsupported)
    );
    assert_eq!(
        PublicKey::rsa(&[&[0], &n(2048)[..]].concat(), &[3]),
        Err(KeyFault::Malformed)
    );
}

#[test]
fn rfc7518_6_2_1_a_point_lies_on_its_curve() {
    let beside = PublicKey::ec(Curve::P256, &[1; 32], &[1; 32]).unwrap();
    let key = VerifyingKey::public(None, &beside, None);
    assert_eq!(key.unwrap_err(), KeyFault::Malformed);
    assert_eq!(
        PublicKey::ec(Curve::P256, &[1; 31], &[1; 32]),
        Err(KeyFault::Malformed)
    );
    assert_eq!(
        PublicKey::ec(Curve::P521, &[1; 65], &[1; 66]),
        Err(KeyFault::Malformed)
    );
}

#[test]
fn a_document_that_is_no_key_set_is_told_from_an_empty_one() {
    for text in [
        "",
        "[]",
        "{}",
        r#"{"keys":{}}"#,
        r#"{"keys":[],"keys":[]}"#,
        "<html>",
    ] {
        assert_eq!(
            KeySet::parse(text.as_bytes()).unwrap_err(),
            KeyFault::Malformed,
            "{text}"
        );
    }
    let set = KeySet::parse(br#"{"keys":[1,"a",null,{},[]],"other":1}"#).unwrap();
    assert!(set.is_empty());
    let many = SigningKey::generate(Algorithm::Es256).unwrap();
    let many = json!({"keys": vec![many.jwk().unwrap(); 1000]}).to_string();
    assert_eq!(
        KeySet::parse(many.as_bytes()).unwrap().len(),
        KeySet::MAX_KEYS
    );
}

#[test]
fn a_private_key_survives_being_stored() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::Es512] {
        let key = SigningKey::generate(algorithm).unwrap();
        let stored = key.to_pkcs8().unwrap();
        let back = SigningKey::from_pkcs8(algorithm, &stored).unwrap();
        assert_eq!(
            (back.kid(), back.public_key()),
            (key.kid(), key.public_key())
        );
        let token = back.sign("JWT", &claims()).unwrap();
        assert!(check(&token, &keys_of(&key)).is_ok());
        assert!(SigningKey::from_pkcs8(Algorithm::Es384, &stored).is_err());
        assert!(SigningKey::from_pkcs8(algorithm, &stored[1..]).is_err());
    }
    assert!(SigningKey::from_pkcs8(Algorithm::Hs256, b"").is_err());
}

#[test]
fn keys_are_not_printed() {
    let key = SigningKey::shared(Algorithm::Hs256, "s", &[0x41; 32]).unwrap();
    assert_eq!(
        format!("{key:?}"),
        r#"SigningKey { kid: "s", algorithm: Hs256, .. }"#
    );
    let key = VerifyingKey::shared(Some("s"), &[0x41; 32]).unwrap();
    assert_eq!(
        format!("{key:?}"),
        r#"VerifyingKey { kid: Some("s"), algorithms: [Hs256], .. }"#
    );
}

#[test]
fn a_certificate_gives_its_key_and_its_time() {
    for (pem, algorithm) in [
        (RSA_CERTIFICATE, Algorithm::Rs256),
        (EC_CERTIFICATE, Algorithm::Es384),
    ] {
        let certificate = Certificate::from_pem(&format!("subject=CN = idp\n{pem}\n")).unwrap();
        let key = VerifyingKey::certified(Some("c"), &certificate).unwrap();
        assert!(key.algorithms().any(|it| it == algorithm));
        let validity = key.validity().unwrap();
        assert_eq!(validity, certificate.validity);
        assert!(validity.holds_at(UnixMillis(validity.not_before * 1000)));
        assert!(!validity.holds_at(UnixMillis(validity.not_before * 1000 - 1)));
        assert!(validity.holds_at(UnixMillis(validity.not_after * 1000 + 999)));
        assert!(!validity.holds_at(UnixMillis(validity.not_after * 1000 + 1000)));
        assert_eq!(
            validity.not_after - validity.not_before,
            36500 * 24 * 60 * 60
        );
    }
}

#[test]
fn what_is_no_certificate_is_refused() {
    for pem in [
        "",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    ] {
        assert_eq!(
            Certificate::from_pem(pem),
            Err(KeyFault::Malformed),
            "{pem}"
        );
    }
    let cut = RSA_CERTIFICATE.replacen("MII", "MIH", 1);
    assert_eq!(Certificate::from_pem(&cut), Err(KeyFault::Malformed));
    assert_eq!(
        Certificate::from_pem(WEAK_CERTIFICATE),
        Err(KeyFault::TooSmall)
    );
}

#[test]
fn rfc7519_4_1_the_times_are_checked_with_the_skew() {
    let check = |claims: Value, skew| Claims::from(object(claims)).check_times(NOW, skew);
    let now = 1_800_000_000;
    assert_eq!(check(json!({"exp": now + 1}), 0), Ok(now + 1));
    assert_eq!(check(json!({"exp": now}), 0), Err(ClaimFault::Expired));
    assert_eq!(check(json!({"exp": now - 299}), 300), Ok(now - 299));
    assert_eq!(
        check(json!({"exp": now - 300}), 300),
        Err(ClaimFault::Expired)
    );
    assert_eq!(check(json!({}), 300), Err(ClaimFault::Missing("exp")));
    for (name, fault) in [
        ("nbf", ClaimFault::NotYetValid),
        ("iat", ClaimFault::IssuedAhead),
    ] {
        assert!(check(json!({"exp": now + 9, name: now}), 0).is_ok());
        assert_eq!(check(json!({"exp": now + 9, name: now + 1}), 0), Err(fault));
        assert!(check(json!({"exp": now + 9, name: now + 300}), 300).is_ok());
        assert_eq!(
            check(json!({"exp": now + 9, name: now + 301}), 300),
            Err(fault)
        );
        assert_eq!(
            check(json!({"exp": now + 9, name: "soon"}), 0),
            Err(ClaimFault::Malformed(name))
        );
    }
    for exp in [json!("1800000300"), json!(null), json!([now]), json!(1e300)] {
        assert_eq!(
            check(json!({"exp": exp}), 0),
            Err(ClaimFault::Malformed("exp")),
            "{exp}"
        );
    }
    assert_eq!(
        check(json!({"exp": 1_800_000_000.9}), 0),
        Err(ClaimFault::Expired)
    );
    assert!(check(json!({"exp": i64::MAX}), u32::MAX).is_ok());
    assert_eq!(check(json!({"exp": i64::MIN}), 0), Err(ClaimFault::Expired));
}

#[test]
fn rfc7519_4_1_3_an_audience_is_one_or_many() {
    let names = |aud: Value| {
        let claims = Claims::from(object(json!({"aud": aud})));
        claims.audience().map(|aud| aud.names("us"))
    };
    assert_eq!(names(json!("us")), Ok(true));
    assert_eq!(names(json!(["them", "us"])), Ok(true));
    assert_eq!(names(json!("US")), Ok(false));
    assert_eq!(names(json!(["usa"])), Ok(false));
    assert_eq!(names(json!([])), Ok(false));
    for aud in [json!(1), json!({"us": 1}), json!(["us", 1]), json!(null)] {
        assert_eq!(names(aud), Err(ClaimFault::Malformed("aud")));
    }
    assert_eq!(
        Claims::default().audience().map(|aud| aud.names("")),
        Ok(false)
    );
}

proptest! {
    #[test]
    fn no_text_is_a_jwt_by_chance(text in "[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}|.{0,100}") {
        prop_assert!(check(&text, &KeySet::default()).is_err());
    }

    #[test]
    fn any_document_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in ".{0,80}") {
        let _ = KeySet::parse(&bytes);
        let _ = Certificate::from_pem(&text);
        let _ = Certificate::from_der(&bytes);
    }

    #[test]
    fn any_claims_come_back_as_they_were_signed(sub in ".{0,40}", n in any::<i64>()) {
        let key = SigningKey::shared(Algorithm::Hs256, "s", &[1; 32]).unwrap();
        let claims = object(json!({"sub": sub, "n": n}));
        let token = key.sign("JWT", &claims).unwrap();
        let keys = KeySet::of([Arc::new(VerifyingKey::shared(None, &[1; 32]).unwrap())]);
        let verified = Jwt::parse(&token).unwrap().verify(&keys, &Algorithm::SHARED).unwrap();
        prop_assert_eq!(verified.claims, Claims::from(claims));
    }
}

/// RFC 7515, appendix A.1 to A.3.
const VECTORS: [(Algorithm, &str, &str); 3] = [
    (
        Algorithm::Hs256,
        r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#,
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    ),
    (
        Algorithm::Rs256,
        r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#,
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
    ),
    (
        Algorithm::Es256,
        r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    ),
];

/// `openssl req -x509 -newkey rsa:2048 -days 36500`
const RSA_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\n\
MIIC/zCCAeegAwIBAgIUR6oESe0gRF75cptguIUQC5N3efQwDQYJKoZIhvcNAQEL\n\
BQAwDjEMMAoGA1UEAwwDaWRwMCAXDTI2MTEyMjA0MzMwNVoYDzIxMjYxMDI5MDQz\n\
MzA1WjAOMQwwCgYDVQQDDANpZHAwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK\n\
AoIBAQCxyCNmklAA/F8lGZBIqki6d3A3NWeDnB9mufnO0DrLDZShHNkIWYmhvQ1l\n\
WK51dEwDUX9fNvXdi+EPZlICJO5vhhqF+TcddqlpY5UmjyXK7VSbxdCdm24LHfpg\n\
NKlTbLTnOEnNKxC0PoaOEqQkjan4Qy+n/6ClqJSoI74BRxOt7/x0YgEjQpddU+hw\n\
dy2jMWwk0tCwM9lmy0+GCOruI4RLdv4hiF9mJNheNJRhPxP6W1pMFLq0jISYGjAn\n\
NNtKw3oVr94XoL+t7NwP4Lj96j3NQji7hrgPkQbSGFfNNJSLHqLCMpi0MWxfurmp\n\
VNsJj0in+9p4x51JeOqFko49FEn7AgMBAAGjUzBRMB0GA1UdDgQWBBQJha4F67zO\n\
GJwMQwXH2t4SHwS7WTAfBgNVHSMEGDAWgBQJha4F67zOGJwMQwXH2t4SHwS7WTAP\n\
BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQALWc8C7MYwvF/hufPT\n\
BUHF3rYdgqoofQqfs2jgsCq955f6XWeSGPlLgKbQzqSUVH6aeqx3g5E96gFfnwzH\n\
wUQRLGfQXRgQWmkGpIyr7BINLDXdiJqhilv9UORX8ylrynBshBP7gdoVqiskwuuf\n\
7BNgDixpjfmZOtRWWr2baYVPRJefEwkBM5YGskzw2y5TL8+WHs9lRs3PrUe3o0Nz\n\
R3I7ecR9/5YCYGJfUb4pCd32k5emBg/quLFc6juwQsdzs8gqlw4hRK0+4h/8rpbM\n\
NsMhtvFnI/Gjw072RxtnlYL9rchQZ+3YduL7P+4RwblZTXSQPXaWCzp7edMXr0s2\n\
v5mf\n\
-----END CERTIFICATE-----";
/// The same with `-newkey ec -pkeyopt ec_paramgen_curve:secp384r1`.
const EC_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\n\
MIIBrzCCATagAwIBAgIUDYtQzK9/Pdk4KTihUYPsHeFl+iAwCgYIKoZIzj0EAwIw\n\
DjEMMAoGA1UEAwwDaWRwMCAXDTI2MTEyMjA0MzMwNVoYDzIxMjYxMDI5MDQzMzA1\n\
WjAOMQwwCgYDVQQDDANpZHAwdjAQBgcqhkjOPQIBBgUrgQQAIgNiAARnDn667hjY\n\
vt6i8TT/40Z8QyVmEyFG8Xi6D8KQ2Ft7P59cnc+NdH2I6ay/sCxnGd7KFeyenLQH\n\
icgNjmbby7rfxUe8bqY3yyduFLt7iJ1i35Jpov5zd8nvrmURlFulRL+jUzBRMB0G\n\
A1UdDgQWBBTlBMnZNBdJEKzLJZNxqFKfm2OqRDAfBgNVHSMEGDAWgBTlBMnZNBdJ\n\
EKzLJZNxqFKfm2OqRDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA2cAMGQC\n\
MCtCnp1tXe5/qvpJdLKNcH9fd2DFcBQWrf7zReND4LeJBPj1aa2S6VW0Kn6CUl8w\n\
xAIwMkNwW6wpFino0dFDcgq0a6GkLqDbU+DWUvRx4N7Lb0NtytDpX8raOT9Kiv/3\n\
S9Cs\n\
-----END CERTIFICATE-----";
/// The same with `-newkey rsa:1024`.
const WEAK_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\n\
MIIB+jCCAWOgAwIBAgIUWEqVxzhGVfIlWhqIl2QdHPtm5YkwDQYJKoZIhvcNAQEL\n\
BQAwDjEMMAoGA1UEAwwDaWRwMCAXDTI2MTEyMjA0MzMwNVoYDzIxMjYxMDI5MDQz\n\
MzA1WjAOMQwwCgYDVQQDDANpZHAwgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGB\n\
AO4lfGDmysg78vUKBSqOGfnSsTgUuCYfRgCg+u831Gh/Q3vzNir87xCBW7O3Zvxi\n\
6sD4e5EcPLAYOK6yeBIlm37NgcbNa3RSMwo3WHlvIyzirnaoaDsC2Ac47TjDKYUt\n\
arf6C4lhyUS/N1ZysTjcYME9okru5JZ/QfsmAbxF0KfdAgMBAAGjUzBRMB0GA1Ud\n\
DgQWBBSQ7CwA94gM7N7uvFjM0t7BBTtovDAfBgNVHSMEGDAWgBSQ7CwA94gM7N7u\n\
vFjM0t7BBTtovDAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4GBAFaj\n\
PD9YqBtd6Oa41v8fLNNW6/CFbG7pmCPcFvjG3eyOdS0WD9SMnNhHHGgULd1niPc1\n\
TRXbSZDrBQkl/+vA1S/TP7OD8BALIV/4T5a21PmbNyqqxN5zQFfToDaF/qQjdJfl\n\
ndg0Slq4RU6eJWjvxO/jWNwl3MbqBKYMO8ujDqg+\n\
-----END CERTIFICATE-----";
