//! The second stage: the client and the redirection URI are proved, so that faults are sent there.

use std::sync::Arc;

use super::{
    AuthorizationRequest, Rules,
    error::{AuthorizeError, ClientRefusal, RequestFault, ResponseTypeFault},
    prompt::Prompt,
    response::{Redirect, ResponseMode, Target},
    validated::{Flow, Validated},
};
use crate::{
    client::{Client, CodeChallengeMethod},
    error::UnauthorizedFault,
    form::Duplicate,
    pkce::{ChallengeFault, CodeChallenge},
    policy::Policy,
    resource::Resources,
    scope::Scope,
};

/// A client that is known, and the redirection URI that is its own.
#[derive(Debug, Clone)]
pub struct Redirectable {
    pub(super) client: Arc<Client>,
    pub(super) target: Target,
    pub(super) repeated: Option<Duplicate>,
}

impl AuthorizationRequest<Redirectable> {
    /// Checks everything that can be checked before it is known who is there.
    ///
    /// # Errors
    /// A [`Redirect`] with the error, to the proved redirection URI.
    pub fn validate(
        self,
        rules: &Rules<'_>,
    ) -> Result<AuthorizationRequest<Validated>, Box<Redirect>> {
        match self.check(rules) {
            Ok(stage) => Ok(AuthorizationRequest {
                parameters: self.parameters,
                stage,
            }),
            Err(error) => Err(Box::new(self.stage.target.refuse(error))),
        }
    }

    fn check(&self, rules: &Rules<'_>) -> Result<Validated, AuthorizeError> {
        if let Some(repeated) = self.stage.repeated {
            return Err(RequestFault::Repeated(repeated).into());
        }
        self.no_request_object()?;
        let flow = self.flow(rules)?;
        self.response_mode(flow)?;
        let scope = Scope::granted(
            self.parameters.scope.as_deref(),
            &self.stage.client,
            rules.policy,
        )?;
        let challenge = match flow {
            Flow::Code => self.challenge(rules)?,
            Flow::Token => None,
        };
        let too_long = |nonce: &str| nonce.len() > MAX_NONCE;
        if self.parameters.nonce.as_deref().is_some_and(too_long) {
            return Err(RequestFault::Nonce.into());
        }
        Ok(Validated {
            client: Arc::clone(&self.stage.client),
            target: self.stage.target.clone(),
            flow,
            scope,
            resources: self.resources(rules)?,
            challenge,
            prompt: self.prompt()?,
            max_age: self.max_age()?,
        })
    }

    /// OpenID Connect Core §6: a parameter that would change the others must not be overlooked.
    fn no_request_object(&self) -> Result<(), AuthorizeError> {
        if self.parameters.request {
            return Err(AuthorizeError::RequestNotSupported);
        }
        if self.parameters.request_uri {
            return Err(AuthorizeError::RequestUriNotSupported);
        }
        Ok(())
    }

    fn flow(&self, rules: &Rules<'_>) -> Result<Flow, AuthorizeError> {
        let client = &self.stage.client;
        let asked = self.parameters.response_type.as_deref();
        let asked = asked.ok_or(RequestFault::NoResponseType)?;
        let mut known = RESPONSE_TYPES.into_iter();
        let Some((_, flow, grant_type)) = known.find(|(known, ..)| *known == asked) else {
            let fault = ResponseTypeFault::Unknown;
            return Err(AuthorizeError::UnsupportedResponseType(fault));
        };
        if !is_offered(flow, rules.policy) {
            let fault = ResponseTypeFault::Implicit;
            return Err(AuthorizeError::UnsupportedResponseType(fault));
        }
        if !client.inbound_grant_type.allows(grant_type) {
            let refusal = ClientRefusal::Grant(UnauthorizedFault::GrantNotRegistered);
            return Err(AuthorizeError::UnauthorizedClient(refusal));
        }
        // `inbound-oauth.md` §7: blank by default, which is nobody.
        let mut allowed = rules.implicit_clients.split(',').map(str::trim);
        if flow == Flow::Token && !allowed.any(|id| *id == *client.client_id) {
            return Err(AuthorizeError::UnauthorizedClient(ClientRefusal::Implicit));
        }
        Ok(flow)
    }

    fn response_mode(&self, flow: Flow) -> Result<(), AuthorizeError> {
        let Some(asked) = self.parameters.response_mode.as_deref() else {
            return Ok(());
        };
        match (ResponseMode::parse(asked), flow) {
            (None, _) | (Some(ResponseMode::Query), Flow::Token) => {
                Err(RequestFault::ResponseMode.into())
            }
            (Some(_), _) => Ok(()),
        }
    }

    /// RFC 8707 §2: a resource that is not known here is an `invalid_target`.
    fn resources(&self, rules: &Rules<'_>) -> Result<Resources, AuthorizeError> {
        let resources = self.parameters.resources.clone()?;
        Ok(resources.known(rules.is_resource)?)
    }

    fn challenge(&self, rules: &Rules<'_>) -> Result<Option<CodeChallenge>, AuthorizeError> {
        let challenge = self.parameters.code_challenge.as_deref();
        let method = self.parameters.code_challenge_method.as_deref();
        let client = &self.stage.client;
        let fault = match (challenge, method) {
            (Some(text), method) => match self.method(method, rules) {
                Some(method) => return Ok(Some(CodeChallenge::new(method, text)?)),
                None => ChallengeFault::Method,
            },
            (None, Some(_)) => ChallengeFault::MethodAlone,
            // RFC 9700 §2.1.1: "Public clients MUST use PKCE".
            (None, None) if client.public || client.use_pkce => ChallengeFault::Missing,
            (None, None) => return Ok(None),
        };
        Err(RequestFault::Challenge(fault).into())
    }

    /// RFC 7636 §4.3: "defaults to plain if not present". `plain` is for clients registered for it, where the
    /// dialect knows it (security.md §2, 11).
    fn method(&self, method: Option<&str>, rules: &Rules<'_>) -> Option<CodeChallengeMethod> {
        let registered = self.stage.client.code_challenge_method;
        match CodeChallengeMethod::parse(method.unwrap_or("plain"))? {
            CodeChallengeMethod::Plain
                if !rules.policy.plain_challenge || registered != CodeChallengeMethod::Plain =>
            {
                None
            }
            method => Some(method),
        }
    }

    fn prompt(&self) -> Result<Prompt, AuthorizeError> {
        let text = self.parameters.prompt.as_deref().unwrap_or_default();
        Ok(Prompt::parse(text).ok_or(RequestFault::Prompt)?)
    }

    fn max_age(&self) -> Result<Option<u32>, AuthorizeError> {
        let max_age = self.parameters.max_age.as_deref().map(str::parse);
        Ok(max_age.transpose().map_err(|_| RequestFault::MaxAge)?)
    }
}

impl From<RequestFault> for AuthorizeError {
    fn from(fault: RequestFault) -> Self {
        Self::InvalidRequest(fault)
    }
}

impl From<ChallengeFault> for AuthorizeError {
    fn from(fault: ChallengeFault) -> Self {
        RequestFault::Challenge(fault).into()
    }
}

const MAX_NONCE: usize = 1024;

/// The response types (RFC 6749 §3.1.1), each with the grant it belongs to.
const RESPONSE_TYPES: [(&str, Flow, &str); 2] = [
    ("code", Flow::Code, "authorization_code"),
    ("token", Flow::Token, "implicit"),
];

/// Iterates over the response types that are taken where a policy rules.
pub fn response_types(policy: &Policy) -> impl Iterator<Item = &'static str> {
    let offered = RESPONSE_TYPES.into_iter();
    let offered = offered.filter(|(_, flow, _)| is_offered(*flow, policy));
    offered.map(|(name, ..)| name)
}

fn is_offered(flow: Flow, policy: &Policy) -> bool {
    match flow {
        Flow::Code => true,
        Flow::Token => policy.implicit_grant,
    }
}
