//! The fourth stage: it is known who is there. Do they let the client in?

use std::sync::Arc;

use super::{
    AuthorizationRequest,
    consented::Consented,
    error::{AuthorizeError, Denial},
    response::Redirect,
    validated::Validated,
};
use crate::{
    account::Account, client::Client, login::Proof, policy::RememberedConsent, scope::Scope,
    time::UnixSeconds,
};

/// A person who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their account.
    pub account: Arc<Account>,
    /// When they proved who they are.
    pub authenticated_at: UnixSeconds,
    /// What they proved then.
    pub proof: Proof,
    /// Their session.
    pub session: Box<str>,
}

/// A request, and who is there.
#[derive(Debug, Clone)]
pub struct Identified {
    pub(super) request: Validated,
    pub(super) person: Person,
}

/// What a person allowed a client before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierConsent {
    /// What.
    pub scope: Scope,
    /// The session in which they last said so.
    pub session: Box<str>,
}

/// What becomes of a request by what the person said before.
#[derive(Debug)]
pub enum Consent {
    /// They have consented to as much, or nobody has to.
    Given(Box<AuthorizationRequest<Consented>>),
    /// They have to be asked.
    Ask(Box<AuthorizationRequest<Identified>>),
    /// They would have to be asked, and the client asked for no page.
    Refused(Box<Redirect>),
}

impl AuthorizationRequest<Identified> {
    /// Returns the client.
    #[must_use]
    pub fn client(&self) -> &Arc<Client> {
        &self.stage.request.client
    }

    /// Returns who is there.
    #[must_use]
    pub fn person(&self) -> &Person {
        &self.stage.person
    }

    /// Returns what the client would get.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.stage.request.scope
    }

    /// Returns where the person will be sent.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.stage.request.target.uri
    }

    /// Decides whether the person has to be asked. `earlier` is what they allowed this client before, if anything.
    #[must_use]
    pub fn consent(
        self,
        earlier: Option<&EarlierConsent>,
        remembered: RememberedConsent,
    ) -> Consent {
        let request = &self.stage.request;
        let counts = earlier.is_some_and(|earlier| self.is_covered(earlier, remembered));
        if (counts || request.client.skip_consent) && !request.prompt.consent {
            return Consent::Given(Box::new(self.allow()));
        }
        if request.prompt.none {
            let refused = self
                .stage
                .request
                .target
                .refuse(AuthorizeError::ConsentRequired);
            return Consent::Refused(Box::new(refused));
        }
        Consent::Ask(Box::new(self))
    }

    fn is_covered(&self, earlier: &EarlierConsent, remembered: RememberedConsent) -> bool {
        let mut names = self.scope().names();
        let counts = match remembered {
            RememberedConsent::CountsInItsSession => earlier.session == self.person().session,
            RememberedConsent::CountsUnlessImpersonable => !self.may_be_impersonated(),
        };
        counts && names.all(|name| earlier.scope.contains(name))
    }

    /// RFC 8252 §8.6: a client without a secret whose redirection URI any program on the machine can listen on
    /// may be another program.
    fn may_be_impersonated(&self) -> bool {
        let request = &self.stage.request;
        request.client.public && !request.target.uri.starts_with("https:")
    }

    /// The person allows it.
    #[must_use]
    pub fn allow(self) -> AuthorizationRequest<Consented> {
        let (parameters, stage) = (self.parameters, Consented(self.stage));
        AuthorizationRequest { parameters, stage }
    }

    /// The person denies it.
    #[must_use]
    pub fn deny(self) -> Redirect {
        let error = AuthorizeError::AccessDenied(Denial::Person);
        self.stage.request.target.refuse(error)
    }
}
