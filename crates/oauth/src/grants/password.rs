//! The resource owner password credentials grant (RFC 6749 §4.3): a client asks with a user's password.
//!
//! RFC 9700 §2.4 forbids it, ServiceNow's own clients live on it (`inbound-oauth.md` §2.3): see
//! [`Policy::password_grant`](crate::Policy::password_grant). The password itself is checked by
//! [`check_password`](crate::resource_owner::check_password), after [`Grant::permitted`](super::Grant::permitted).

use super::{Context, CurrentTokens, Decision, confidential, registered, required};
use crate::{
    account::AccountFault,
    client::Client,
    client_auth::AuthenticatedClient,
    error::{GrantFault, GrantTypeFault, TokenError},
    form::Form,
    issue::Issue,
    resource_owner::AuthenticatedUser,
    scope::NumberedScope,
    secret::PresentedSecret,
};

/// The parameters of the grant.
#[derive(Debug, Clone)]
pub struct Password<'r> {
    /// The name the user logs in with.
    pub username: &'r str,
    /// The password.
    pub password: PresentedSecret<'r>,
    /// The scope asked for.
    pub scope: Option<&'r str>,
}

impl<'r> Password<'r> {
    pub(super) fn parse(form: &'r Form<'_>) -> Result<Self, TokenError> {
        Ok(Self {
            username: required(form, "username")?,
            password: PresentedSecret::new(required(form, "password")?),
            scope: form.get("scope")?,
        })
    }
}

/// What the decision needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The scope [`Scope::granted`](crate::Scope::granted) allows, with its number.
    pub scope: &'a NumberedScope,
    /// The user whose password was right.
    pub user: &'a AuthenticatedUser,
    /// Whether they have a second factor, if [`heeds_second_factor`] asks.
    pub second_factor: bool,
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
    let user = material.user;
    user.may_log_in()
        .map_err(|fault| TokenError::InvalidGrant(GrantFault::Account(fault)))?;
    // security.md §2, 25: never for those who have more to prove than a password.
    if material.second_factor && heeds_second_factor(context) {
        let fault = AccountFault::SecondFactorNeeded;
        return Err(TokenError::InvalidGrant(GrantFault::Account(fault)));
    }
    let mut issue = Issue::new(client, user.no, material.scope, context.now, context.policy);
    material
        .current
        .reuse_pair(&mut issue, client, user, context);
    Ok(issue)
}

/// Tells whether it matters that somebody has a second factor.
#[must_use]
pub fn heeds_second_factor(context: &Context<'_>) -> bool {
    !context.policy.password_without_second_factor
        || context.properties.password_heeds_second_factor
}

pub(super) fn permitted(client: &Client, context: &Context<'_>) -> Result<(), TokenError> {
    registered(GRANT_TYPE, client, context)?;
    // security.md §2, 25: never for public clients.
    confidential(client)?;
    if context.properties.password_disabled || !context.policy.password_grant {
        return Err(TokenError::UnsupportedGrantType(
            GrantTypeFault::SwitchedOff,
        ));
    }
    Ok(())
}

pub(super) const GRANT_TYPE: &str = "password";
