//! The first stage: what came in. Nothing of it is believed, and nobody is redirected.

use std::sync::Arc;

use super::{
    AuthorizationRequest, Rules,
    error::PageError,
    parameters::Parameters,
    redirectable::Redirectable,
    response::{ResponseMode, Target},
};
use crate::{
    client::Client,
    form::{Duplicate, Form},
    policy::RedirectFallback,
};

/// What came in.
#[derive(Debug, Clone)]
pub struct Received {
    repeated: Option<Duplicate>,
}

impl AuthorizationRequest<Received> {
    /// Reads a request from its query or, posted, its body.
    ///
    /// # Errors
    /// [`PageError`] when the client or the redirection URI is named twice: it is not known where to send an error.
    pub fn parse(form: &Form<'_>) -> Result<Self, PageError> {
        let (parameters, repeated) = Parameters::read(form);
        form.get("client_id")?;
        form.get("redirect_uri")?;
        Ok(Self {
            parameters,
            stage: Received { repeated },
        })
    }

    /// Returns the client that is named.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.parameters.client_id.as_deref()
    }

    /// Proves the client and the redirection URI.
    ///
    /// # Errors
    /// [`PageError`] when either is not known here: "MUST NOT automatically redirect" (RFC 6749 §4.1.2.1).
    pub fn bind(
        self,
        client: Option<&Arc<Client>>,
        rules: &Rules<'_>,
    ) -> Result<AuthorizationRequest<Redirectable>, PageError> {
        if !rules.properties.oauth_active {
            return Err(PageError::OauthInactive);
        }
        let named = self.client_id().ok_or(PageError::NoClient)?;
        let client = client
            .filter(|client| *client.client_id == *named)
            .ok_or(PageError::UnknownClient)?;
        if !client.active {
            return Err(PageError::InactiveClient);
        }
        let uri = self.redirect_uri(client, rules)?;
        self.check_state(rules)?;
        let target = Target {
            uri,
            mode: self.response_mode(),
            state: self.parameters.state.clone(),
            // RFC 9700 §4.4.2.1: the client learns which server answered.
            iss: rules
                .policy
                .answers_name_issuer
                .then(|| rules.issuer.into()),
        };
        let (client, repeated) = (Arc::clone(client), self.stage.repeated);
        Ok(AuthorizationRequest {
            parameters: self.parameters,
            stage: Redirectable {
                client,
                target,
                repeated,
            },
        })
    }

    fn redirect_uri(&self, client: &Client, rules: &Rules<'_>) -> Result<Box<str>, PageError> {
        let registered = &client.redirect_uris;
        let first = registered.first().ok_or(PageError::NoneRegistered)?;
        let Some(presented) = &self.parameters.redirect_uri else {
            return match rules.policy.redirect_fallback {
                RedirectFallback::WhenAbsent => Ok(first.as_str().into()),
                RedirectFallback::Never => Err(PageError::NoRedirectUri),
            };
        };
        if registered.iter().any(|uri| uri.matches(presented)) {
            return Ok(presented.clone());
        }
        Err(PageError::RedirectUriMismatch {
            received: presented.clone(),
            expected: registered.iter().map(|uri| uri.as_str().into()).collect(),
        })
    }

    fn check_state(&self, rules: &Rules<'_>) -> Result<(), PageError> {
        let state = self.parameters.state.as_deref();
        if state.is_some_and(|state| state.len() > MAX_STATE) {
            return Err(PageError::LongState);
        }
        // `inbound-oauth.md` §2.1: it may not be blank either.
        let blank = state.is_none_or(|state| state.trim().is_empty());
        let required = rules.policy.state_by_property && rules.properties.state_required;
        // RFC 9700 §2.1: a client that uses PKCE may rely on it against forged requests, and public libraries
        // that do send no state. The documentation does not say which of the two the property means then.
        let by_pkce = self.parameters.code_challenge.is_some();
        if blank && required && !by_pkce && self.stage.repeated.is_none() {
            return Err(PageError::NoState);
        }
        Ok(())
    }

    /// Returns how an answer travels, an error about the response mode too: as asked where that can be
    /// understood, and else as OAuth 2.0 Multiple Response Types §2.1 has it by default.
    fn response_mode(&self) -> ResponseMode {
        let asked = self.parameters.response_mode.as_deref();
        let token = self.parameters.response_type.as_deref() == Some("token");
        let mode = asked.and_then(ResponseMode::parse);
        match (mode, token) {
            // A token is never in a query, where it is logged and sent on (RFC 9700 §4.3.2).
            (None | Some(ResponseMode::Query), true) => ResponseMode::Fragment,
            (None, false) => ResponseMode::Query,
            (Some(mode), _) => mode,
        }
    }
}

/// Bytes of a state that is given back (security.md §2, 21).
const MAX_STATE: usize = 4096;
