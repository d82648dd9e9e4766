//! The token request (RFC 6749 §4): a form and a header become a grant and a presented client.

use crate::{
    client_auth::Presented, error::TokenError, form::Form, grants::Grant, policy::Policy,
    resource::Resources,
};

/// A token request, read but not yet believed.
#[derive(Debug, Clone)]
pub struct TokenRequest<'r> {
    /// What it says about its client.
    pub presented: Presented<'r>,
    /// What it asks for, and on what ground.
    pub grant: Grant<'r>,
    /// The resource servers the access token is to be for.
    pub resources: Resources,
}

impl<'r> TokenRequest<'r> {
    /// Reads a request. Parameters nobody asked for are ignored (`inbound-oauth.md` §2.0): clients send `state`
    /// and more.
    ///
    /// # Errors
    /// [`TokenError`] when the request is malformed, contradicts itself or names an unknown grant.
    pub fn parse(
        form: &'r Form<'_>,
        authorization: Option<&str>,
        policy: &Policy,
    ) -> Result<Self, TokenError> {
        let presented = Presented::parse(form, authorization, policy)?;
        Ok(Self {
            presented,
            grant: Grant::parse(form)?,
            resources: Resources::parse(form)?,
        })
    }
}
