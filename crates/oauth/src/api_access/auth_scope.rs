//! Auth scopes of REST APIs (`inbound-oauth.md` §5.1): as soon as a scope is bound to an API, tokens of clients
//! without it lose that API. Scopes are looked up at the client on each call, so a change hits tokens already issued.

use std::sync::Arc;

use super::{ApiCall, Pattern};
use crate::{
    api_key::ApiKey,
    client::{Client, ScopeRestriction},
};

/// A record of `sys_api_access_scope`: a scope, and the calls that it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The calls.
    pub calls: Pattern,
    /// The `sys_id` of the scope, by which it is compared.
    pub scope: Box<str>,
    /// What people call it.
    pub name: Box<str>,
}

/// Every active binding.
#[derive(Debug, Clone, Default)]
pub struct ApiScopes(Arc<[Binding]>);

/// What the properties say.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `com.glide.rest.api.auth.scope.check.enable`
    pub enabled: bool,
    /// `glide.oauth.token.scope.useraccount`: the `sys_id` of the scope that opens every API.
    pub useraccount: Box<str>,
}

/// The client lacks a scope that the call asks for (403).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the client, or the API key, lacks an auth scope")]
pub struct ScopeMissing {
    /// The scopes any of which would do; none when the client may call only what it has a scope for.
    pub wanted: Vec<Box<str>>,
}

impl ScopeMissing {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        if self.wanted.is_empty() {
            "auth_scope_restricted"
        } else {
            "auth_scope_missing"
        }
    }
}

impl ApiScopes {
    /// Keeps these bindings.
    #[must_use]
    pub fn new(bindings: Vec<Binding>) -> Self {
        Self(bindings.into())
    }

    /// Checks a call with a token of `client`, the client's scopes being what they are now.
    ///
    /// # Errors
    /// [`ScopeMissing`] when the client has none of the scopes that the call asks for.
    pub fn check(
        &self,
        call: &ApiCall<'_>,
        client: &Client,
        settings: impl FnOnce() -> Settings,
    ) -> Result<(), ScopeMissing> {
        // By key, not by name: a scope of the same name is another scope.
        let has = |sys_id: &str| client.auth_scopes.iter().any(|it| *it.sys_id == *sys_id);
        let restricted = client.scope_restriction == ScopeRestriction::Restricted;
        self.check_held(call, has, restricted, settings)
    }

    /// Checks a call with an API key. One without a scope of its own opens what its user may; one with a scope opens
    /// what that scope is bound to and nothing else, which is what somebody limits a key for (§5.1, 2; our reading).
    ///
    /// # Errors
    /// [`ScopeMissing`] when the call asks for other scopes, or for none.
    pub fn check_key(
        &self,
        call: &ApiCall<'_>,
        key: &ApiKey,
        settings: impl FnOnce() -> Settings,
    ) -> Result<(), ScopeMissing> {
        match key.auth_scope.as_deref() {
            Some(scope) => self.check_held(call, |sys_id| sys_id == scope, true, settings),
            None => Ok(()),
        }
    }

    fn check_held(
        &self,
        call: &ApiCall<'_>,
        has: impl Fn(&str) -> bool,
        restricted: bool,
        settings: impl FnOnce() -> Settings,
    ) -> Result<(), ScopeMissing> {
        let mut asked = self.0.iter().filter(|it| it.calls.fits(call)).peekable();
        if asked.peek().is_none() && !restricted {
            return Ok(());
        }
        let settings = settings();
        if !settings.enabled
            || has(&settings.useraccount)
            || asked.any(|binding| has(&binding.scope))
        {
            return Ok(());
        }
        let asked = self.0.iter().filter(|it| it.calls.fits(call));
        let wanted = asked.map(|binding| binding.name.clone()).collect();
        Err(ScopeMissing { wanted })
    }
}
