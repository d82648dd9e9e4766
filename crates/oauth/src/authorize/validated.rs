//! The third stage: the request is in order. Who is there?

use std::sync::Arc;

use super::{
    AuthorizationRequest,
    error::{AuthorizeError, Denial},
    identified::{Identified, Person},
    prompt::Prompt,
    response::{Redirect, Target},
};
use crate::{
    client::Client,
    pkce::CodeChallenge,
    resource::Resources,
    scope::Scope,
    time::{UnixMillis, UnixSeconds},
};

/// A request that is in order.
#[derive(Debug, Clone)]
pub struct Validated {
    pub(super) client: Arc<Client>,
    pub(super) target: Target,
    pub(super) flow: Flow,
    pub(super) scope: Scope,
    pub(super) resources: Resources,
    pub(super) challenge: Option<CodeChallenge>,
    pub(super) prompt: Prompt,
    pub(super) max_age: Option<u32>,
}

/// What the client wants back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// `response_type=code`
    Code,
    /// `response_type=token`
    Token,
}

/// What is known of who is there.
#[derive(Debug)]
pub enum Identity {
    /// Enough.
    Known(Box<AuthorizationRequest<Identified>>),
    /// Somebody has to log in, again if `again`.
    Login {
        /// Only a login from now on counts.
        again: bool,
    },
    /// The client asked for no page and would need one, or the person may not do this.
    Refused(Box<Redirect>),
}

impl AuthorizationRequest<Validated> {
    /// Returns the client.
    #[must_use]
    pub fn client(&self) -> &Arc<Client> {
        &self.stage.client
    }

    /// Returns the name that the client thinks the person has.
    #[must_use]
    pub fn login_hint(&self) -> Option<&str> {
        self.parameters.login_hint.as_deref()
    }

    /// Decides whether who is there is enough. `asked` is when this very request showed the login page, if it did:
    /// a login before that does not count where the client asks for one.
    #[must_use]
    pub fn identify(
        self,
        person: Option<Person>,
        asked: Option<UnixSeconds>,
        now: UnixMillis,
    ) -> Identity {
        let Some(person) = person else {
            // The login that comes now is the one the client asks for: it is not asked for twice.
            let anew = self.asks_for_login();
            return self.log_in(anew);
        };
        if self.is_stale(&person, asked, now) {
            return self.log_in(true);
        }
        // A person whose account is blocked while they look at the page gets no code.
        if let Err(fault) = person.account.may_log_in() {
            let error = AuthorizeError::AccessDenied(Denial::Account(fault));
            return Identity::Refused(Box::new(self.stage.target.refuse(error)));
        }
        let (parameters, request) = (self.parameters, self.stage);
        let stage = Identified { request, person };
        Identity::Known(Box::new(AuthorizationRequest { parameters, stage }))
    }

    /// OpenID Connect Core §3.1.2.1: with `none`, "the Authorization Server MUST NOT display any … pages".
    fn log_in(self, again: bool) -> Identity {
        if self.stage.prompt.none {
            let refused = self.stage.target.refuse(AuthorizeError::LoginRequired);
            return Identity::Refused(Box::new(refused));
        }
        Identity::Login { again }
    }

    /// `max_age=0` asks for a login as `prompt=login` does.
    fn asks_for_login(&self) -> bool {
        self.stage.prompt.login || self.stage.max_age == Some(0)
    }

    fn is_stale(&self, person: &Person, asked: Option<UnixSeconds>, now: UnixMillis) -> bool {
        if self.asks_for_login() {
            return asked.is_none_or(|asked| person.authenticated_at < asked);
        }
        let age = now.seconds().0.saturating_sub(person.authenticated_at.0);
        let too_old = |max_age: u32| age > max_age;
        self.stage.max_age.is_some_and(too_old)
    }
}
