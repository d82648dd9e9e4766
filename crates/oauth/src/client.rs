//! A client: the inside of an application registry record (`oauth_entity`, `inbound-oauth.md` §3).

use crate::{
    account::UserNo,
    policy::{Dialect, Rotation},
    scope::Scope,
    secret::SecretHash,
};

/// The number of a client, as its tokens carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientNo(pub u32);

/// What the registry says about a client.
#[derive(Debug, Clone)]
pub struct Client {
    /// The number its tokens carry.
    pub no: ClientNo,
    /// The `sys_id` of its record.
    pub sys_id: Box<str>,
    /// `client_id`, compared byte by byte.
    pub client_id: Box<str>,
    /// What people call it.
    pub name: Box<str>,
    /// The secret, and the one before it while both count.
    pub secrets: Vec<SecretHash>,
    /// Whether it may do anything at all; its tokens die with it.
    pub active: bool,
    /// `public_client`: it can keep no secret (RFC 6749 §2.1).
    pub public: bool,
    /// `user`, the OAuth Application User: who its client-credentials tokens act as.
    pub application_user: Option<UserNo>,
    /// Seconds; the default on a new record is 1800.
    pub access_token_lifespan: u32,
    /// Seconds; the default on a new record is 8,640,000.
    pub refresh_token_lifespan: u32,
    /// The auth scopes mapped to it; `None` when there are none.
    pub scope: Option<Scope>,
    /// `inbound_grant_type`: which grants it may use.
    pub inbound_grant_type: InboundGrantType,
    /// The dialect it is served in wherever it calls, if that is set.
    pub dialect: Option<Dialect>,
    /// Whether its refresh tokens are rotated, if that is set.
    pub rotation: Option<Rotation>,
}

impl Client {
    /// Returns the dialect of an endpoint for this client: a pinned one wins.
    #[must_use]
    pub fn dialect(&self, endpoint: Dialect) -> Dialect {
        self.dialect.unwrap_or(endpoint)
    }

    /// Returns whether its refresh tokens are rotated where the policy says `by_policy`.
    ///
    /// The record may decide either way, except that a public client's tokens stay rotated where the policy
    /// rotates: "Refresh tokens for public clients MUST be sender-constrained or use refresh token rotation"
    /// (RFC 9700 §2.2.2).
    #[must_use]
    pub fn rotation(&self, by_policy: Rotation) -> Rotation {
        if self.public && by_policy == Rotation::Always {
            return Rotation::Always;
        }
        self.rotation.unwrap_or(by_policy)
    }
}

/// The grants a record was made for (§2.8, §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InboundGrantType {
    /// Every grant: the field is blank (old form) or `multiple`.
    #[default]
    Any,
    /// Authorization code, and refresh.
    AuthorizationCode,
    /// Client credentials only.
    ClientCredentials,
    /// JWT bearer only.
    JwtBearer,
}

impl InboundGrantType {
    /// Reads the field. Not every value ServiceNow writes is public; an unknown one restricts nothing.
    #[must_use]
    pub fn parse(field: &str) -> Self {
        match field {
            "authz_code" => Self::AuthorizationCode,
            "client_credential" | "client_credentials" => Self::ClientCredentials,
            "jwt" => Self::JwtBearer,
            _ => Self::Any,
        }
    }

    /// Tells whether a record of this kind may use the grant with this `grant_type`.
    #[must_use]
    pub fn allows(self, grant_type: &str) -> bool {
        match self {
            Self::Any => true,
            Self::AuthorizationCode => matches!(grant_type, "authorization_code" | "refresh_token"),
            Self::ClientCredentials => grant_type == "client_credentials",
            Self::JwtBearer => grant_type == "urn:ietf:params:oauth:grant-type:jwt-bearer",
        }
    }
}
