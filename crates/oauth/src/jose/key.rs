//! A key that verifies: a short list of algorithms, each with what verifies by it.

use std::fmt;

use aws_lc_rs::{hmac, signature::ParsedPublicKey};

use super::{
    algorithm::Algorithm,
    certificate::{Certificate, Validity},
    fault::{JwtFault, KeyFault},
    public_key::PublicKey,
};

/// A key that signatures are verified by.
pub struct VerifyingKey {
    kid: Option<Box<str>>,
    validity: Option<Validity>,
    verifiers: Vec<(Algorithm, Verifier)>,
}

enum Verifier {
    Public(ParsedPublicKey),
    Shared(Box<hmac::Key>),
}

impl VerifyingKey {
    /// Makes a key from a public key; `alg` narrows what it verifies to one algorithm (RFC 7517 §4.4).
    ///
    /// # Errors
    /// [`KeyFault::Malformed`] when the numbers are no key, such as a point beside its curve;
    /// [`KeyFault::Unsupported`] when `alg` is none of the key's.
    pub fn public(
        kid: Option<&str>,
        key: &PublicKey,
        alg: Option<Algorithm>,
    ) -> Result<Self, KeyFault> {
        let verifiers: Vec<_> = key
            .verifiers()?
            .into_iter()
            .filter(|(algorithm, _)| alg.is_none_or(|alg| alg == *algorithm))
            .map(|(algorithm, key)| (algorithm, Verifier::Public(key)))
            .collect();
        if verifiers.is_empty() {
            return Err(KeyFault::Unsupported);
        }
        Ok(Self {
            kid: kid.map(Into::into),
            validity: None,
            verifiers,
        })
    }

    /// Makes a key from a certificate, within whose time it counts.
    ///
    /// # Errors
    /// As [`Self::public`].
    pub fn certified(kid: Option<&str>, certificate: &Certificate) -> Result<Self, KeyFault> {
        let key = Self::public(kid, &certificate.public_key, None)?;
        Ok(Self {
            validity: Some(certificate.validity),
            ..key
        })
    }

    /// Makes a key from a shared secret.
    ///
    /// # Errors
    /// [`KeyFault::TooSmall`] when it is shorter than 32 bytes. RFC 7518 §3.2: "A key of the same size as the
    /// hash output … or larger MUST be used", so one of 32 bytes verifies `HS256` and nothing else.
    pub fn shared(kid: Option<&str>, secret: &[u8]) -> Result<Self, KeyFault> {
        let fits =
            |(_, hash): &(_, hmac::Algorithm)| secret.len() >= hash.digest_algorithm().output_len();
        let verifiers: Vec<_> = SHARED
            .into_iter()
            .filter(fits)
            .map(|(algorithm, hash)| {
                (
                    algorithm,
                    Verifier::Shared(Box::new(hmac::Key::new(hash, secret))),
                )
            })
            .collect();
        if verifiers.is_empty() {
            return Err(KeyFault::TooSmall);
        }
        Ok(Self {
            kid: kid.map(Into::into),
            validity: None,
            verifiers,
        })
    }

    /// Returns the name that headers find it by.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Returns the time its certificate limits it to.
    #[must_use]
    pub fn validity(&self) -> Option<Validity> {
        self.validity
    }

    /// Returns the algorithms it verifies.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.verifiers.iter().map(|(algorithm, _)| *algorithm)
    }

    pub(super) fn verify(
        &self,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), JwtFault> {
        let verifier = self.verifiers.iter().find(|(own, _)| *own == algorithm);
        let (_, verifier) = verifier.ok_or(JwtFault::KeyUnfit)?;
        match verifier {
            Verifier::Public(key) => key.verify_sig(message, signature),
            Verifier::Shared(key) => hmac::verify(key, message, signature),
        }
        .map_err(|_| JwtFault::Signature)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let algorithms: Vec<_> = self.algorithms().collect();
        f.debug_struct("VerifyingKey")
            .field("kid", &self.kid)
            .field("algorithms", &algorithms)
            .finish_non_exhaustive()
    }
}

pub(super) const SHARED: [(Algorithm, hmac::Algorithm); 3] = [
    (Algorithm::Hs256, hmac::HMAC_SHA256),
    (Algorithm::Hs384, hmac::HMAC_SHA384),
    (Algorithm::Hs512, hmac::HMAC_SHA512),
];
