//! Why a token, a claim or a key is refused.

/// Why a JWT is no proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwtFault {
    /// It is longer than [`Jwt::MAX_LEN`](super::Jwt::MAX_LEN).
    #[error("the JWT is too long")]
    TooLarge,
    /// It is not three parts of base64url with two JSON objects in them, each member once.
    #[error("the JWT is malformed")]
    Malformed,
    /// Its `alg` is missing, `none`, or no signature algorithm of ours.
    #[error("the JWT's algorithm is not supported")]
    AlgorithmUnknown,
    /// Its `alg` is not one the caller accepts.
    #[error("the JWT's algorithm is not allowed")]
    AlgorithmNotAllowed,
    /// Its header asks for an extension that is not understood: `crit`, `b64`, `zip`, or encryption.
    #[error("the JWT's header asks for what is not supported")]
    Extension,
    /// No key goes by its `kid`.
    #[error("the JWT's key is not known")]
    KeyUnknown,
    /// The key by its `kid` is not for its `alg`.
    #[error("the JWT's algorithm does not fit its key")]
    KeyUnfit,
    /// The signature is not by the key.
    #[error("the JWT's signature is not valid")]
    Signature,
}

impl JwtFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "jwt_too_large",
            Self::Malformed => "jwt_malformed",
            Self::AlgorithmUnknown => "jwt_algorithm_unknown",
            Self::AlgorithmNotAllowed => "jwt_algorithm_not_allowed",
            Self::Extension => "jwt_extension",
            Self::KeyUnknown => "jwt_key_unknown",
            Self::KeyUnfit => "jwt_key_unfit",
            Self::Signature => "jwt_signature_invalid",
        }
    }
}

/// Why what a verified JWT says is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimFault {
    /// A required claim is left out.
    #[error("the claim {0} is missing")]
    Missing(&'static str),
    /// A claim is of another type than its definition says.
    #[error("the claim {0} is malformed")]
    Malformed(&'static str),
    /// `exp` has passed.
    #[error("the JWT has expired")]
    Expired,
    /// `nbf` lies ahead.
    #[error("the JWT is not valid yet")]
    NotYetValid,
    /// `iat` lies ahead.
    #[error("the JWT was issued in the future")]
    IssuedAhead,
}

impl ClaimFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing(_) => "jwt_claim_missing",
            Self::Malformed(_) => "jwt_claim_malformed",
            Self::Expired => "jwt_expired",
            Self::NotYetValid => "jwt_not_yet_valid",
            Self::IssuedAhead => "jwt_issued_ahead",
        }
    }
}

/// Why a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// It is not of the form it should have.
    #[error("the key is malformed")]
    Malformed,
    /// It is of a type, a curve or for a use that is not supported.
    #[error("the key is of a type or for a use that is not supported")]
    Unsupported,
    /// RFC 7518 §3.3 wants 2048 bits of an RSA key, §3.2 as many bits of a shared key as the hash has.
    #[error("the key is too small")]
    TooSmall,
    /// The cryptographic library refused to make or to use it.
    #[error("the key was refused")]
    Refused,
}

impl KeyFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "key_malformed",
            Self::Unsupported => "key_unsupported",
            Self::TooSmall => "key_too_small",
            Self::Refused => "key_refused",
        }
    }
}
