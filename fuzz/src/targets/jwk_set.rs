//! JWK sets, as other issuers publish them (RFC 7517, RFC 7518).

use snowglobe_oauth::jose::KeySet;

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "jwk_set",
    run,
    words: &[
        "{\"keys\":[",
        "\"kty\":\"RSA\"",
        "\"kty\":\"EC\"",
        "\"kty\":\"oct\"",
        "\"crv\":\"P-256\"",
        "\"use\":\"sig\"",
        "\"n\":\"",
        "\"e\":\"AQAB\"",
        "\"x\":\"",
        "\"y\":\"",
        "\"x5c\":[\"",
    ],
};

fn run(bytes: &[u8]) {
    if let Ok(keys) = KeySet::parse(bytes) {
        assert_eq!(keys.iter().count(), keys.len());
    }
}
