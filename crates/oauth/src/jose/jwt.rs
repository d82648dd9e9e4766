//! The compact serialization (RFC 7515 §7.1): a header, claims and a signature, with dots between them.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    algorithm::Algorithm, claims::Claims, encoding, fault::JwtFault, json, jwks::KeySet,
    key::VerifyingKey,
};

/// A JWT that was read and is not believed yet.
#[derive(Debug, Clone)]
pub struct Jwt<'t> {
    header: Header,
    claims: Claims,
    /// Header and claims as they were sent: what is signed.
    message: &'t str,
    signature: Vec<u8>,
}

/// What a header says, of all that may be in one. Nothing else in it is looked at, keys and addresses of keys
/// above all (`jwk`, `jku`, `x5c`, `x5u`): who signs must not choose whom we believe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The algorithm of the signature.
    pub alg: Algorithm,
    /// The name of the key.
    pub kid: Option<Box<str>>,
    /// What kind of JWT it is (RFC 8725 §3.11), compared without regard to case.
    pub typ: Option<Box<str>>,
}

/// A JWT whose signature is right; made by [`Jwt::verify`] alone.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Its header.
    pub header: Header,
    /// What it claims. That these hold of the time and of the recipient is for the caller to check.
    pub claims: Claims,
    /// The key that signed it.
    pub key: Arc<VerifyingKey>,
}

impl<'t> Jwt<'t> {
    /// The longest JWT that is looked at, in bytes.
    pub const MAX_LEN: usize = 16 * 1024;

    /// Reads a JWT.
    ///
    /// # Errors
    /// [`JwtFault`] when it has not the one form that RFC 7515 §7.1 and RFC 7519 §7.2 allow, or asks for more
    /// than is known here.
    pub fn parse(text: &'t str) -> Result<Self, JwtFault> {
        if text.len() > Self::MAX_LEN {
            return Err(JwtFault::TooLarge);
        }
        let (message, signature) = text.rsplit_once('.').ok_or(JwtFault::Malformed)?;
        let (header, claims) = message.split_once('.').ok_or(JwtFault::Malformed)?;
        let header = Header::read(&object(header)?)?;
        Ok(Self {
            header,
            claims: Claims::from(object(claims)?),
            message,
            signature: encoding::decode(signature).ok_or(JwtFault::Malformed)?,
        })
    }

    /// Returns its header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Returns what it claims, which nobody has proven: good for finding out whose keys to verify it with.
    #[must_use]
    pub fn unproven_claims(&self) -> &Claims {
        &self.claims
    }

    /// Verifies the signature with one of `keys`, by an algorithm in `allowed`.
    ///
    /// # Errors
    /// [`JwtFault`] says what failed; [`JwtFault::KeyUnknown`] may mean that the keys are not the newest.
    pub fn verify(self, keys: &KeySet, allowed: &[Algorithm]) -> Result<Verified, JwtFault> {
        // RFC 8725 §3.1: "Each … MUST enable the caller to specify a supported set of algorithms".
        if !allowed.contains(&self.header.alg) {
            return Err(JwtFault::AlgorithmNotAllowed);
        }
        let key = keys.verify(&self.header, self.message.as_bytes(), &self.signature)?;
        Ok(Verified {
            key: Arc::clone(key),
            header: self.header,
            claims: self.claims,
        })
    }
}

impl Header {
    fn read(header: &Map<String, Value>) -> Result<Self, JwtFault> {
        // RFC 7515 §4.1.11: what `crit` names must be understood, and none of it is. RFC 7797's `b64` and any
        // compression change what the other parts mean; `enc` is the mark of an encrypted token.
        if ["crit", "b64", "zip", "enc"]
            .iter()
            .any(|it| header.contains_key(*it))
        {
            return Err(JwtFault::Extension);
        }
        let alg = text(header, "alg")?.and_then(|alg| Algorithm::parse(&alg));
        Ok(Self {
            alg: alg.ok_or(JwtFault::AlgorithmUnknown)?,
            kid: text(header, "kid")?,
            typ: text(header, "typ")?,
        })
    }
}

fn object(part: &str) -> Result<Map<String, Value>, JwtFault> {
    let bytes = encoding::decode(part).ok_or(JwtFault::Malformed)?;
    json::object(&bytes).ok_or(JwtFault::Malformed)
}

fn text(header: &Map<String, Value>, name: &str) -> Result<Option<Box<str>>, JwtFault> {
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str().into())),
        Some(_) => Err(JwtFault::Malformed),
    }
}
