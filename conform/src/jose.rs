//! JWTs, read and written by a JOSE library that the issuer does not use.

use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
    jwk::JwkSet,
};
use serde_json::Value;

/// Checks the signature with the published keys and returns the claims, unchecked otherwise.
pub(crate) fn verified(token: &str, keys: &Value) -> Result<Value> {
    let header = decode_header(token).context("the header of a JWT")?;
    let keys: JwkSet = serde_json::from_value(keys.clone()).context("a JWK set")?;
    let key = match &header.kid {
        Some(kid) => keys
            .find(kid)
            .with_context(|| format!("no key {kid} is published"))?,
        None if keys.keys.len() == 1 => &keys.keys[0],
        None => bail!("several keys are published, and the token names none"),
    };
    let mut validation = Validation::new(header.alg);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let token = decode::<Value>(token, &DecodingKey::from_jwk(key)?, &validation);
    Ok(token.context("the signature of a JWT")?.claims)
}

/// Signs what a client says of itself, with the key whose certificate is [`CERTIFICATE`].
pub(crate) fn assertion(claims: &Value) -> Result<String> {
    let key = EncodingKey::from_rsa_der(include_bytes!("key/key.der"));
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(KEY_ID.to_owned());
    Ok(encode(&header, claims, &key)?)
}

/// The certificate of the client that proves itself with a key of its own: for tests and nothing else.
pub const CERTIFICATE: &str = include_str!("key/certificate.pem");
/// The name of its key.
pub const KEY_ID: &str = "conformance";

/// The claims of a JWT, believed.
pub(crate) fn claims(token: &str) -> Result<Value> {
    let payload = token.split('.').nth(1).context("a JWT has three parts")?;
    Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload)?)?)
}
