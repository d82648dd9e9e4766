//! Why there is no token.

use snowglobe_oauth::{
    jose::KeyFault,
    outbound::{TokenCallFault, Trouble},
    reason,
};
use snowglobe_store::backend::{ApplyError, StoreError};

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BrokerFault {
    /// The grant's trouble, in the provider's words.
    #[error("{}", said(.0))]
    Trouble(Trouble),
    /// The profile, or its provider, is gone or inactive.
    #[error("the OAuth profile or its provider is inactive or gone")]
    Profile,
    /// The grant is none that is asked for here.
    #[error("the profile's grant type is none that this instance asks for")]
    Grant,
    /// Others were asking for too long.
    #[error("the provider is being asked, and has not answered in time")]
    Waited,
    /// No request can be made.
    #[error(transparent)]
    Request(#[from] TokenCallFault),
    /// A secret is not there, or was sealed under another master key.
    #[error("there is no secret or token that can be opened")]
    NoSecret,
    /// There is no JWT provider, or its key is inactive.
    #[error("there is no JWT provider with an active key")]
    NoJwtKey,
    /// Its key cannot be used.
    #[error("the JWT key cannot be used: {0}")]
    JwtKey(KeyFault),
    /// The machine gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BrokerFault {
    /// Returns the name of the reason.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Trouble(trouble) => {
                reason::find(&trouble.code).map_or("outbound_request_refused", |it| it.code)
            }
            Self::Profile => "outbound_profile_inactive",
            Self::Grant => "outbound_grant_unknown",
            Self::Waited => "outbound_waited",
            Self::Request(fault) => fault.code(),
            Self::NoSecret => "outbound_secret_missing",
            Self::NoJwtKey => "outbound_jwt_key_missing",
            Self::JwtKey(_) => "outbound_jwt_key_unusable",
            Self::NoRandomness | Self::Store(_) => "unavailable",
        }
    }

    /// Tells whether another attempt may do better.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(
            self.code(),
            "outbound_provider_failed"
                | "outbound_no_answer"
                | "outbound_unreachable"
                | "outbound_timed_out"
                | "outbound_connection_broken"
                | "outbound_waited"
                | "unavailable"
        )
    }

    /// Tells whether a person's consent would mend it.
    pub(crate) fn needs_consent(&self) -> bool {
        matches!(
            self.code(),
            "outbound_consent_missing" | "outbound_consent_ended" | "outbound_answer_lost"
        )
    }
}

impl From<ApplyError> for BrokerFault {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Store(error) => Self::Store(error),
            other => Self::Store(StoreError::Unavailable(other.to_string())),
        }
    }
}

fn said(trouble: &Trouble) -> String {
    let what = reason::find(&trouble.code).map_or("", |reason| reason.what);
    if trouble.detail.is_empty() {
        what.to_owned()
    } else {
        format!("{what} The provider: {}", trouble.detail)
    }
}
