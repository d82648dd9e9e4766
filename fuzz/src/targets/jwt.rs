//! Signed JWTs (RFC 7515, RFC 7519): nothing verifies that was not signed with the key.

use std::sync::{Arc, LazyLock};

use snowglobe_oauth::jose::{Algorithm, Jwt, KeySet, VerifyingKey};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "jwt",
    run,
    words: &[
        "eyJhbGciOiJIUzI1NiJ9",
        "eyJhbGciOiJub25lIn0",
        "eyJhbGciOiJSUzI1NiJ9",
        ".e30.",
        "\"alg\":\"HS256\"",
        "\"crit\":[\"b64\"]",
        "\"b64\":false",
        "\"jku\":",
        "\"kid\":",
        "\"zip\":\"DEF\"",
    ],
};

/// A key that no input of the corpus was signed with.
static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    let key = VerifyingKey::shared(None, &[7; 32]).expect("a key of 256 bits");
    KeySet::of([Arc::new(key)])
});

/// The input is a token; where it is none, a header and claims in clear are made into one, so that the fuzzer gets
/// behind base64url.
fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    read(text);
    if let Some((header, claims)) = text.split_once('\0') {
        read(&format!("{}.{}.AAAA", encoded(header), encoded(claims)));
    }
}

fn read(text: &str) {
    let Ok(jwt) = Jwt::parse(text) else {
        return;
    };
    let claims = jwt.unproven_claims();
    let _ = claims.text("sub");
    let _ = claims.seconds("exp");
    let _ = claims.audience();
    assert!(
        jwt.verify(&KEYS, &Algorithm::SHARED).is_err(),
        "a forged token verifies"
    );
}

fn encoded(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}
