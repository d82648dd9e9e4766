//! Refusals of the authorization endpoint: those that go to the client, and those that only the person sees.

use crate::{
    account::AccountFault,
    error::UnauthorizedFault,
    form::{Duplicate, FormFault},
    pkce::ChallengeFault,
    resource::TargetFault,
    scope::ScopeFault,
};

/// Why a client gets an error. Variants are the codes of RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6 and
/// RFC 8707 §2; their texts are safe for `error_description`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizeError {
    /// `invalid_request`
    #[error("{0}")]
    InvalidRequest(RequestFault),
    /// `unauthorized_client`
    #[error("{0}")]
    UnauthorizedClient(ClientRefusal),
    /// `unsupported_response_type`
    #[error("{0}")]
    UnsupportedResponseType(ResponseTypeFault),
    /// `invalid_scope`
    #[error("{0}")]
    InvalidScope(#[from] ScopeFault),
    /// `invalid_target`
    #[error("{0}")]
    InvalidTarget(#[from] TargetFault),
    /// `access_denied`
    #[error("the resource owner denied the request")]
    AccessDenied(Denial),
    /// `login_required`
    #[error("nobody is signed in")]
    LoginRequired,
    /// `consent_required`
    #[error("the resource owner has not consented")]
    ConsentRequired,
    /// `request_not_supported`
    #[error("request objects are not supported")]
    RequestNotSupported,
    /// `request_uri_not_supported`
    #[error("request objects are not supported")]
    RequestUriNotSupported,
}

/// What is wrong with the request itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestFault {
    /// A parameter came more than once.
    #[error("{0}")]
    Repeated(#[from] Duplicate),
    /// `response_type` is left out.
    #[error("the parameter response_type is missing")]
    NoResponseType,
    /// There is no such response mode, or not for a token.
    #[error("the response_mode is not supported")]
    ResponseMode,
    /// The code challenge is missing, malformed, or made in a way that is not taken.
    #[error("{0}")]
    Challenge(#[from] ChallengeFault),
    /// `none` beside another value.
    #[error("prompt=none must stand alone")]
    Prompt,
    /// `max_age` is no number of seconds.
    #[error("max_age must be a number of seconds")]
    MaxAge,
    /// The nonce is longer than a nonce needs to be.
    #[error("the nonce is too long")]
    Nonce,
}

/// Why a known client may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClientRefusal {
    /// The record was made for other grants.
    #[error("{0}")]
    Grant(UnauthorizedFault),
    /// `glide.oauth.clients.allowed.for.implicit.grant` does not name it.
    #[error("the client may not use the implicit grant")]
    Implicit,
}

/// Why the response type is not supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResponseTypeFault {
    /// There is no such response type.
    #[error("the response_type is not supported")]
    Unknown,
    /// RFC 9700 §2.1.2: the implicit grant is not used here.
    #[error("response_type=token is not supported")]
    Implicit,
}

/// Who said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// The person.
    Person,
    /// The instance: the account may not have tokens.
    Account(AccountFault),
}

/// Why nobody is redirected: there is no proved place to go to, or the dialect shows a page. Nothing of it is
/// sent to the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// The request cannot be read.
    #[error("The request cannot be read.")]
    Form(#[from] FormFault),
    /// The client or the redirection URI is named twice.
    #[error("The request names something twice.")]
    Repeated(#[from] Duplicate),
    /// `com.snc.platform.security.oauth.is.active` is off.
    #[error("OAuth is not active on this instance.")]
    OauthInactive,
    /// No client is named.
    #[error("The request does not name an application.")]
    NoClient,
    /// No client has this `client_id`.
    #[error("The application is not registered here.")]
    UnknownClient,
    /// The record is not active.
    #[error("The application is not active.")]
    InactiveClient,
    /// The record has no redirection URI that is sound.
    #[error("No redirect URL is registered for the application.")]
    NoneRegistered,
    /// The request names no redirection URI where it has to.
    #[error("The request does not say where to return to.")]
    NoRedirectUri,
    /// The redirection URI is none that is registered.
    #[error("The application wants to return to an address that is not registered for it.")]
    RedirectUriMismatch {
        /// What the request names. For the log, and for the page in development only.
        received: Box<str>,
        /// What is registered.
        expected: Vec<Box<str>>,
    },
    /// `glide.oauth.state.parameter.required`: the text is ServiceNow's (`inbound-oauth.md` §9.1).
    #[error("Missing State parameter in request.")]
    NoState,
    /// The state is longer than 4 KiB, so that it could not be given back.
    #[error("The state parameter is too long.")]
    LongState,
}

impl PageError {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form(FormFault::NotUtf8) => "form_not_utf8",
            Self::Form(FormFault::TooMany) => "form_too_many_parameters",
            Self::Repeated(_) => "parameter_repeated",
            Self::OauthInactive => "oauth_inactive",
            Self::NoClient => "client_missing",
            Self::UnknownClient => "client_unknown",
            Self::InactiveClient => "client_inactive",
            Self::NoneRegistered => "redirect_uri_none_registered",
            Self::NoRedirectUri => "redirect_uri_missing",
            Self::RedirectUriMismatch { .. } => "redirect_uri_mismatch",
            Self::NoState => "state_missing",
            Self::LongState => "state_too_long",
        }
    }
}

impl AuthorizeError {
    /// Returns the code on the wire.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::UnauthorizedClient(_) => "unauthorized_client",
            Self::UnsupportedResponseType(_) => "unsupported_response_type",
            Self::InvalidScope(_) => "invalid_scope",
            Self::InvalidTarget(_) => "invalid_target",
            Self::AccessDenied(_) => "access_denied",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
        }
    }

    /// Returns the name of the precise fault, for logs.
    #[must_use]
    pub fn fault(&self) -> &'static str {
        match self {
            Self::InvalidRequest(fault) => fault.code(),
            Self::UnauthorizedClient(ClientRefusal::Grant(fault)) => fault.code(),
            Self::UnauthorizedClient(ClientRefusal::Implicit) => "implicit_not_allowed",
            Self::UnsupportedResponseType(ResponseTypeFault::Unknown) => "response_type_unknown",
            Self::UnsupportedResponseType(ResponseTypeFault::Implicit) => "implicit_switched_off",
            Self::InvalidScope(fault) => fault.code(),
            Self::InvalidTarget(fault) => fault.code(),
            Self::AccessDenied(Denial::Person) => "consent_denied",
            Self::AccessDenied(Denial::Account(fault)) => fault.code(),
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::RequestNotSupported => "request_object",
            Self::RequestUriNotSupported => "request_uri",
        }
    }
}

impl RequestFault {
    fn code(self) -> &'static str {
        match self {
            Self::Repeated(_) => "parameter_repeated",
            Self::NoResponseType => "response_type_missing",
            Self::ResponseMode => "response_mode_unknown",
            Self::Challenge(fault) => fault.code(),
            Self::Prompt => "prompt_contradictory",
            Self::MaxAge => "max_age_malformed",
            Self::Nonce => "nonce_too_long",
        }
    }
}
