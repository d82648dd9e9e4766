//! A key that signs, and its way in and out of safe-keeping.
//!
//! Generating a key, and signing by `PS…` and `ES…`, draw on the random source inside `aws-lc-rs`: it accepts no
//! other. It is the one place where this crate has randomness of its own; nothing that decides comes near it.

use std::fmt;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    hmac,
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{self, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _, RsaEncoding},
};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::{
    algorithm::Algorithm,
    encoding,
    fault::KeyFault,
    jwk,
    key::{SHARED, VerifyingKey},
    public_key::{Curve, PublicKey},
};

/// A key that signs with one algorithm.
pub struct SigningKey {
    kid: Box<str>,
    algorithm: Algorithm,
    signer: Signer,
}

enum Signer {
    Rsa {
        pair: Box<RsaKeyPair>,
        encoding: &'static dyn RsaEncoding,
        public: PublicKey,
    },
    Ec {
        pair: Box<EcdsaKeyPair>,
        public: PublicKey,
    },
    Shared(Box<hmac::Key>),
}

impl SigningKey {
    /// Generates a key: RSA of 2048 bits, or a point of the algorithm's curve. Its thumbprint is its name.
    ///
    /// # Errors
    /// [`KeyFault::Unsupported`] for an algorithm of shared keys.
    pub fn generate(algorithm: Algorithm) -> Result<Self, KeyFault> {
        let signer = match family(algorithm) {
            Family::Rsa(encoding) => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048);
                Signer::rsa(pair.map_err(|_| KeyFault::Refused)?, encoding)?
            }
            Family::Ec(curve, by) => {
                let pair = EcdsaKeyPair::generate(by);
                Signer::ec(pair.map_err(|_| KeyFault::Refused)?, curve)?
            }
            Family::Shared(_) => return Err(KeyFault::Unsupported),
        };
        Ok(Self::named_by_thumbprint(algorithm, signer))
    }

    /// Takes a private key in PKCS #8 (DER). Its thumbprint is its name.
    ///
    /// # Errors
    /// [`KeyFault`] when it is none, or not one for the algorithm.
    pub fn from_pkcs8(algorithm: Algorithm, der: &[u8]) -> Result<Self, KeyFault> {
        let signer = match family(algorithm) {
            Family::Rsa(encoding) => {
                let pair = RsaKeyPair::from_pkcs8(der);
                Signer::rsa(pair.map_err(|_| KeyFault::Malformed)?, encoding)?
            }
            Family::Ec(curve, by) => {
                let pair = EcdsaKeyPair::from_pkcs8(by, der);
                Signer::ec(pair.map_err(|_| KeyFault::Malformed)?, curve)?
            }
            Family::Shared(_) => return Err(KeyFault::Unsupported),
        };
        Ok(Self::named_by_thumbprint(algorithm, signer))
    }

    /// Takes a shared key.
    ///
    /// # Errors
    /// [`KeyFault::TooSmall`] as [`VerifyingKey::shared`]; [`KeyFault::Unsupported`] for other algorithms.
    pub fn shared(algorithm: Algorithm, kid: &str, secret: &[u8]) -> Result<Self, KeyFault> {
        let Family::Shared(hash) = family(algorithm) else {
            return Err(KeyFault::Unsupported);
        };
        if secret.len() < hash.digest_algorithm().output_len() {
            return Err(KeyFault::TooSmall);
        }
        Ok(Self {
            kid: kid.into(),
            algorithm,
            signer: Signer::Shared(Box::new(hmac::Key::new(hash, secret))),
        })
    }

    fn named_by_thumbprint(algorithm: Algorithm, signer: Signer) -> Self {
        let kid = signer.public().map(PublicKey::thumbprint);
        Self {
            kid: kid.unwrap_or_default().into(),
            algorithm,
            signer,
        }
    }

    /// Gives it another name.
    #[must_use]
    pub fn named(self, kid: &str) -> Self {
        let kid = kid.into();
        Self { kid, ..self }
    }

    /// Returns its name, which the headers it signs carry.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Returns the algorithm it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the private key in PKCS #8 (DER), to be sealed and stored.
    ///
    /// # Errors
    /// [`KeyFault::Unsupported`] for a shared key.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let der = match &self.signer {
            Signer::Rsa { pair, .. } => {
                let der: Result<Pkcs8V1Der<'_>, _> = pair.as_der();
                der.map(|der| der.as_ref().to_vec())
            }
            Signer::Ec { pair, .. } => pair.to_pkcs8v1().map(|der| der.as_ref().to_vec()),
            Signer::Shared(_) => return Err(KeyFault::Unsupported),
        };
        der.map(Zeroizing::new).map_err(|_| KeyFault::Refused)
    }

    /// Returns the public half; a shared key has none.
    #[must_use]
    pub fn public_key(&self) -> Option<&PublicKey> {
        self.signer.public()
    }

    /// Returns the public half as the key that verifies by its name, with its algorithm and no other.
    ///
    /// # Errors
    /// [`KeyFault::Unsupported`] for a shared key.
    pub fn verifying_key(&self) -> Result<VerifyingKey, KeyFault> {
        let public = self.public_key().ok_or(KeyFault::Unsupported)?;
        VerifyingKey::public(Some(&self.kid), public, Some(self.algorithm))
    }

    /// Returns the public half as a JWK.
    #[must_use]
    pub fn jwk(&self) -> Option<Map<String, Value>> {
        let public = self.public_key()?;
        Some(jwk::render(public, &self.kid, self.algorithm))
    }

    /// Signs claims as a JWT of the kind `typ`: `JWT`, `at+jwt`.
    ///
    /// # Errors
    /// [`KeyFault::Refused`] when the cryptographic library fails.
    pub fn sign(&self, typ: &str, claims: &Map<String, Value>) -> Result<String, KeyFault> {
        let members = [
            ("alg", self.algorithm.as_str()),
            ("typ", typ),
            ("kid", &self.kid),
        ];
        let header: Map<String, Value> = members
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let claims = serde_json::to_string(claims).map_err(|_| KeyFault::Refused)?;
        let mut text = encoding::encode(Value::Object(header).to_string());
        text.push('.');
        text.push_str(&encoding::encode(claims));
        let signature = self.signer.sign(text.as_bytes())?;
        text.push('.');
        text.push_str(&encoding::encode(signature));
        Ok(text)
    }
}

impl Signer {
    fn rsa(pair: RsaKeyPair, encoding: &'static dyn RsaEncoding) -> Result<Self, KeyFault> {
        let public = PublicKey::from_rsa_der(pair.public_key().as_ref())?;
        let pair = Box::new(pair);
        Ok(Self::Rsa {
            pair,
            encoding,
            public,
        })
    }

    fn ec(pair: EcdsaKeyPair, curve: Curve) -> Result<Self, KeyFault> {
        let public = PublicKey::ec_point(curve, pair.public_key().as_ref())?;
        let pair = Box::new(pair);
        Ok(Self::Ec { pair, public })
    }

    fn public(&self) -> Option<&PublicKey> {
        match self {
            Self::Rsa { public, .. } | Self::Ec { public, .. } => Some(public),
            Self::Shared(_) => None,
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa { pair, encoding, .. } => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature)
                    .map(|()| signature)
            }
            Self::Ec { pair, .. } => pair
                .sign(&random, message)
                .map(|signature| signature.as_ref().to_vec()),
            Self::Shared(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
        }
        .map_err(|_| KeyFault::Refused)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

enum Family {
    Rsa(&'static dyn RsaEncoding),
    Ec(Curve, &'static EcdsaSigningAlgorithm),
    Shared(hmac::Algorithm),
}

fn family(algorithm: Algorithm) -> Family {
    match algorithm {
        Algorithm::Hs256 => Family::Shared(SHARED[0].1),
        Algorithm::Hs384 => Family::Shared(SHARED[1].1),
        Algorithm::Hs512 => Family::Shared(SHARED[2].1),
        Algorithm::Rs256 => Family::Rsa(&signature::RSA_PKCS1_SHA256),
        Algorithm::Rs384 => Family::Rsa(&signature::RSA_PKCS1_SHA384),
        Algorithm::Rs512 => Family::Rsa(&signature::RSA_PKCS1_SHA512),
        Algorithm::Ps256 => Family::Rsa(&signature::RSA_PSS_SHA256),
        Algorithm::Ps384 => Family::Rsa(&signature::RSA_PSS_SHA384),
        Algorithm::Ps512 => Family::Rsa(&signature::RSA_PSS_SHA512),
        Algorithm::Es256 => Family::Ec(Curve::P256, &signature::ECDSA_P256_SHA256_FIXED_SIGNING),
        Algorithm::Es384 => Family::Ec(Curve::P384, &signature::ECDSA_P384_SHA384_FIXED_SIGNING),
        Algorithm::Es512 => Family::Ec(Curve::P521, &signature::ECDSA_P521_SHA512_FIXED_SIGNING),
    }
}
