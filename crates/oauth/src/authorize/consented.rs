//! The last stage: the person has consented. The client gets a code, or a token in the fragment.

use std::sync::Arc;

use super::{
    AuthorizationRequest,
    identified::{Identified, Person},
    response::Redirect,
    validated::Flow,
};
use crate::{
    change::Change,
    client::Client,
    issue::Issue,
    login::Proof,
    pkce::CodeChallenge,
    policy::Policy,
    resource::Resources,
    scope::{NumberedScope, Scope},
    time::{UnixMillis, UnixSeconds},
    token::{IssuedToken, KeyRing, TokenClaims, TokenIds, TokenKind},
};

/// A request that a person consented to.
#[derive(Debug, Clone)]
pub struct Consented(pub(super) Identified);

/// What is granted with.
#[derive(Debug)]
pub struct Grounds<'a> {
    /// The scope of the request for its resources, with their number.
    pub scope: &'a NumberedScope,
    /// The rules of the dialect spoken with the client.
    pub policy: &'a Policy,
    /// The keys of the instance.
    pub keys: &'a KeyRing,
    /// The maker of ids.
    pub ids: &'a TokenIds,
    /// The time.
    pub now: UnixMillis,
}

/// What was granted.
#[derive(Debug)]
pub struct Granted {
    /// The answer.
    pub redirect: Redirect,
    /// The code, to be on disk before the answer leaves.
    pub code: Option<NewCode>,
    /// The token, of the implicit grant.
    pub token: Vec<Change>,
}

/// What is stored of a new code. Its text is in no row: it names its row and proves itself, as tokens do.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// Its number, client, user, scope with resources, and end.
    pub token: IssuedToken,
    /// The redirection URI of the request; `None` if it named none.
    pub redirect_uri: Option<Box<str>>,
    /// What the exchange has to prove.
    pub challenge: Option<CodeChallenge>,
    /// `nonce` (OpenID Connect Core §3.1.2.1).
    pub nonce: Option<Box<str>>,
    /// When the person proved who they are.
    pub authenticated_at: UnixSeconds,
    /// What they proved then.
    pub proof: Proof,
    /// The person's session.
    pub session: Box<str>,
}

impl AuthorizationRequest<Consented> {
    /// Returns the client.
    #[must_use]
    pub fn client(&self) -> &Arc<Client> {
        &self.stage.0.request.client
    }

    /// Returns who consented.
    #[must_use]
    pub fn person(&self) -> &Person {
        &self.stage.0.person
    }

    /// Returns what they consented to.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.stage.0.request.scope
    }

    /// Returns where the client may use it (RFC 8707).
    #[must_use]
    pub fn resources(&self) -> &Resources {
        &self.stage.0.request.resources
    }

    /// Makes the answer.
    #[must_use]
    pub fn grant(self, grounds: &Grounds<'_>) -> Granted {
        match self.stage.0.request.flow {
            Flow::Code => self.grant_code(grounds),
            Flow::Token => self.grant_token(grounds),
        }
    }

    fn grant_code(self, grounds: &Grounds<'_>) -> Granted {
        let Identified { request, person } = self.stage.0;
        let claims = TokenClaims {
            kind: TokenKind::Code,
            id: grounds.ids.next(grounds.now),
            family: None,
            client: request.client.no,
            user: person.account.no,
            scope: grounds.scope.no,
            expires: grounds.now.after(grounds.policy.code_seconds),
            generation: 0,
        };
        let (token, text) = grounds.keys.mint(claims);
        let code = NewCode {
            token,
            redirect_uri: self.parameters.redirect_uri,
            challenge: request.challenge,
            nonce: self.parameters.nonce,
            authenticated_at: person.authenticated_at,
            proof: person.proof,
            session: person.session,
        };
        let parameters = vec![("code", text.expose().to_owned())];
        Granted {
            redirect: request.target.answer(parameters),
            code: Some(code),
            token: Vec::new(),
        }
    }

    /// RFC 6749 §4.2.2; "MUST NOT issue a refresh token". The token is opaque whatever the client's format is: a
    /// JWT in an address would tell everybody who sees it what it says.
    fn grant_token(self, grounds: &Grounds<'_>) -> Granted {
        let Identified { request, person } = self.stage.0;
        let (now, policy) = (grounds.now, grounds.policy);
        let mut issue = Issue::new(
            &request.client,
            person.account.no,
            grounds.scope,
            now,
            policy,
        );
        // security.md §2, 24: what lay in a browser's address is short-lived.
        let latest: UnixSeconds = now.after(policy.implicit_seconds);
        issue.access_expires = issue.access_expires.min(latest);
        let (response, token) = issue.mint(grounds.ids, grounds.keys, now);
        let parameters = vec![
            ("access_token", response.access_token.expose().to_owned()),
            ("token_type", "Bearer".to_owned()),
            ("expires_in", response.expires_in.to_string()),
            ("scope", response.scope.as_str().to_owned()),
        ];
        Granted {
            redirect: request.target.answer(parameters),
            code: None,
            token,
        }
    }
}
