//! The JWT bearer grant (RFC 7523 §2.1, `inbound-oauth.md` §2.6, §6.1): a client asks with a JWT that says who the
//! user is.
//!
//! ```text
//! JwtBearer::parse ── assertion ── Jwt ── (client, keys) ── accept ── (user) ── decide
//! ```
//! There is no refresh token: whoever can sign can sign again.

use super::{Context, CurrentTokens, Decision, registered};
use crate::{
    account::Account,
    assertion::{Accepted, AssertionFault, AssertionRules, Recipients, check_bearer},
    client::Client,
    client_auth::AuthenticatedClient,
    error::{GrantFault, RequestFault, TokenError, UnauthorizedFault},
    form::Form,
    issue::Issue,
    jose::{Algorithm, Jwt, KeySet},
    policy::AssertionAudience,
    scope::NumberedScope,
};

/// The parameters of the grant.
#[derive(Debug, Clone, Copy)]
pub struct JwtBearer<'r> {
    /// The JWT, where the form has it.
    pub assertion: Option<&'r str>,
    /// The scope asked for.
    pub scope: Option<&'r str>,
}

impl<'r> JwtBearer<'r> {
    pub(super) fn parse(form: &'r Form<'_>) -> Result<Self, TokenError> {
        Ok(Self {
            assertion: form.get("assertion")?,
            scope: form.get("scope")?,
        })
    }

    /// Reads the assertion. ServiceNow's own Python client sends it in a header that is named `Authentication`
    /// (§2.6); the strict dialect does not look there.
    ///
    /// # Errors
    /// [`TokenError`] when there is none, or it is no JWT.
    pub fn assertion(
        &self,
        authentication: Option<&'r str>,
        audience: AssertionAudience,
    ) -> Result<Jwt<'r>, TokenError> {
        let header = authentication
            .filter(|_| audience == AssertionAudience::ClientIdToo)
            .and_then(crate::bearer::from_header);
        let missing = TokenError::InvalidRequest(RequestFault::Missing("assertion"));
        let text = self.assertion.or(header).ok_or(missing)?;
        Jwt::parse(text).map_err(|fault| refused(fault.into()))
    }
}

/// Iterates over the `client_id`s that an assertion without one beside it may mean: its issuer's, or those it is
/// for (§6.1). Nothing of that is proven.
pub fn client_ids<'j>(assertion: &'j Jwt<'_>) -> impl Iterator<Item = &'j str> {
    let claims = assertion.unproven_claims();
    let iss = claims.text("iss").ok().flatten();
    let aud = claims.audience().map(|aud| aud.first()).ok().flatten();
    iss.into_iter().chain(aud)
}

/// Returns the rules the client's assertions are checked by.
///
/// # Errors
/// [`TokenError::UnauthorizedClient`] when its record is no `oauth_jwt`.
pub fn rules(client: &Client) -> Result<&AssertionRules, TokenError> {
    client
        .assertions
        .as_deref()
        .ok_or(TokenError::UnauthorizedClient(
            UnauthorizedFault::GrantNotRegistered,
        ))
}

/// Verifies and checks the assertion, with keys of the client's.
///
/// # Errors
/// [`TokenError`] says what fails; a key that is not known may be in a newer key set.
pub fn accept(
    assertion: Jwt<'_>,
    keys: &KeySet,
    client: &AuthenticatedClient,
    recipients: Recipients<'_>,
    context: &Context<'_>,
) -> Result<Accepted, TokenError> {
    let allowed: Vec<_> = Algorithm::all().collect();
    let verified = assertion.verify(keys, &allowed);
    let verified = verified.map_err(|fault| refused(fault.into()))?;
    check_bearer(&verified, client, rules(client)?, recipients, context.now).map_err(refused)
}

/// What the decision needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The scope [`Scope::granted`](crate::Scope::granted) allows, with its number.
    pub scope: &'a NumberedScope,
    /// What the assertion says, checked.
    pub accepted: &'a Accepted,
    /// The one account whose user field equals the subject.
    pub user: &'a Account,
    /// Whether that user has the role `admin`.
    pub administrator: bool,
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
    user.in_use()
        .map_err(|fault| TokenError::InvalidGrant(GrantFault::Account(fault)))?;
    // §6.1: "users with admin are refused, reported as invalid_grant".
    if material.administrator && !context.properties.administrators_asserted {
        return Err(refused(AssertionFault::Administrator));
    }
    let mut issue = Issue::new(client, user.no, material.scope, context.now, context.policy);
    material.current.reuse_alone(&mut issue, user, context);
    issue.assertion = material.accepted.once;
    Ok(issue)
}

pub(super) fn permitted(client: &Client, context: &Context<'_>) -> Result<(), TokenError> {
    registered(GRANT_TYPE, client, context)?;
    rules(client).map(|_| ())
}

fn refused(fault: AssertionFault) -> TokenError {
    TokenError::InvalidGrant(GrantFault::Assertion(fault))
}

pub(super) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
