//! The client credentials grant (RFC 6749 §4.4): a client asks in its own name.
//!
//! On this instance its own name is a user's: the token acts as the record's *OAuth Application User*
//! (`inbound-oauth.md` §2.4). There is no refresh token.

use super::{Context, CurrentTokens, Decision, confidential, registered};
use crate::{
    account::Account,
    client::Client,
    client_auth::AuthenticatedClient,
    error::{GrantTypeFault, TokenError, UnauthorizedFault},
    form::Form,
    issue::Issue,
    scope::{NumberedScope, ScopeFault},
};

/// The parameters of the grant.
#[derive(Debug, Clone, Copy)]
pub struct ClientCredentials<'r> {
    /// The scope asked for.
    pub scope: Option<&'r str>,
}

impl<'r> ClientCredentials<'r> {
    pub(super) fn parse(form: &'r Form<'_>) -> Result<Self, TokenError> {
        Ok(Self {
            scope: form.get("scope")?,
        })
    }
}

/// What the decision needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The scope [`Scope::granted`](crate::Scope::granted) allows, with its number.
    pub scope: &'a NumberedScope,
    /// The account of [`Client::application_user`].
    pub application_user: Option<&'a Account>,
    /// The tokens of this client, user and scope.
    pub current: CurrentTokens,
}

/// Decides the grant.
#[must_use]
pub fn decide(
    client: &AuthenticatedClient,
    material: &Material<'_>,
    context: &Context<'_>,
) -> Decision {
    issue(client, material, context).into()
}

fn issue(
    client: &AuthenticatedClient,
    material: &Material<'_>,
    context: &Context<'_>,
) -> Result<Issue, TokenError> {
    permitted(client, context)?;
    let user = application_user(client, material.application_user)
        .map_err(TokenError::UnauthorizedClient)?;
    // OpenID Connect is about a person who logs in, and here is none.
    if material.scope.scope.has_identity() {
        return Err(ScopeFault::NotAllowed.into());
    }
    let mut issue = Issue::new(client, user.no, material.scope, context.now, context.policy);
    // RFC 6749 §4.4.3: "A refresh token SHOULD NOT be included."
    material.current.reuse_alone(&mut issue, user, context);
    Ok(issue)
}

pub(super) fn permitted(client: &Client, context: &Context<'_>) -> Result<(), TokenError> {
    registered(GRANT_TYPE, client, context)?;
    // RFC 6749 §4.4: "MUST only be used by confidential clients."
    confidential(client)?;
    if !context.properties.client_credentials_enabled {
        return Err(TokenError::UnsupportedGrantType(
            GrantTypeFault::SwitchedOff,
        ));
    }
    Ok(())
}

fn application_user<'a>(
    client: &Client,
    account: Option<&'a Account>,
) -> Result<&'a Account, UnauthorizedFault> {
    let account = account
        .filter(|account| client.application_user == Some(account.no))
        .ok_or(UnauthorizedFault::NoApplicationUser)?;
    account
        .may_serve_an_application()
        .map_err(UnauthorizedFault::ApplicationUser)?;
    Ok(account)
}

pub(super) const GRANT_TYPE: &str = "client_credentials";
