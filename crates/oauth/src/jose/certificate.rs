//! The public key of an X.509 certificate (`sys_certificate`, RFC 5280 §4.1).
//!
//! The certificate is trusted because an administrator put it there, as ServiceNow does it: no chain is built.
//! Its time counts all the same.

use x509_cert::der::{Decode, Document, pem::PemLabel as _, referenced::OwnedToRef as _};

use super::{fault::KeyFault, public_key::PublicKey};
use crate::time::UnixMillis;

/// What a certificate says of its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The key.
    pub public_key: PublicKey,
    /// When it counts.
    pub validity: Validity,
}

/// From when to when a certificate counts, both ends included (RFC 5280 §4.1.2.5); seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// `notBefore`
    pub not_before: i64,
    /// `notAfter`
    pub not_after: i64,
}

impl Certificate {
    /// Reads a certificate: PEM, the first block where there are several; text around it does not matter.
    ///
    /// # Errors
    /// [`KeyFault`] when it is none, or its key is of a kind or size that is not supported.
    pub fn from_pem(pem: &str) -> Result<Self, KeyFault> {
        let block = first_block(pem).ok_or(KeyFault::Malformed)?;
        let (label, document) = Document::from_pem(block).map_err(|_| KeyFault::Malformed)?;
        x509_cert::Certificate::validate_pem_label(label).map_err(|_| KeyFault::Malformed)?;
        Self::from_der(document.as_bytes())
    }

    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// As [`Self::from_pem`].
    pub fn from_der(der: &[u8]) -> Result<Self, KeyFault> {
        let certificate = x509_cert::Certificate::from_der(der).map_err(|_| KeyFault::Malformed)?;
        let certificate = certificate.tbs_certificate();
        let validity = certificate.validity();
        let seconds = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
        };
        let spki = certificate.subject_public_key_info().owned_to_ref();
        Ok(Self {
            public_key: PublicKey::from_spki(&spki)?,
            validity: Validity {
                not_before: seconds(validity.not_before),
                not_after: seconds(validity.not_after),
            },
        })
    }
}

impl Validity {
    /// Tells whether `now` lies within.
    #[must_use]
    pub fn holds_at(self, now: UnixMillis) -> bool {
        (self.not_before..=self.not_after).contains(&now.0.div_euclid(1000))
    }
}

fn first_block(pem: &str) -> Option<&str> {
    let start = pem.find(BEGIN)?;
    let rest = &pem[start..];
    let end = rest.find(END)?;
    rest.get(..end + END.len())
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
