//! Why an assertion proves nothing.

use crate::jose::{ClaimFault, JwtFault};

/// Why an assertion is refused. The wire tells none of it apart; the log does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssertionFault {
    /// It is no JWT, or nobody we know signed it.
    #[error(transparent)]
    Jwt(#[from] JwtFault),
    /// A claim of RFC 7519 is missing, malformed or speaks of another time.
    #[error(transparent)]
    Claim(#[from] ClaimFault),
    /// The certificate of its key is not valid now.
    #[error("the certificate is not valid now")]
    CertificateExpired,
    /// `aud` names somebody else.
    #[error("the assertion is for another recipient")]
    Audience,
    /// `iss` is not who may issue it.
    #[error("the assertion is by another issuer")]
    Issuer,
    /// `sub` is not the client (RFC 7523 §3).
    #[error("the assertion is about another subject")]
    Subject,
    /// A claim that the record asks for has another value.
    #[error("a claim has not the value it needs")]
    ClaimValue,
    /// It lives longer than a proof of a client may.
    #[error("the assertion lives too long")]
    Lifetime,
    /// Its `jti` was used before.
    #[error("the assertion was used before")]
    Replayed,
    /// The keys of its issuer cannot be fetched.
    #[error("the issuer's keys cannot be fetched")]
    KeysUnavailable,
    /// No user has the value in the user field.
    #[error("no user matches the subject")]
    UserUnknown,
    /// Several users have it.
    #[error("more than one user matches the subject")]
    UserAmbiguous,
    /// The user field is no column of users that people are known by.
    #[error("the user field is no field of users")]
    UserField,
    /// The user is an administrator.
    #[error("an administrator may not be asserted")]
    Administrator,
}

impl AssertionFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Jwt(fault) => fault.code(),
            Self::Claim(fault) => fault.code(),
            Self::CertificateExpired => "certificate_not_valid_now",
            Self::Audience => "assertion_audience_mismatch",
            Self::Issuer => "assertion_issuer_mismatch",
            Self::Subject => "assertion_subject_mismatch",
            Self::ClaimValue => "assertion_claim_mismatch",
            Self::Lifetime => "assertion_lives_too_long",
            Self::Replayed => "assertion_replayed",
            Self::KeysUnavailable => "assertion_keys_unavailable",
            Self::UserUnknown => "assertion_user_unknown",
            Self::UserAmbiguous => "assertion_user_ambiguous",
            Self::UserField => "assertion_user_field",
            Self::Administrator => "assertion_for_administrator",
        }
    }
}
