//! Tokens that name and prove themselves.
//!
//! A token is 64 bytes: 40 that say what it is ([`TokenClaims`]) and 24 of an HMAC-SHA256 over them under
//! the instance's key, written as 86 base64url characters without padding, as ServiceNow's tokens look
//! (`inbound-oauth.md` §2.0). Checking one needs no look-up but that of revocations; giving the same one out
//! again needs no more than its row. To those without the key it is opaque and unguessable (RFC 6749 §10.10).

mod claims;
mod id;
mod keys;

use std::fmt;

pub use claims::{TokenClaims, TokenKind};
pub use id::{TokenId, TokenIds};
pub use keys::KeyRing;
use zeroize::Zeroizing;

use crate::jose::JwtFault;

/// A token as its row in `oauth_credential` keeps it: enough to write the same text again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IssuedToken {
    /// What the token says.
    pub claims: TokenClaims,
    /// The key that proves it.
    pub key_id: u8,
}

/// The text of a token. It is never printed; [`TokenText::expose`] is the one way to it.
#[derive(Clone)]
pub struct TokenText(Zeroizing<[u8; Self::LEN]>);

impl TokenText {
    /// The length of every token, in characters.
    pub const LEN: usize = 86;

    /// Returns the text, to be sent to the client it belongs to.
    #[must_use]
    pub fn expose(&self) -> &str {
        // base64url is ASCII.
        std::str::from_utf8(self.0.as_slice()).unwrap_or_default()
    }
}

impl fmt::Debug for TokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenText(…)")
    }
}

/// Why a text is no token of this instance. Whether a token has expired is not asked here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// The text is not 64 bytes in base64url, or they say nothing known.
    #[error("the token is malformed")]
    Malformed,
    /// The key it names is not, or no longer, on the ring.
    #[error("the token's key is unknown")]
    UnknownKey,
    /// The proof does not fit.
    #[error("the token's proof does not fit")]
    BadMac,
    /// It has the form of a JWT and is none of ours.
    #[error("{0}")]
    Jwt(#[from] JwtFault),
    /// It is a JWT of another kind, such as an ID token.
    #[error("the JWT is no access token")]
    NotAnAccessToken,
    /// It is a JWT that names another issuer.
    #[error("the JWT is of another issuer")]
    OtherIssuer,
}

impl TokenFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "token_malformed",
            Self::UnknownKey => "token_key_unknown",
            Self::BadMac => "token_forged",
            Self::Jwt(fault) => fault.code(),
            Self::NotAnAccessToken => "token_not_access",
            Self::OtherIssuer => "token_of_other_issuer",
        }
    }
}
