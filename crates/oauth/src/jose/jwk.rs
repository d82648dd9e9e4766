//! One JSON Web Key (RFC 7517 §4) that verifies, read from a set and written into one.

use serde_json::{Map, Value};

use super::{
    algorithm::Algorithm,
    encoding,
    fault::KeyFault,
    key::VerifyingKey,
    public_key::{Curve, PublicKey},
};

/// Reads a public key. A shared key (`kty` `oct`) in a document that anybody may fetch is no secret, so it is
/// none of the types known here.
pub(super) fn read(jwk: &Map<String, Value>) -> Result<VerifyingKey, KeyFault> {
    if !meant_to_verify(jwk)? {
        return Err(KeyFault::Unsupported);
    }
    let key = match text(jwk, "kty")?.ok_or(KeyFault::Malformed)? {
        "RSA" => PublicKey::rsa(&number(jwk, "n")?, &number(jwk, "e")?)?,
        "EC" => {
            let crv = text(jwk, "crv")?.ok_or(KeyFault::Malformed)?;
            let curve = Curve::parse(crv).ok_or(KeyFault::Unsupported)?;
            PublicKey::ec(curve, &number(jwk, "x")?, &number(jwk, "y")?)?
        }
        _ => return Err(KeyFault::Unsupported),
    };
    let alg = match text(jwk, "alg")? {
        None => None,
        Some(alg) => Some(Algorithm::parse(alg).ok_or(KeyFault::Unsupported)?),
    };
    VerifyingKey::public(text(jwk, "kid")?, &key, alg)
}

/// Writes a key that signs with `alg`.
pub(super) fn render(key: &PublicKey, kid: &str, alg: Algorithm) -> Map<String, Value> {
    let mut jwk = key.members();
    for (name, value) in [("kid", kid), ("use", "sig"), ("alg", alg.as_str())] {
        jwk.insert(name.to_owned(), value.into());
    }
    jwk
}

/// RFC 7517 §4.2, §4.3: what a key says it is for counts.
fn meant_to_verify(jwk: &Map<String, Value>) -> Result<bool, KeyFault> {
    let for_signatures = text(jwk, "use")?.is_none_or(|use_| use_ == "sig");
    let verifies = match jwk.get("key_ops") {
        None => true,
        Some(Value::Array(operations)) => operations.iter().any(|it| it == "verify"),
        Some(_) => return Err(KeyFault::Malformed),
    };
    Ok(for_signatures && verifies)
}

fn text<'a>(jwk: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, KeyFault> {
    match jwk.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(KeyFault::Malformed),
    }
}

fn number(jwk: &Map<String, Value>, name: &str) -> Result<Vec<u8>, KeyFault> {
    let text = text(jwk, name)?.ok_or(KeyFault::Malformed)?;
    encoding::decode(text).ok_or(KeyFault::Malformed)
}
