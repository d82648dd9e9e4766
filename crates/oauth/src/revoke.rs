//! Revocation (RFC 7009; `oauth_revoke_token.do`, `inbound-oauth.md` §4.2).
//!
//! Revoking a refresh token ends its family, the access tokens obtained with it among them; revoking an
//! access token ends that one. A text that is no token of ours is a success: "the purpose of the revocation
//! request, invalidating the particular token, is already achieved" (RFC 7009 §2.2).

use crate::{
    change::Change,
    client::{Client, ClientNo},
    client_auth::{AuthenticatedClient, Presented},
    error::{ClientFault, GrantFault, RequestFault, TokenError},
    form::Form,
    policy::{Policy, RevocationBy},
    secret::PresentedSecret,
    time::{UnixMillis, UnixSeconds},
    token::{TokenClaims, TokenFault, TokenId, TokenKind},
};

/// A revocation request. `token_type_hint` is not looked at: a token tells its kind itself.
#[derive(Debug, Clone)]
pub struct RevocationRequest<'r> {
    /// What it says about its client.
    pub presented: Presented<'r>,
    /// The token to revoke.
    pub token: PresentedSecret<'r>,
}

impl<'r> RevocationRequest<'r> {
    /// Reads a request.
    ///
    /// # Errors
    /// [`TokenError`] when the request is malformed or has no token.
    pub fn parse(
        form: &'r Form<'_>,
        authorization: Option<&str>,
        policy: &Policy,
    ) -> Result<Self, TokenError> {
        let presented = Presented::parse(form, authorization, policy)?;
        let token = form.get("token")?.ok_or(RequestFault::Missing("token"))?;
        Ok(Self {
            presented,
            token: PresentedSecret::new(token),
        })
    }
}

/// What the decision needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// What [`KeyRing::verify`](crate::token::KeyRing::verify) found in the token.
    pub token: Result<TokenClaims, TokenFault>,
    /// The client that asks; need not be authenticated where anyone may revoke.
    pub by: Option<&'a AuthenticatedClient>,
    /// The client the token was issued to.
    pub owner: Option<&'a Client>,
}

/// Decides a revocation: `None` when there is nothing to end, which is a success.
///
/// # Errors
/// [`TokenError`] when the client may not revoke this token. An expired token is no error.
pub fn decide(
    material: &Material<'_>,
    policy: &Policy,
    now: UnixMillis,
) -> Result<Option<Change>, TokenError> {
    if policy.revocation == RevocationBy::Client && material.by.is_none() {
        return Err(TokenError::InvalidClient(ClientFault::Missing));
    }
    let Ok(claims) = material.token else {
        return Ok(None);
    };
    if policy.revocation == RevocationBy::Client {
        issued_to(&claims, material.by.map(|client| client.no))?;
    }
    Ok(end(&claims, material.owner, now))
}

/// RFC 7009 §2.1: the server "verifies whether the token was issued to the client making the request".
fn issued_to(claims: &TokenClaims, client: Option<ClientNo>) -> Result<(), TokenError> {
    if client == Some(claims.client) {
        return Ok(());
    }
    Err(TokenError::InvalidGrant(GrantFault::OtherClient))
}

/// Returns the change that ends a token and what hangs on it, for requests and for *Revoke Access*. A code is no
/// token: it ends within seconds or minutes by itself.
#[must_use]
pub fn end(claims: &TokenClaims, owner: Option<&Client>, now: UnixMillis) -> Option<Change> {
    let id = claims.id;
    match claims.kind {
        TokenKind::Access => Some(Change::RevokeToken {
            id,
            forget_after: claims.expires,
        }),
        TokenKind::Refresh => Some(Change::RevokeFamily {
            id,
            forget_after: end_of_family(id, claims.expires, owner, now),
        }),
        TokenKind::Code | TokenKind::Device => None,
    }
}

/// Returns the second after which no token of a family lives, whatever was made from it until now: the
/// presented token may be an old generation, and an access token may outlive every refresh token.
pub(crate) fn end_of_family(
    id: TokenId,
    expires: UnixSeconds,
    owner: Option<&Client>,
    now: UnixMillis,
) -> UnixSeconds {
    let last = owner.map_or(expires, |client| {
        let family = id.issued_at().after(client.refresh_token_lifespan);
        family.max(now.after(client.access_token_lifespan))
    });
    last.max(expires)
}
