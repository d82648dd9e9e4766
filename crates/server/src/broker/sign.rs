//! JWTs that this instance proves itself with elsewhere (`outbound-oauth.md` §5).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};
use snowglobe_oauth::{
    jose::{Algorithm, KeyFault, SigningKey},
    outbound::{JwtProvider, SigningConfiguration},
    secret::Secret,
};
use snowglobe_store::SecretOf;

use super::BrokerFault;
use crate::app::App;

/// Signs claims with the key of a JWT provider.
pub(super) fn sign(
    app: &App,
    by: &JwtProvider,
    claims: &Map<String, Value>,
) -> Result<Secret, BrokerFault> {
    let configuration = by.key.as_ref().ok_or(BrokerFault::NoJwtKey)?;
    let stored = app
        .store
        .outbound_secret(SecretOf::JwtKey, &configuration.sys_id)
        .ok_or(BrokerFault::NoJwtKey)?;
    let key = key(configuration, &stored).map_err(BrokerFault::JwtKey)?;
    let jwt = key.sign("JWT", claims).map_err(BrokerFault::JwtKey)?;
    Ok(Secret::new(jwt))
}

fn key(configuration: &SigningConfiguration, stored: &Secret) -> Result<SigningKey, KeyFault> {
    let algorithm = configuration.algorithm.0;
    if Algorithm::SHARED.contains(&algorithm) {
        return SigningKey::shared(algorithm, &configuration.kid, stored.expose().as_bytes());
    }
    let der = der(stored.expose()).ok_or(KeyFault::Malformed)?;
    Ok(SigningKey::from_pkcs8(algorithm, &der)?.named(&configuration.kid))
}

/// PEM, with or without its lines: a password field takes them away.
fn der(pem: &str) -> Option<Vec<u8>> {
    const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
    const END: &str = "-----END PRIVATE KEY-----";
    let (_, rest) = pem.split_once(BEGIN)?;
    let (body, _) = rest.split_once(END)?;
    let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(body).ok()
}

#[cfg(test)]
mod tests {
    use super::der;

    #[test]
    fn a_key_is_read_with_and_without_its_lines() {
        let pem = "-----BEGIN PRIVATE KEY-----\nAQID\nBA==\n-----END PRIVATE KEY-----\n";
        assert_eq!(der(pem), Some(vec![1, 2, 3, 4]));
        assert_eq!(der(&pem.replace('\n', " ")), Some(vec![1, 2, 3, 4]));
        assert_eq!(der("-----BEGIN RSA PRIVATE KEY-----\nAQID\n"), None);
        assert_eq!(der("AQID"), None);
    }
}
