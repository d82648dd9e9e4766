//! The refresh (RFC 6749 §6): a refresh token becomes a new access token, and where the policy rotates, its
//! own successor.
//!
//! A family of refresh tokens keeps one id; each rotation raises its generation. What is presented is
//!
//! | generation | found | so |
//! |---|---|---|
//! | the stored one | in order | it is answered, and rotated where that is the rule |
//! | the one before, within the grace | a retry whose answer got lost | the same successor again |
//! | any other | a replay: one of two holders is a thief (RFC 9700 §4.14.2) | the family ends |
//!
//! A family that was never rotated has no stored state: generation 0.

use super::{Context, Decision, registered, required};
use crate::{
    account::{Account, AccountFault},
    change::{Change, RotateFamily},
    client::Client,
    client_auth::AuthenticatedClient,
    error::{GrantFault, TokenError},
    form::Form,
    issue::{Issue, Refresh},
    policy::Rotation,
    revoke::end_of_family,
    scope::NumberedScope,
    secret::PresentedSecret,
    time::{UnixMillis, UnixSeconds},
    token::{IssuedToken, KeyRing, TokenClaims, TokenKind},
};

/// The parameters of the grant.
#[derive(Debug, Clone)]
pub struct RefreshToken<'r> {
    /// The token.
    pub token: PresentedSecret<'r>,
    /// The scope asked for.
    pub scope: Option<&'r str>,
}

impl<'r> RefreshToken<'r> {
    pub(super) fn parse(form: &'r Form<'_>) -> Result<Self, TokenError> {
        let token = PresentedSecret::new(required(form, GRANT_TYPE)?);
        Ok(Self {
            token,
            scope: form.get("scope")?,
        })
    }

    /// Verifies the token and returns what it says, which tells the server what to read.
    ///
    /// # Errors
    /// [`TokenError::InvalidGrant`] when it is no refresh token of this instance.
    pub fn verify(&self, keys: &KeyRing) -> Result<IssuedToken, TokenError> {
        let token = keys.recover(self.token.expose());
        let token = token.map_err(|fault| deny(GrantFault::Token(fault)))?;
        match token.claims.kind {
            TokenKind::Refresh => Ok(token),
            TokenKind::Access | TokenKind::Code | TokenKind::Device => {
                Err(deny(GrantFault::NotARefreshToken))
            }
        }
    }
}

/// What is stored of a family that was rotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// The generation that is in order.
    pub generation: u32,
    /// When it replaced the one before.
    pub rotated_at: UnixMillis,
    /// When it ends.
    pub expires: UnixSeconds,
}

/// What the decision needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The token presented, as [`RefreshToken::verify`] found it.
    pub presented: IssuedToken,
    /// What is stored of its family, if anything.
    pub family: Option<Family>,
    /// Whether the family was revoked.
    pub revoked: bool,
    /// The token's user.
    pub account: Option<&'a Account>,
    /// The scope [`Scope::refreshed`](crate::Scope::refreshed) allows, with its number.
    pub scope: &'a NumberedScope,
}

/// Decides the grant.
#[must_use]
pub fn decide(
    client: &AuthenticatedClient,
    material: &Material<'_>,
    context: &Context<'_>,
) -> Decision {
    let claims = &material.presented.claims;
    if let Err(error) = stands(client, material, context) {
        return Err(error).into();
    }
    let Some(refresh) = successor(client, material, context) else {
        let forget_after = end_of_family(claims.id, claims.expires, Some(client), context.now);
        let revoke = Change::RevokeFamily {
            id: claims.id,
            forget_after,
        };
        return Decision::Deny {
            error: deny(GrantFault::Replayed),
            changes: vec![revoke],
        };
    };
    let mut issue = Issue::new(
        client,
        claims.user,
        material.scope,
        context.now,
        context.policy,
    );
    issue.refresh = refresh;
    Decision::Issue(issue)
}

/// Checks all but the generation.
fn stands(
    client: &AuthenticatedClient,
    material: &Material<'_>,
    context: &Context<'_>,
) -> Result<(), TokenError> {
    permitted(client, context)?;
    let claims = &material.presented.claims;
    // RFC 6749 §6: the token is bound to the client it was issued to.
    if claims.client != client.no {
        return Err(deny(GrantFault::OtherClient));
    }
    if material.revoked {
        return Err(deny(GrantFault::Revoked));
    }
    if !claims.expires.is_after(context.now) {
        return Err(deny(GrantFault::Expired));
    }
    owner_stands(claims, material.account).map_err(|fault| deny(GrantFault::TokenOwner(fault)))
}

/// security.md §2, 39: a blocked user's grants end with the user.
fn owner_stands(claims: &TokenClaims, account: Option<&Account>) -> Result<(), AccountFault> {
    let account = account
        .filter(|account| account.no == claims.user)
        .ok_or(AccountFault::Unknown)?;
    account.in_use()?;
    account.honours(claims.id)
}

/// Returns the refresh token to answer with; `None` for a replay.
fn successor(client: &Client, material: &Material<'_>, context: &Context<'_>) -> Option<Refresh> {
    let presented = &material.presented.claims;
    let current = material.family.map_or(0, |family| family.generation);
    if presented.generation == current {
        return Some(match client.rotation(context.policy.rotation) {
            Rotation::Never => Refresh::Reuse(material.presented),
            Rotation::Always => Refresh::Rotate(rotate(client, presented, context)),
        });
    }
    let family = material.family?;
    let age = context.now.since(family.rotated_at);
    let retry = presented.generation.checked_add(1) == Some(current)
        && age < i64::from(context.policy.rotation_grace_ms);
    retry.then_some(Refresh::Successor(TokenClaims {
        generation: current,
        expires: family.expires,
        ..*presented
    }))
}

fn rotate(client: &Client, presented: &TokenClaims, context: &Context<'_>) -> RotateFamily {
    RotateFamily {
        id: presented.id,
        client: presented.client,
        user: presented.user,
        // RFC 6749 §6: the new refresh token's scope "MUST be identical" to the presented one's.
        scope: presented.scope,
        from: presented.generation,
        to: presented.generation.saturating_add(1),
        at: context.now,
        expires: successor_expires(client, presented, context),
    }
}

/// A rotation prolongs a token that would fall idle, but never beyond the life of its family.
fn successor_expires(
    client: &Client,
    presented: &TokenClaims,
    context: &Context<'_>,
) -> UnixSeconds {
    let Some(idle) = context.policy.refresh_idle_seconds else {
        return presented.expires;
    };
    let begun = presented.id.issued_at();
    begun
        .after(client.refresh_token_lifespan)
        .min(context.now.after(idle))
}

pub(super) fn permitted(client: &Client, context: &Context<'_>) -> Result<(), TokenError> {
    registered(GRANT_TYPE, client, context)
}

fn deny(fault: GrantFault) -> TokenError {
    TokenError::InvalidGrant(fault)
}

pub(super) const GRANT_TYPE: &str = "refresh_token";
