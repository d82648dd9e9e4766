//! The authorization code grant's second half (RFC 6749 §4.1.3): a code becomes tokens, once.
//!
//! The order of the checks decides who may hurt whom: only the client that a code was issued to can use it up, and
//! only that client's second use ends what the first one gave.

use super::{Context, CurrentTokens, Decision, registered, required};
use crate::{
    account::{Account, AccountFault},
    change::Change,
    client::Client,
    client_auth::AuthenticatedClient,
    error::{CodeFault, GrantFault, TokenError},
    form::Form,
    issue::{Issue, OneTime},
    login::Proof,
    pkce::{CodeChallenge, CodeVerifier},
    revoke::end_of_family,
    scope::NumberedScope,
    secret::PresentedSecret,
    time::UnixSeconds,
    token::{IssuedToken, KeyRing, TokenClaims, TokenId, TokenKind},
};

/// The parameters of the grant. `state`, which some clients repeat here, is not looked at (`inbound-oauth.md` §2.1).
#[derive(Debug, Clone)]
pub struct AuthorizationCode<'r> {
    /// The code.
    pub code: PresentedSecret<'r>,
    /// Where the code was sent.
    pub redirect_uri: Option<&'r str>,
    /// The secret behind the challenge.
    pub verifier: Option<PresentedSecret<'r>>,
}

impl<'r> AuthorizationCode<'r> {
    pub(super) fn parse(form: &'r Form<'_>) -> Result<Self, TokenError> {
        Ok(Self {
            code: PresentedSecret::new(required(form, "code")?),
            redirect_uri: form.get("redirect_uri")?,
            verifier: form.get("code_verifier")?.map(PresentedSecret::new),
        })
    }

    /// Verifies the code and returns what it says, which tells the server what to read.
    ///
    /// # Errors
    /// [`TokenError::InvalidGrant`] when it is no code of this instance.
    pub fn verify(&self, keys: &KeyRing) -> Result<IssuedToken, TokenError> {
        let code = keys.recover(self.code.expose());
        let code = code.map_err(|fault| deny(CodeFault::Token(fault)))?;
        match code.claims.kind {
            TokenKind::Code => Ok(code),
            TokenKind::Access | TokenKind::Refresh | TokenKind::Device => {
                Err(deny(CodeFault::NotACode))
            }
        }
    }
}

/// What is stored of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCode {
    /// The redirection URI of the authorization request; `None` if it named none.
    pub redirect_uri: Option<Box<str>>,
    /// What the exchange has to prove.
    pub challenge: Option<CodeChallenge>,
    /// `nonce`, for the ID token.
    pub nonce: Option<Box<str>>,
    /// When the person proved who they are.
    pub authenticated_at: UnixSeconds,
    /// What they proved then.
    pub proof: Proof,
    /// Whether the session in which the person consented still stands.
    pub session_stands: bool,
    /// Whether it was used.
    pub state: CodeState,
}

/// Whether a code was used, and what it gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeState {
    /// It was not.
    Unused,
    /// It was.
    Consumed {
        /// The family, or the access token where there was no refresh token.
        gave: TokenId,
        /// After this second nothing of that lives.
        until: UnixSeconds,
    },
}

/// What the decision needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The code presented, as [`AuthorizationCode::verify`] found it.
    pub presented: IssuedToken,
    /// What is stored of it.
    pub stored: Option<&'a StoredCode>,
    /// The code's user.
    pub account: Option<&'a Account>,
    /// The scope of the code, for its resources or those of them that the request names (RFC 8707 §2.2).
    pub scope: &'a NumberedScope,
    /// The tokens of this client, user and scope.
    pub current: CurrentTokens,
}

/// Decides the grant.
#[must_use]
pub fn decide(
    request: &AuthorizationCode<'_>,
    client: &AuthenticatedClient,
    material: &Material<'_>,
    context: &Context<'_>,
) -> Decision {
    let claims = &material.presented.claims;
    let stored = match issued_to(claims, client, material.stored, context) {
        Ok(stored) => stored,
        Err(error) => return Err(error).into(),
    };
    if let CodeState::Consumed { gave, until } = stored.state {
        // RFC 6749 §4.1.2: "the authorization server MUST deny the request and SHOULD revoke … all tokens
        // previously issued based on that authorization code".
        let forget_after = end_of_family(gave, until, Some(client), context.now);
        return Decision::Deny {
            error: deny(CodeFault::Replayed),
            changes: vec![Change::RevokeFamily {
                id: gave,
                forget_after,
            }],
        };
    }
    issue(request, client, stored, material, context).into()
}

/// The code is this client's: until here nothing of it may change.
fn issued_to<'a>(
    claims: &TokenClaims,
    client: &Client,
    stored: Option<&'a StoredCode>,
    context: &Context<'_>,
) -> Result<&'a StoredCode, TokenError> {
    permitted(client, context)?;
    // RFC 6749 §4.1.3: "ensure that the authorization code was issued to the authenticated … client".
    if claims.client != client.no {
        return Err(deny(CodeFault::OtherClient));
    }
    stored.ok_or(deny(CodeFault::Unknown))
}

fn issue(
    request: &AuthorizationCode<'_>,
    client: &AuthenticatedClient,
    stored: &StoredCode,
    material: &Material<'_>,
    context: &Context<'_>,
) -> Result<Issue, TokenError> {
    let claims = &material.presented.claims;
    if !claims.expires.is_after(context.now) {
        return Err(deny(CodeFault::Expired));
    }
    same_redirect_uri(request.redirect_uri, stored, client).map_err(deny)?;
    prove(request.verifier.as_ref(), stored.challenge.as_ref())?;
    // security.md §2, 16: bound to the person's session, too.
    if !stored.session_stands {
        return Err(deny(CodeFault::SessionEnded));
    }
    let owner = owner(claims, material.account).map_err(|fault| deny(CodeFault::Owner(fault)))?;
    let mut issue = Issue::new(
        client,
        owner.no,
        material.scope,
        context.now,
        context.policy,
    );
    issue.consumes = Some(OneTime::Code(claims.id));
    issue.granted = claims.scope;
    // Public clients get a refresh token too: the documentation says no, a capture says yes (`inbound-oauth.md`
    // §2.1), and a command line that had to open a browser every half hour would be of no use. Rotation protects it
    // where the policy rotates.
    material
        .current
        .reuse_pair(&mut issue, client, owner, context);
    Ok(issue)
}

/// RFC 6749 §4.1.3: the URI of the authorization request, "and their values MUST be identical".
fn same_redirect_uri(
    presented: Option<&str>,
    stored: &StoredCode,
    client: &Client,
) -> Result<(), CodeFault> {
    let same = match (&stored.redirect_uri, presented) {
        (Some(_), None) => return Err(CodeFault::RedirectUriMissing),
        (Some(stored), Some(presented)) => **stored == *presented,
        // None was named; naming the one it went to does no harm.
        (None, Some(presented)) => client.redirect_uris.iter().any(|it| it.matches(presented)),
        (None, None) => true,
    };
    same.then_some(()).ok_or(CodeFault::RedirectUriDiffers)
}

/// RFC 7636 §4.6, and both downgrades of RFC 9700 §4.8.2: a challenge asks for a verifier, and a verifier without a
/// challenge shows that somebody took the challenge away.
fn prove(
    verifier: Option<&PresentedSecret<'_>>,
    challenge: Option<&CodeChallenge>,
) -> Result<(), TokenError> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(deny(CodeFault::VerifierUnexpected)),
        (Some(_), None) => Err(deny(CodeFault::VerifierMissing)),
        (Some(challenge), Some(verifier)) => {
            let verifier = CodeVerifier::parse(verifier.expose());
            let verifier = verifier.map_err(|_| deny(CodeFault::VerifierMalformed))?;
            challenge
                .verify(&verifier)
                .map_err(TokenError::CodeChallenge)
        }
    }
}

/// Whoever was blocked, or signed out everywhere, between consent and exchange gets nothing.
fn owner<'a>(
    claims: &TokenClaims,
    account: Option<&'a Account>,
) -> Result<&'a Account, AccountFault> {
    let account = account
        .filter(|account| account.no == claims.user)
        .ok_or(AccountFault::Unknown)?;
    account.may_log_in()?;
    account.honours(claims.id)?;
    Ok(account)
}

pub(super) fn permitted(client: &Client, context: &Context<'_>) -> Result<(), TokenError> {
    registered(GRANT_TYPE, client, context)
}

fn deny(fault: CodeFault) -> TokenError {
    TokenError::InvalidGrant(GrantFault::Code(fault))
}

pub(super) const GRANT_TYPE: &str = "authorization_code";
