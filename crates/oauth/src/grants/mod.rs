//! The grants: each file reads its parameters, names the material its decision needs, and decides.
//!
//! ```text
//! Grant::parse ─ permitted ─ (the server reads the material) ─ decide ─ Issue │ Deny
//! ```
//! A further grant is a further file, a line in [`Grant`] and one in each `match` below it.

pub mod authorization_code;
pub mod client_credentials;
mod current;
pub mod device_code;
pub mod jwt_bearer;
pub mod password;
pub mod refresh_token;

pub use authorization_code::AuthorizationCode;
pub use client_credentials::ClientCredentials;
pub use current::CurrentTokens;
pub use device_code::DeviceCode;
pub use jwt_bearer::JwtBearer;
pub use password::Password;
pub use refresh_token::RefreshToken;

use crate::{
    change::Change,
    client::{Client, ClientKind},
    error::{GrantTypeFault, RequestFault, TokenError, UnauthorizedFault},
    form::Form,
    issue::Issue,
    policy::Policy,
    properties::Properties,
    time::UnixMillis,
};

/// What a request asks for, and on what ground.
#[derive(Debug, Clone)]
pub enum Grant<'r> {
    /// RFC 6749 §4.1.3
    AuthorizationCode(AuthorizationCode<'r>),
    /// RFC 6749 §4.4
    ClientCredentials(ClientCredentials<'r>),
    /// RFC 8628 §3.4
    DeviceCode(DeviceCode<'r>),
    /// RFC 7523 §2.1
    JwtBearer(JwtBearer<'r>),
    /// RFC 6749 §4.3
    Password(Password<'r>),
    /// RFC 6749 §6
    RefreshToken(RefreshToken<'r>),
}

impl<'r> Grant<'r> {
    pub(crate) fn parse(form: &'r Form<'_>) -> Result<Self, TokenError> {
        Ok(match required(form, "grant_type")? {
            authorization_code::GRANT_TYPE => {
                Self::AuthorizationCode(AuthorizationCode::parse(form)?)
            }
            client_credentials::GRANT_TYPE => {
                Self::ClientCredentials(ClientCredentials::parse(form)?)
            }
            device_code::GRANT_TYPE => Self::DeviceCode(DeviceCode::parse(form)?),
            jwt_bearer::GRANT_TYPE => Self::JwtBearer(JwtBearer::parse(form)?),
            password::GRANT_TYPE => Self::Password(Password::parse(form)?),
            refresh_token::GRANT_TYPE => Self::RefreshToken(RefreshToken::parse(form)?),
            other => {
                let fault = GrantTypeFault::unknown(other);
                return Err(TokenError::UnsupportedGrantType(fault));
            }
        })
    }

    /// Returns the `grant_type` on the wire.
    #[must_use]
    pub fn grant_type(&self) -> &'static str {
        match self {
            Self::AuthorizationCode(_) => authorization_code::GRANT_TYPE,
            Self::ClientCredentials(_) => client_credentials::GRANT_TYPE,
            Self::DeviceCode(_) => device_code::GRANT_TYPE,
            Self::JwtBearer(_) => jwt_bearer::GRANT_TYPE,
            Self::Password(_) => password::GRANT_TYPE,
            Self::RefreshToken(_) => refresh_token::GRANT_TYPE,
        }
    }

    /// Decides what can be decided before anything is read or hashed: whether this instance and this client
    /// do this grant at all. The grant's `decide` asks again.
    ///
    /// # Errors
    /// [`TokenError`] when they do not.
    pub fn permitted(&self, client: &Client, context: &Context<'_>) -> Result<(), TokenError> {
        match self {
            Self::AuthorizationCode(_) => authorization_code::permitted(client, context),
            Self::ClientCredentials(_) => client_credentials::permitted(client, context),
            Self::DeviceCode(_) => device_code::permitted(client, context),
            Self::JwtBearer(_) => jwt_bearer::permitted(client, context),
            Self::Password(_) => password::permitted(client, context),
            Self::RefreshToken(_) => refresh_token::permitted(client, context),
        }
    }
}

/// The grant types the token endpoint knows.
pub const GRANT_TYPES: [&str; 6] = [
    authorization_code::GRANT_TYPE,
    client_credentials::GRANT_TYPE,
    device_code::GRANT_TYPE,
    jwt_bearer::GRANT_TYPE,
    password::GRANT_TYPE,
    refresh_token::GRANT_TYPE,
];

/// Iterates over the grant types that are switched on where a policy rules.
pub fn offered(policy: &Policy, properties: &Properties) -> impl Iterator<Item = &'static str> {
    let on = |grant_type: &&str| match *grant_type {
        _ if !properties.oauth_active => false,
        client_credentials::GRANT_TYPE => properties.client_credentials_enabled,
        device_code::GRANT_TYPE => policy.device_grant && properties.devices_allowed,
        password::GRANT_TYPE => policy.password_grant && !properties.password_disabled,
        _ => true,
    };
    GRANT_TYPES.into_iter().filter(on)
}

/// What every decision looks at: the rules, the switches and the time.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The rules of the dialect spoken with this client.
    pub policy: &'a Policy,
    /// The system properties.
    pub properties: &'a Properties,
    /// The time of the request.
    pub now: UnixMillis,
}

/// What a grant decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Tokens are handed out.
    Issue(Issue),
    /// The request is refused.
    Deny {
        /// Why.
        error: TokenError,
        /// What the refusal writes: a replayed token ends its family.
        changes: Vec<Change>,
    },
}

impl From<Result<Issue, TokenError>> for Decision {
    fn from(result: Result<Issue, TokenError>) -> Self {
        match result {
            Ok(issue) => Self::Issue(issue),
            Err(error) => Self::Deny {
                error,
                changes: Vec::new(),
            },
        }
    }
}

/// What all grants ask of the instance and the client.
fn registered(
    grant_type: &'static str,
    client: &Client,
    context: &Context<'_>,
) -> Result<(), TokenError> {
    let fault = if !context.properties.oauth_active {
        UnauthorizedFault::OauthInactive
    } else if client.kind == ClientKind::ThirdParty || !client.inbound_grant_type.allows(grant_type)
    {
        // §2.8: a third party's tokens need no token endpoint.
        UnauthorizedFault::GrantNotRegistered
    } else {
        return Ok(());
    };
    Err(TokenError::UnauthorizedClient(fault))
}

/// Grants that rest on the client's own secret are not for clients that have none.
fn confidential(client: &Client) -> Result<(), TokenError> {
    if client.public {
        return Err(TokenError::UnauthorizedClient(
            UnauthorizedFault::PublicClient,
        ));
    }
    Ok(())
}

fn required<'r>(form: &'r Form<'_>, name: &'static str) -> Result<&'r str, TokenError> {
    form.get(name)?
        .ok_or(TokenError::InvalidRequest(RequestFault::Missing(name)))
}
