//! From a decision to an answer: which tokens are handed out, and the minting of them.

use crate::{
    account::UserNo,
    assertion::AssertionId,
    change::{Change, RotateFamily},
    client::{Client, ClientNo},
    policy::{ExpiresIn, Policy},
    response::{AccessTokenText, TokenResponse},
    scope::{NumberedScope, ScopeNo},
    time::{UnixMillis, UnixSeconds},
    token::{IssuedToken, KeyRing, TokenClaims, TokenId, TokenIds, TokenKind, TokenText},
};

/// What a grant decided to hand out. [`Issue::mint`] makes it real.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The client it goes to.
    pub client: ClientNo,
    /// The user the tokens act as.
    pub user: UserNo,
    /// The scope of the access token, and of the answer.
    pub scope: NumberedScope,
    /// The scope of a new refresh token: that of the grant, though the access token may be for fewer resources
    /// (RFC 8707 §2.2).
    pub granted: ScopeNo,
    /// The access token.
    pub access: Access,
    /// The refresh token.
    pub refresh: Refresh,
    /// When an access token made now ends.
    pub access_expires: UnixSeconds,
    /// When a refresh token made now ends.
    pub refresh_expires: UnixSeconds,
    /// How the answer counts `expires_in`.
    pub expires_in: ExpiresIn,
    /// The assertion that is used up with it.
    pub assertion: Option<AssertionId>,
    /// What is exchanged for the tokens and may be so once, if anything is.
    pub consumes: Option<OneTime>,
}

/// What is exchanged for tokens once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OneTime {
    /// An authorization code.
    Code(TokenId),
    /// A device code.
    DeviceCode(TokenId),
}

/// Where the access token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The one that lives is handed out again ([`crate::policy::TokenReuse::Current`]), but only beside the
    /// refresh token it came with: revoking what the client holds has to end both.
    Reuse(IssuedToken),
    /// A new one.
    New,
}

/// Where the refresh token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// The grant gives none.
    None,
    /// The one that lives is handed out again.
    Reuse(IssuedToken),
    /// A new family begins.
    New,
    /// The family moves to its next generation.
    Rotate(RotateFamily),
    /// The family has moved already, moments ago: the same successor is handed out again.
    Successor(TokenClaims),
}

impl Issue {
    pub(crate) fn new(
        client: &Client,
        user: UserNo,
        scope: &NumberedScope,
        now: UnixMillis,
        policy: &Policy,
    ) -> Self {
        Self {
            client: client.no,
            user,
            scope: scope.clone(),
            granted: scope.no,
            access: Access::New,
            refresh: Refresh::None,
            access_expires: now.after(client.access_token_lifespan),
            refresh_expires: now.after(client.refresh_token_lifespan),
            expires_in: policy.expires_in,
            assertion: None,
            consumes: None,
        }
    }

    /// Mints the tokens and returns the answer with the changes it rests on.
    ///
    /// A token whose key has left the ring is dead everywhere; a new one takes its place.
    #[must_use]
    pub fn mint(
        &self,
        ids: &TokenIds,
        keys: &KeyRing,
        now: UnixMillis,
    ) -> (TokenResponse, Vec<Change>) {
        // Mostly one token, or two.
        let mut changes = Vec::with_capacity(2);
        changes.extend(self.assertion.map(Change::UseAssertion));
        let refresh = self.mint_refresh(ids, keys, now, &mut changes);
        let (family, refresh_token) = refresh.unzip();
        let (access, access_token) = self.mint_access(family, ids, keys, now, &mut changes);
        changes.extend(self.consume(family, &access, now));
        let response = TokenResponse {
            access_token: AccessTokenText::Opaque(access_token),
            access,
            resources: self.scope.resources.clone(),
            id_token: None,
            refresh_token,
            scope: self.scope.scope.clone(),
            expires_in: self.expires_in.count(access.expires, now),
        };
        (response, changes)
    }

    fn consume(
        &self,
        family: Option<TokenId>,
        access: &TokenClaims,
        now: UnixMillis,
    ) -> Option<Change> {
        let refresh_until = match self.refresh {
            Refresh::Reuse(token) => token.claims.expires.max(self.refresh_expires),
            _ => self.refresh_expires,
        };
        let gave = family.unwrap_or(access.id);
        let (gave_until, at) = (refresh_until.max(access.expires), now);
        Some(match self.consumes? {
            OneTime::Code(id) => Change::ConsumeCode {
                id,
                gave,
                gave_until,
                at,
            },
            OneTime::DeviceCode(id) => Change::ConsumeDeviceCode {
                id,
                gave,
                gave_until,
                at,
            },
        })
    }

    fn mint_refresh(
        &self,
        ids: &TokenIds,
        keys: &KeyRing,
        now: UnixMillis,
        changes: &mut Vec<Change>,
    ) -> Option<(TokenId, TokenText)> {
        match self.refresh {
            Refresh::None => return None,
            Refresh::Reuse(token) => {
                if let Some(text) = keys.mint_again(&token) {
                    return Some((token.claims.id, text));
                }
            }
            Refresh::New => {}
            Refresh::Rotate(step) => {
                changes.push(Change::RotateFamily(step));
                return Some((step.id, keys.mint(step.successor()).1));
            }
            Refresh::Successor(claims) => return Some((claims.id, keys.mint(claims).1)),
        }
        let id = ids.next(now);
        let claims = self.claims(TokenKind::Refresh, id, None, self.refresh_expires);
        Some((id, insert(claims, keys, changes)))
    }

    fn mint_access(
        &self,
        family: Option<TokenId>,
        ids: &TokenIds,
        keys: &KeyRing,
        now: UnixMillis,
        changes: &mut Vec<Change>,
    ) -> (TokenClaims, TokenText) {
        if let Access::Reuse(token) = self.access
            && (family.is_none() || family == token.claims.family)
            && let Some(text) = keys.mint_again(&token)
        {
            return (token.claims, text);
        }
        let id = ids.next(now);
        let claims = self.claims(TokenKind::Access, id, family, self.access_expires);
        (claims, insert(claims, keys, changes))
    }

    fn claims(
        &self,
        kind: TokenKind,
        id: TokenId,
        family: Option<TokenId>,
        expires: UnixSeconds,
    ) -> TokenClaims {
        let scope = match kind {
            TokenKind::Access | TokenKind::Code | TokenKind::Device => self.scope.no,
            TokenKind::Refresh => self.granted,
        };
        let (client, user) = (self.client, self.user);
        TokenClaims {
            kind,
            id,
            family,
            client,
            user,
            scope,
            expires,
            generation: 0,
        }
    }
}

impl RotateFamily {
    /// Returns what the successor says: all of it follows from the step, so that a retry gets the same.
    fn successor(&self) -> TokenClaims {
        TokenClaims {
            kind: TokenKind::Refresh,
            id: self.id,
            family: None,
            client: self.client,
            user: self.user,
            scope: self.scope,
            expires: self.expires,
            generation: self.to,
        }
    }
}

impl ExpiresIn {
    /// Counts the seconds from `now` to the end of a token.
    #[must_use]
    pub fn count(self, expires: UnixSeconds, now: UnixMillis) -> u32 {
        match self {
            Self::Remaining => {
                let whole = (expires.millis().since(now) - 1).div_euclid(1000).max(0);
                u32::try_from(whole).unwrap_or(u32::MAX)
            }
            Self::Lifetime => expires.0.saturating_sub(now.seconds().0),
        }
    }
}

fn insert(claims: TokenClaims, keys: &KeyRing, changes: &mut Vec<Change>) -> TokenText {
    let (issued, text) = keys.mint(claims);
    changes.push(Change::InsertToken(issued));
    text
}
