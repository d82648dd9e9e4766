//! Refusals of the token endpoint. A variant is the RFC's code; its payload says precisely why.
//!
//! [`TokenError`]'s `Display` is safe for `error_description`: it tells nothing that the client may not know
//! (whether a user exists, above all). `Debug`, [`TokenError::fault`] and [`TokenError::log_text`] are for
//! the log.

use crate::{
    account::AccountFault,
    assertion::AssertionFault,
    form::{Duplicate, FormFault},
    pkce::ChallengeMismatch,
    resource::TargetFault,
    scope::ScopeFault,
    token::TokenFault,
};

/// Why a token request is refused; variants are the codes of RFC 6749 §5.2.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// `invalid_request`
    #[error("{0}")]
    InvalidRequest(#[from] RequestFault),
    /// `invalid_client`: one text, whatever is wrong with it.
    #[error("client authentication failed")]
    InvalidClient(ClientFault),
    /// `invalid_grant`
    #[error("{0}")]
    InvalidGrant(GrantFault),
    /// `unauthorized_client`
    #[error("{0}")]
    UnauthorizedClient(UnauthorizedFault),
    /// `unsupported_grant_type`
    #[error("{0}")]
    UnsupportedGrantType(GrantTypeFault),
    /// `invalid_scope`
    #[error("{0}")]
    InvalidScope(#[from] ScopeFault),
    /// `invalid_target` (RFC 8707 §2)
    #[error("{0}")]
    InvalidTarget(#[from] TargetFault),
    /// `authorization_pending` (RFC 8628 §3.5)
    #[error("nobody has answered yet")]
    AuthorizationPending,
    /// `slow_down` (RFC 8628 §3.5)
    #[error("the device asks too often; it must wait five seconds longer from now on")]
    SlowDown,
    /// `access_denied` (RFC 8628 §3.5)
    #[error("the person said no")]
    AccessDenied,
    /// `expired_token` (RFC 8628 §3.5)
    #[error("the device code's time is over")]
    ExpiredToken,
    /// `invalid_grant`, where ServiceNow's body says more than of any other fault (§9.1 of `inbound-oauth.md`).
    #[error("{WRONG_CODE}")]
    CodeChallenge(ChallengeMismatch),
}

/// What is wrong with the request itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestFault {
    /// A required parameter is left out.
    #[error("the parameter {0} is missing")]
    Missing(&'static str),
    /// A parameter came more than once.
    #[error("{0}")]
    Duplicate(#[from] Duplicate),
    /// The body is no form.
    #[error("{0}")]
    Form(#[from] FormFault),
    /// The client authenticates in the header and in the body.
    #[error("the client authenticates in more than one way")]
    TwoMethods,
    /// The body is not `application/x-www-form-urlencoded`; found by the server.
    #[error("the content type must be application/x-www-form-urlencoded")]
    ContentType,
    /// The body is larger than any form of ours; found by the server.
    #[error("the request is too large")]
    TooLarge,
    /// The method is not POST; found by the server.
    #[error("the method must be POST")]
    Method,
    /// Parameters are in the URL where only the body counts; found by the server.
    #[error("parameters must be in the body")]
    ParametersInUrl,
}

/// What is wrong with the client or its proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientFault {
    /// The request names no client.
    Missing,
    /// No client has this `client_id`.
    Unknown,
    /// The record is not active.
    Inactive,
    /// The client has a secret and did not send it.
    SecretMissing,
    /// The secret is another.
    SecretWrong,
    /// Header and body name different clients.
    NamesDiffer,
    /// The `Authorization` header is unreadable or of a scheme no client authenticates with.
    UnsupportedMethod,
    /// The client is public, and the endpoint is for those who prove themselves.
    Public,
    /// The assertion that should prove it does not.
    Assertion(AssertionFault),
}

/// What is wrong with the credentials of the grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantFault {
    /// The password is another.
    #[error("{WRONG_CREDENTIALS}")]
    PasswordWrong,
    /// The user may not have a token; reads as a wrong password does.
    #[error("{WRONG_CREDENTIALS}")]
    Account(AccountFault),
    /// The refresh token is none of this instance.
    #[error("{WRONG_TOKEN}")]
    Token(TokenFault),
    /// The token is an access token.
    #[error("{WRONG_TOKEN}")]
    NotARefreshToken,
    /// The token was issued to another client.
    #[error("{WRONG_TOKEN}")]
    OtherClient,
    /// The token's life is over.
    #[error("{WRONG_TOKEN}")]
    Expired,
    /// The token, or its family, was revoked.
    #[error("{WRONG_TOKEN}")]
    Revoked,
    /// The refresh token was used before, beyond the grace: it, or its successor, was stolen.
    #[error("{WRONG_TOKEN}")]
    Replayed,
    /// The token's user is gone, blocked, or ended all tokens.
    #[error("{WRONG_TOKEN}")]
    TokenOwner(AccountFault),
    /// The assertion proves nothing, or nobody who may have a token.
    #[error("{WRONG_ASSERTION}")]
    Assertion(AssertionFault),
    /// The code gives nothing, or not to this request.
    #[error("{WRONG_CODE}")]
    Code(CodeFault),
    /// The device code gives nothing, or not to this client.
    #[error("{WRONG_DEVICE_CODE}")]
    Device(DeviceFault),
}

/// Why a device code gives nothing, beyond what RFC 8628 has codes for. One text on the wire, whatever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceFault {
    /// It is none of this instance.
    Token(TokenFault),
    /// It is another kind of token.
    NotADeviceCode,
    /// It proves itself, and nothing is stored of it any more.
    Unknown,
    /// It was made for another client.
    OtherClient,
    /// It was used before.
    Used,
    /// Whoever said yes may have no tokens.
    Owner(AccountFault),
}

/// Why a code gives nothing. One text on the wire, whatever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFault {
    /// It is none of this instance.
    Token(TokenFault),
    /// It is another kind of token.
    NotACode,
    /// It proves itself, and nothing is stored of it any more.
    Unknown,
    /// It was issued to another client.
    OtherClient,
    /// Its life is over.
    Expired,
    /// It was used before.
    Replayed,
    /// The request does not repeat the redirection URI.
    RedirectUriMissing,
    /// The request names another redirection URI.
    RedirectUriDiffers,
    /// It came with a challenge, and the request has no verifier.
    VerifierMissing,
    /// It came without a challenge, and the request has a verifier (RFC 9700 §4.8.2).
    VerifierUnexpected,
    /// The verifier is none that RFC 7636 knows.
    VerifierMalformed,
    /// The person has logged out meanwhile.
    SessionEnded,
    /// The person may have no tokens.
    Owner(AccountFault),
}

/// Why an authenticated client may not use the grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnauthorizedFault {
    /// `com.snc.platform.security.oauth.is.active` is off.
    #[error("OAuth is not active on this instance")]
    OauthInactive,
    /// The grant is for clients that can keep a secret.
    #[error("a public client may not use this grant")]
    PublicClient,
    /// The record was made for other grants.
    #[error("the client is not registered for this grant")]
    GrantNotRegistered,
    /// The record has no OAuth Application User.
    #[error("the client has no application user")]
    NoApplicationUser,
    /// The OAuth Application User may not have a token.
    #[error("the client's application user cannot be used")]
    ApplicationUser(AccountFault),
}

/// Why the grant type is not supported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrantTypeFault {
    /// There is no such grant; the name is cut to what `error_description` may hold.
    #[error("the grant type '{0}' is not supported")]
    Unknown(Box<str>),
    /// A property or the policy switches it off.
    #[error("the grant type is switched off")]
    SwitchedOff,
}

impl GrantTypeFault {
    pub(crate) fn unknown(name: &str) -> Self {
        // RFC 6749 §5.2: error_description holds %x20-21 / %x23-5B / %x5D-7E only.
        let allowed = |c: &char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
        Self::Unknown(name.chars().filter(allowed).take(64).collect())
    }
}

impl TokenError {
    /// Returns the code of RFC 6749 §5.2.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient(_) => "invalid_client",
            Self::InvalidGrant(_) | Self::CodeChallenge(_) => "invalid_grant",
            Self::UnauthorizedClient(_) => "unauthorized_client",
            Self::UnsupportedGrantType(_) => "unsupported_grant_type",
            Self::InvalidScope(_) => "invalid_scope",
            Self::InvalidTarget(_) => "invalid_target",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::AccessDenied => "access_denied",
            Self::ExpiredToken => "expired_token",
        }
    }

    /// Returns the name of the precise fault, for logs and metrics.
    #[must_use]
    pub fn fault(&self) -> &'static str {
        match self {
            Self::InvalidRequest(fault) => fault.code(),
            Self::InvalidClient(fault) => fault.code(),
            Self::InvalidGrant(fault) => fault.code(),
            Self::UnauthorizedClient(fault) => fault.code(),
            Self::UnsupportedGrantType(GrantTypeFault::Unknown(_)) => "grant_type_unknown",
            Self::UnsupportedGrantType(GrantTypeFault::SwitchedOff) => "grant_type_switched_off",
            Self::InvalidTarget(fault) => fault.code(),
            Self::InvalidScope(fault) => fault.code(),
            Self::CodeChallenge(_) => "code_verifier_wrong",
            Self::AuthorizationPending => "device_pending",
            Self::SlowDown => "device_polls_too_often",
            Self::AccessDenied => "device_denied",
            Self::ExpiredToken => "device_code_expired",
        }
    }

    /// Returns the line ServiceNow's system log shows for the refusal (§9 of `inbound-oauth.md`); three forms
    /// are on record, the others follow their pattern.
    #[must_use]
    pub fn log_text(&self) -> String {
        let (error, text) = match self {
            Self::InvalidClient(ClientFault::SecretMissing) => {
                return "Exception on token flow - client_secret".to_owned();
            }
            Self::InvalidScope(_) => ("invalid_scope", TOKEN_NOT_VALID),
            Self::InvalidGrant(fault) if fault.is_about_a_token() => {
                ("invalid_token", TOKEN_NOT_VALID)
            }
            other => (other.code(), other.fault()),
        };
        format!("Exception on token flow - {error}: {text}")
    }
}

impl RequestFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing(_) => "parameter_missing",
            Self::Duplicate(_) => "parameter_repeated",
            Self::Form(FormFault::NotUtf8) => "form_not_utf8",
            Self::Form(FormFault::TooMany) => "form_too_many_parameters",
            Self::TwoMethods => "two_client_authentications",
            Self::ContentType => "content_type",
            Self::TooLarge => "too_large",
            Self::Method => "method",
            Self::ParametersInUrl => "parameters_in_url",
        }
    }
}

impl ClientFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "client_missing",
            Self::Unknown => "client_unknown",
            Self::Inactive => "client_inactive",
            Self::SecretMissing => "client_secret_missing",
            Self::SecretWrong => "client_secret_wrong",
            Self::NamesDiffer => "client_names_differ",
            Self::UnsupportedMethod => "client_method_unsupported",
            Self::Public => "client_public",
            Self::Assertion(fault) => fault.code(),
        }
    }
}

impl GrantFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PasswordWrong => "password_wrong",
            Self::Account(fault) | Self::TokenOwner(fault) => fault.code(),
            Self::Token(fault) => fault.code(),
            Self::Code(fault) => fault.code(),
            Self::Device(fault) => fault.code(),
            Self::NotARefreshToken => "token_not_refresh",
            Self::OtherClient => "token_of_other_client",
            Self::Expired => "token_expired",
            Self::Revoked => "token_revoked",
            Self::Replayed => "token_replayed",
            Self::Assertion(fault) => fault.code(),
        }
    }

    fn is_about_a_token(self) -> bool {
        !matches!(
            self,
            Self::PasswordWrong | Self::Account(_) | Self::Assertion(_)
        )
    }
}

impl CodeFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Token(fault) => fault.code(),
            Self::NotACode => "code_other_token",
            Self::Unknown => "code_unknown",
            Self::OtherClient => "code_of_other_client",
            Self::Expired => "code_expired",
            Self::Replayed => "code_replayed",
            Self::RedirectUriMissing => "code_redirect_uri_missing",
            Self::RedirectUriDiffers => "code_redirect_uri_differs",
            Self::VerifierMissing => "code_verifier_missing",
            Self::VerifierUnexpected => "code_verifier_unexpected",
            Self::VerifierMalformed => "code_verifier_malformed",
            Self::SessionEnded => "code_session_ended",
            Self::Owner(fault) => fault.code(),
        }
    }
}

impl DeviceFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Token(fault) => fault.code(),
            Self::NotADeviceCode => "device_code_other_token",
            Self::Unknown => "device_code_unknown",
            Self::OtherClient => "device_code_of_other_client",
            Self::Used => "device_code_used",
            Self::Owner(fault) => fault.code(),
        }
    }
}

impl UnauthorizedFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OauthInactive => "oauth_inactive",
            Self::PublicClient => "client_public",
            Self::GrantNotRegistered => "grant_not_registered",
            Self::NoApplicationUser => "application_user_missing",
            Self::ApplicationUser(fault) => fault.code(),
        }
    }
}

impl From<AssertionFault> for GrantFault {
    fn from(fault: AssertionFault) -> Self {
        Self::Assertion(fault)
    }
}

impl From<Duplicate> for TokenError {
    fn from(fault: Duplicate) -> Self {
        Self::InvalidRequest(fault.into())
    }
}

impl From<FormFault> for TokenError {
    fn from(fault: FormFault) -> Self {
        Self::InvalidRequest(fault.into())
    }
}

const WRONG_CREDENTIALS: &str = "the resource owner's credentials are not valid";
const WRONG_ASSERTION: &str = "the assertion is not valid";
const WRONG_TOKEN: &str = "the token is not valid";
const WRONG_CODE: &str = "the code is not valid";
const WRONG_DEVICE_CODE: &str = "the device code is not valid";
const TOKEN_NOT_VALID: &str = "The provided OAuth token is not valid";
