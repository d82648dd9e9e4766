//! Introspection (RFC 7662): a resource server asks whether a token is good, and for what.
//!
//! Only clients that prove who they are may ask, and only about tokens meant for them: their own, and those whose
//! audience they are registered for (`oauth_entity.resource_uris`). About any other token they learn what they
//! learn about nonsense: that it is not active (RFC 7662 §2.2, §4).

use serde::Serialize;

use crate::{
    account::{Account, AccountFault},
    bearer::{self, BearerFault},
    client::Client,
    client_auth::{AuthenticatedClient, Presented},
    error::{ClientFault, RequestFault, TokenError},
    form::Form,
    grants::refresh_token::Family,
    policy::Policy,
    resource::Resources,
    scope::Scope,
    secret::PresentedSecret,
    time::UnixMillis,
    token::{TokenClaims, TokenFault, TokenId, TokenKind},
};

/// An introspection request. `token_type_hint` is not looked at: a token tells its kind itself.
#[derive(Debug, Clone)]
pub struct IntrospectionRequest<'r> {
    /// What it says about its client.
    pub presented: Presented<'r>,
    /// The token in question.
    pub token: PresentedSecret<'r>,
}

impl<'r> IntrospectionRequest<'r> {
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
        // Repeated or not, it is a parameter of this request (RFC 6749 §3.2).
        form.get("token_type_hint")?;
        Ok(Self {
            presented,
            token: PresentedSecret::new(token),
        })
    }
}

/// Checks that an authenticated client may ask at all: "the authorization server MUST require some form of
/// authorization" (RFC 7662 §2.1), and a public client that only names itself has none.
///
/// # Errors
/// [`TokenError::InvalidClient`] for a client that proved nothing.
pub fn may_ask(by: &AuthenticatedClient) -> Result<(), TokenError> {
    if by.has_proved() {
        Ok(())
    } else {
        Err(TokenError::InvalidClient(ClientFault::Public))
    }
}

/// What the decision needs to know.
#[derive(Debug)]
pub struct Material<'a> {
    /// What the token says.
    pub claims: TokenClaims,
    /// The client that asks.
    pub by: &'a AuthenticatedClient,
    /// The client the token was issued to.
    pub owner: Option<&'a Client>,
    /// The token's user.
    pub account: Option<&'a Account>,
    /// Who the token is for: its resources, or else this instance.
    pub audience: &'a Resources,
    /// What is stored of a refresh token's family.
    pub family: Option<Family>,
}

/// A token that is good, with those it stands for.
#[derive(Debug, Clone, Copy)]
pub struct Active<'a> {
    /// What it says.
    pub claims: TokenClaims,
    /// The client it was issued to.
    pub client: &'a Client,
    /// The user it acts as.
    pub account: &'a Account,
}

/// Why a token is not active to the client that asks. The answer never tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Inactive {
    /// It is no token of this instance.
    #[error(transparent)]
    Token(#[from] TokenFault),
    /// It opens nothing any more.
    #[error(transparent)]
    Dead(#[from] BearerFault),
    /// A later generation replaced the refresh token.
    #[error("the refresh token was replaced")]
    Replaced,
    /// It is another client's, and not meant for the one that asks.
    #[error("the token is not meant for the client that asks")]
    NotForCaller,
}

impl Inactive {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Token(fault) => fault.code(),
            Self::Dead(fault) => fault.code(),
            Self::Replaced => "token_replaced",
            Self::NotForCaller => "token_not_for_caller",
        }
    }
}

/// Decides what the client is told of the token.
///
/// # Errors
/// [`Inactive`] when it is told nothing.
pub fn decide<'a>(
    material: &Material<'a>,
    now: UnixMillis,
    revoked: impl Fn(TokenId) -> bool,
) -> Result<Active<'a>, Inactive> {
    let claims = material.claims;
    // A code is no token, and whoever holds one that is not theirs learns nothing of it.
    if matches!(claims.kind, TokenKind::Code | TokenKind::Device) {
        return Err(TokenFault::NotAnAccessToken.into());
    }
    if !meant_for(material) {
        return Err(Inactive::NotForCaller);
    }
    bearer::alive(&claims, now, revoked, material.owner, material.account)?;
    let generation = material.family.map_or(0, |family| family.generation);
    if claims.kind == TokenKind::Refresh && claims.generation != generation {
        return Err(Inactive::Replaced);
    }
    let (Some(client), Some(account)) = (material.owner, material.account) else {
        return Err(BearerFault::Account(AccountFault::Unknown).into());
    };
    Ok(Active {
        claims,
        client,
        account,
    })
}

/// A client's own tokens are meant for it, and access tokens for the resource servers in their audience.
fn meant_for(material: &Material<'_>) -> bool {
    let by = material.by;
    let in_audience = || {
        by.resources
            .iter()
            .any(|uri| material.audience.contains(uri))
    };
    by.no == material.claims.client || (material.claims.kind == TokenKind::Access && in_audience())
}

/// What an active token's answer says beside the token's own claims.
#[derive(Debug, Clone, Copy)]
pub struct Described<'a> {
    /// What it may be used for.
    pub scope: &'a Scope,
    /// Who it is for.
    pub audience: &'a Resources,
    /// Whom it speaks for ([`crate::subject`]).
    pub subject: &'a str,
    /// This instance.
    pub issuer: &'a str,
}

impl Active<'_> {
    /// Writes the answer (RFC 7662 §2.2).
    pub fn write_json(&self, described: &Described<'_>, out: &mut Vec<u8>) {
        let issued = self.claims.id.issued_at().seconds().0;
        let answer = Answer {
            active: true,
            scope: described.scope.as_str(),
            client_id: &self.client.client_id,
            username: &self.account.user_name,
            // RFC 7662 §2.2 names the type of an access token; a refresh token has none.
            token_type: (self.claims.kind == TokenKind::Access).then_some("Bearer"),
            exp: self.claims.expires.0,
            iat: issued,
            nbf: issued,
            sub: described.subject,
            aud: Audience(described.audience),
            iss: described.issuer,
            jti: self.claims.jti(),
        };
        // Writing plain fields into memory does not fail.
        let written = serde_json::to_writer(out, &answer);
        debug_assert!(written.is_ok());
    }
}

/// The whole answer about a token that is not active: "the authorization server SHOULD NOT include any
/// additional information" (RFC 7662 §2.2).
pub const INACTIVE: &str = r#"{"active":false}"#;

#[derive(Serialize)]
struct Answer<'a> {
    active: bool,
    scope: &'a str,
    client_id: &'a str,
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    exp: u32,
    iat: u32,
    nbf: u32,
    sub: &'a str,
    aud: Audience<'a>,
    iss: &'a str,
    jti: String,
}

/// `aud`: one string, or a list of several (RFC 7519 §4.1.3).
pub(crate) struct Audience<'a>(pub(crate) &'a Resources);

impl Serialize for Audience<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut uris = self.0.iter();
        match (uris.next(), uris.next()) {
            (one, None) => serializer.serialize_str(one.unwrap_or_default()),
            _ => serializer.collect_seq(self.0.iter()),
        }
    }
}
