//! Bearer tokens at the API (RFC 6750): whether a token, now, still opens anything.

use crate::{
    account::{Account, AccountFault, UserNo},
    client::{Client, ClientNo},
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
