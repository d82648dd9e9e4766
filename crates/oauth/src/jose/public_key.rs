//! A public key as its numbers: what JWKs, certificates and thumbprints say about it.

use aws_lc_rs::{
    digest,
    error::KeyRejected,
    signature::{
        self, EcdsaVerificationAlgorithm, ParsedPublicKey, RsaParameters, RsaPublicKeyComponents,
    },
};
use serde_json::{Map, Value};
use x509_cert::{
    der::{Decode, Reader, SliceReader, asn1::UintRef, oid::ObjectIdentifier},
    spki::SubjectPublicKeyInfoRef,
};

use super::{algorithm::Algorithm, encoding, fault::KeyFault};

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// RFC 7518 §6.3: big-endian, without leading zeros.
    Rsa {
        /// The modulus.
        n: Box<[u8]>,
        /// The exponent.
        e: Box<[u8]>,
    },
    /// RFC 7518 §6.2: coordinates of the full length of the curve's field.
    Ec {
        /// The curve.
        curve: Curve,
        /// The x coordinate.
        x: Box<[u8]>,
        /// The y coordinate.
        y: Box<[u8]>,
    },
}

/// A curve of RFC 7518 §6.2.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
}

impl PublicKey {
    /// Takes the numbers of an RSA key.
    ///
    /// # Errors
    /// [`KeyFault::TooSmall`] below 2048 bits (RFC 7518 §3.3), [`KeyFault::Unsupported`] above 8192 bits or with
    /// an exponent nobody uses, [`KeyFault::Malformed`] with leading zeros (RFC 7518 §2, `Base64urlUInt`).
    pub fn rsa(n: &[u8], e: &[u8]) -> Result<Self, KeyFault> {
        let (Some(&first), Some(&last)) = (n.first(), e.last()) else {
            return Err(KeyFault::Malformed);
        };
        if first == 0 || e.first() == Some(&0) {
            return Err(KeyFault::Malformed);
        }
        let bits = n.len() * 8 - first.leading_zeros() as usize;
        if bits < 2048 {
            return Err(KeyFault::TooSmall);
        }
        // An exponent of 1 makes every message its own signature.
        let exponent_fits = e.len() <= 4 && last % 2 == 1 && (e.len() > 1 || last >= 3);
        if bits > 8192 || !exponent_fits {
            return Err(KeyFault::Unsupported);
        }
        let (n, e) = (n.into(), e.into());
        Ok(Self::Rsa { n, e })
    }

    /// Takes a point of a curve.
    ///
    /// # Errors
    /// [`KeyFault::Malformed`] when a coordinate is not of the field's length.
    pub fn ec(curve: Curve, x: &[u8], y: &[u8]) -> Result<Self, KeyFault> {
        if x.len() != curve.field_len() || y.len() != curve.field_len() {
            return Err(KeyFault::Malformed);
        }
        let (x, y) = (x.into(), y.into());
        Ok(Self::Ec { curve, x, y })
    }

    /// Takes a point as SEC 1 §2.3.3 writes it, uncompressed.
    pub(super) fn ec_point(curve: Curve, point: &[u8]) -> Result<Self, KeyFault> {
        match point.split_first() {
            Some((4, coordinates)) if coordinates.len() == 2 * curve.field_len() => {
                let (x, y) = coordinates.split_at(curve.field_len());
                Self::ec(curve, x, y)
            }
            _ => Err(KeyFault::Malformed),
        }
    }

    /// Takes the key that a certificate or a `PUBLIC KEY` holds.
    pub(super) fn from_spki(spki: &SubjectPublicKeyInfoRef<'_>) -> Result<Self, KeyFault> {
        let key = spki.subject_public_key.as_bytes();
        let key = key.ok_or(KeyFault::Malformed)?;
        match spki.algorithm.oid {
            RSA_ENCRYPTION => Self::from_rsa_der(key),
            EC_PUBLIC_KEY => {
                let parameters = spki.algorithm.parameters.ok_or(KeyFault::Malformed)?;
                let oid = parameters.decode_as().map_err(|_| KeyFault::Unsupported)?;
                let curve = Curve::by_oid(oid).ok_or(KeyFault::Unsupported)?;
                Self::ec_point(curve, key)
            }
            _ => Err(KeyFault::Unsupported),
        }
    }

    /// Takes an `RSAPublicKey` (RFC 8017 §A.1.1).
    pub(super) fn from_rsa_der(der: &[u8]) -> Result<Self, KeyFault> {
        let numbers = |reader: &mut SliceReader<'_>| -> x509_cert::der::Result<_> {
            let n = UintRef::decode(reader)?.as_bytes().to_vec();
            Ok((n, UintRef::decode(reader)?.as_bytes().to_vec()))
        };
        let mut reader = SliceReader::new(der).map_err(|_| KeyFault::Malformed)?;
        let (n, e) = reader
            .sequence(numbers)
            .map_err(|_: x509_cert::der::Error| KeyFault::Malformed)?;
        Self::rsa(&n, &e)
    }

    /// Returns the algorithms that rest on this key, each with what verifies by it.
    pub(super) fn verifiers(&self) -> Result<Vec<(Algorithm, ParsedPublicKey)>, KeyFault> {
        match self {
            Self::Rsa { n, e } => {
                let components = RsaPublicKeyComponents { n, e };
                RSA.into_iter()
                    .map(|(algorithm, by)| Ok((algorithm, components.to_parsed_public_key(by)?)))
                    .collect::<Result<_, KeyRejected>>()
            }
            Self::Ec { curve, x, y } => {
                let (algorithm, by) = curve.verification();
                let point = [&[4][..], x, y].concat();
                ParsedPublicKey::new(by, point).map(|key| vec![(algorithm, key)])
            }
        }
        .map_err(|_| KeyFault::Malformed)
    }

    /// Returns the members of a JWK that are the key itself, in the order of RFC 7638 §3.
    pub(super) fn members(&self) -> Map<String, Value> {
        let members: &[(&str, String)] = &match self {
            Self::Rsa { n, e } => vec![
                ("e", encoding::encode(e)),
                ("kty", "RSA".to_owned()),
                ("n", encoding::encode(n)),
            ],
            Self::Ec { curve, x, y } => vec![
                ("crv", curve.as_str().to_owned()),
                ("kty", "EC".to_owned()),
                ("x", encoding::encode(x)),
                ("y", encoding::encode(y)),
            ],
        };
        let member = |(name, value): &(&str, String)| ((*name).to_owned(), value.clone().into());
        members.iter().map(member).collect()
    }

    /// Returns the key's thumbprint (RFC 7638 with SHA-256): a name that follows from the key.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let canonical = Value::Object(self.members()).to_string();
        encoding::encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
    }
}

impl Curve {
    /// Reads the `crv` of a JWK.
    #[must_use]
    pub fn parse(crv: &str) -> Option<Self> {
        let curves = [Self::P256, Self::P384, Self::P521];
        curves.into_iter().find(|curve| curve.as_str() == crv)
    }

    /// Returns the name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    fn by_oid(oid: ObjectIdentifier) -> Option<Self> {
        // RFC 5480 §2.1.1.1
        match oid.to_string().as_str() {
            "1.2.840.10045.3.1.7" => Some(Self::P256),
            "1.3.132.0.34" => Some(Self::P384),
            "1.3.132.0.35" => Some(Self::P521),
            _ => None,
        }
    }

    fn field_len(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// RFC 7518 §3.4: each curve has its one hash.
    fn verification(self) -> (Algorithm, &'static EcdsaVerificationAlgorithm) {
        match self {
            Self::P256 => (Algorithm::Es256, &signature::ECDSA_P256_SHA256_FIXED),
            Self::P384 => (Algorithm::Es384, &signature::ECDSA_P384_SHA384_FIXED),
            Self::P521 => (Algorithm::Es512, &signature::ECDSA_P521_SHA512_FIXED),
        }
    }
}

const RSA: [(Algorithm, &RsaParameters); 6] = [
    (Algorithm::Rs256, &signature::RSA_PKCS1_2048_8192_SHA256),
    (Algorithm::Rs384, &signature::RSA_PKCS1_2048_8192_SHA384),
    (Algorithm::Rs512, &signature::RSA_PKCS1_2048_8192_SHA512),
    (Algorithm::Ps256, &signature::RSA_PSS_2048_8192_SHA256),
    (Algorithm::Ps384, &signature::RSA_PSS_2048_8192_SHA384),
    (Algorithm::Ps512, &signature::RSA_PSS_2048_8192_SHA512),
];
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
