//! Bearer tokens at the API (RFC 6750): whether a token, now, still opens anything.

use crate::{
    account::{Account, AccountFault, UserNo},
    client::{Client, ClientNo},
    resource::{self, Resources},
    scope::ScopeNo,
    time::{UnixMillis, UnixSeconds},
    token::{TokenClaims, TokenFault, TokenId, TokenKind},
};

/// Whom a request acts as, and for which client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The access token.
    pub token: TokenId,
    /// The client it was issued to.
    pub client: ClientNo,
    /// The user it acts as.
    pub user: UserNo,
    /// What it may be used for.
    pub scope: ScopeNo,
    /// The second it ends at.
    pub expires: UnixSeconds,
}

/// Why a bearer token opens nothing (`invalid_token`, RFC 6750 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BearerFault {
    /// It is no token of this instance.
    #[error(transparent)]
    Token(#[from] TokenFault),
    /// It is a refresh token, which is for the token endpoint only.
    #[error("the token is not an access token")]
    NotAnAccessToken,
    /// Its life is over.
    #[error("the token has expired")]
    Expired,
    /// It, or the grant it came from, was revoked.
    #[error("the token was revoked")]
    Revoked,
    /// The client it was issued to is gone or inactive.
    #[error("the token's client is not active")]
    ClientInactive,
    /// Its user is gone, blocked, or ended all tokens.
    #[error("{0}")]
    Account(#[from] AccountFault),
    /// It is for other resource servers (RFC 8707).
    #[error("the token is not for this instance")]
    OtherAudience,
}

impl BearerFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Token(fault) => fault.code(),
            Self::NotAnAccessToken => "token_not_access",
            Self::Expired => "token_expired",
            Self::Revoked => "token_revoked",
            Self::ClientInactive => "client_inactive",
            Self::Account(fault) => fault.code(),
            Self::OtherAudience => "token_for_another_audience",
        }
    }
}

/// Returns the token in an `Authorization` header (RFC 6750 §2.1).
#[must_use]
pub fn from_header(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.trim_start().split_once(' ')?;
    // RFC 9110 §11.1: scheme names are case-insensitive.
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Checks a verified token against all that may have happened since it was issued.
///
/// `revoked` knows the revoked tokens and families; `client` and `account` are those the token names.
///
/// # Errors
/// [`BearerFault`] when the token opens nothing any more.
pub fn check(
    claims: &TokenClaims,
    now: UnixMillis,
    revoked: impl Fn(TokenId) -> bool,
    client: Option<&Client>,
    account: Option<&Account>,
) -> Result<Bearer, BearerFault> {
    if claims.kind != TokenKind::Access {
        return Err(BearerFault::NotAnAccessToken);
    }
    alive(claims, now, revoked, client, account)?;
    let TokenClaims {
        id: token,
        client,
        user,
        scope,
        expires,
        ..
    } = *claims;
    Ok(Bearer {
        token,
        client,
        user,
        scope,
        expires,
    })
}

/// Checks that a token of either kind still stands.
///
/// # Errors
/// [`BearerFault`] when it does not.
pub(crate) fn alive(
    claims: &TokenClaims,
    now: UnixMillis,
    revoked: impl Fn(TokenId) -> bool,
    client: Option<&Client>,
    account: Option<&Account>,
) -> Result<(), BearerFault> {
    if !claims.expires.is_after(now) {
        return Err(BearerFault::Expired);
    }
    if revoked(claims.id) || claims.family.is_some_and(revoked) {
        return Err(BearerFault::Revoked);
    }
    if !client.is_some_and(|client| client.no == claims.client && client.active) {
        return Err(BearerFault::ClientInactive);
    }
    let account = account
        .filter(|account| account.no == claims.user)
        .ok_or(AccountFault::Unknown)?;
    account.in_use()?;
    account.honours(claims.id)?;
    Ok(())
}

/// Checks that a token is for this instance: it names no resource server, or names this one (RFC 8707 §2; "the
/// resource server MUST … refuse", RFC 9700 §2.3).
///
/// # Errors
/// [`BearerFault::OtherAudience`] when it is for others.
pub fn for_instance(resources: &Resources, issuer: &str) -> Result<(), BearerFault> {
    if resources.is_empty()
        || resources
            .iter()
            .any(|uri| resource::is_instance(uri, issuer))
    {
        Ok(())
    } else {
        Err(BearerFault::OtherAudience)
    }
}
