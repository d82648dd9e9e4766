//! Who calls the REST surface: one place for bearer tokens, Basic credentials, API keys and sessions
//! (`inbound-oauth.md` §9.2).

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use snowglobe_oauth::{
    account::AccountFault,
    api_key::{ApiKey, ApiKeyFault},
    bearer::{self, BearerFault},
    client::Client,
    error::GrantFault,
    header::basic,
    secret::PresentedSecret,
    time::UnixMillis,
};
use snowglobe_store::{
    User,
    backend::{ApplyError, StoreError},
};

use super::{
    api_key, api_session,
    sign_in::{self, Door, Refusal},
    third_party,
    token::{self, Refused},
    user_token::CsrfFault,
};
use crate::{
    app::App,
    error::RestError,
    refusal::{self, Why},
};

/// Why a caller is nobody. The wire says E3 for each; the log says which.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unknown {
    #[error("no credentials")]
    NoCredentials,
    #[error("the Authorization header has no scheme that opens the API")]
    Scheme,
    #[error("the Basic credentials cannot be read")]
    Malformed,
    #[error("{}", .0.code())]
    Password(Refusal),
    #[error("{0}")]
    Bearer(#[from] BearerFault),
    #[error("{0}")]
    ThirdParty(#[from] third_party::Refused),
    #[error("{0}")]
    Account(#[from] AccountFault),
    #[error("{0}")]
    ApiKey(#[from] ApiKeyFault),
    #[error("{fault}")]
    UserToken {
        fault: CsrfFault,
        /// What should have come: the answer tells it.
        right: String,
    },
    #[error("the token tells who its user is, and opens nothing else")]
    IdentityOnly,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

impl From<Refusal> for Unknown {
    fn from(refusal: Refusal) -> Self {
        Self::Password(refusal)
    }
}

impl Unknown {
    /// Returns the name of the reason.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::NoCredentials => "no_credentials",
            Self::Scheme => "scheme_unknown",
            Self::Malformed => "credentials_unreadable",
            Self::Password(refusal) => refusal.code(),
            Self::Bearer(fault) => fault.code(),
            Self::ThirdParty(refused) => refused.code(),
            Self::Account(fault) => fault.code(),
            Self::ApiKey(fault) => fault.code(),
            Self::UserToken { fault, .. } => fault.code(),
            Self::IdentityOnly => "scope_identity_only",
            Self::Store(_) | Self::Apply(_) => "unavailable",
        }
    }
}

impl From<Unknown> for RestError {
    fn from(unknown: Unknown) -> Self {
        match unknown {
            Unknown::Store(error) | Unknown::ThirdParty(third_party::Refused::Store(error)) => {
                error.into()
            }
            Unknown::Apply(error) | Unknown::ThirdParty(third_party::Refused::Apply(error)) => {
                error.into()
            }
            Unknown::Password(Refusal::Unavailable(why)) => {
                tracing::warn!(error = why, "a password could not be checked");
                Self::Overloaded
            }
            Unknown::Password(Refusal::Throttled) => {
                refusal::say(Refusal::Throttled.code());
                Self::Overloaded
            }
            Unknown::Password(Refusal::Wrong(GrantFault::Account(
                fault @ AccountFault::SecondFactorNeeded,
            ))) => {
                refusal::say(Why::new(fault.code()).text(fault));
                Self::SecondFactor
            }
            Unknown::IdentityOnly => {
                refusal::say(Why::new(Unknown::IdentityOnly.code()));
                Self::ApiAcl
            }
            Unknown::UserToken { fault, right } => {
                refusal::say(Why::new(fault.code()).text(fault));
                Self::UserToken(right)
            }
            why => {
                refusal::say(Why::new(why.code()).text(&why));
                Self::NotAuthenticated
            }
        }
    }
}

/// Somebody who proved who they are.
pub(crate) struct Caller {
    pub(crate) user: Arc<User>,
    pub(crate) by: By,
}

/// How they proved it.
pub(crate) enum By {
    /// With a name and a password.
    Password,
    /// With a token of this client, or of the third party that the record stands for.
    Token(Arc<Client>),
    /// With this API key.
    ApiKey(Arc<ApiKey>),
    /// By having logged in, and showing that it is no other site that sends the request.
    Session,
}

/// Returns who is calling.
pub(crate) async fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, Unknown> {
    let caller = identify(app, headers).await?;
    let user = &caller.user;
    refusal::acting_as(user.account.no);
    // `inbound-oauth.md` §7: whoever has to choose a new password does that first.
    if user.account.password_needs_reset
        && app.store.properties().flag(
            "glide.authenticate.api.user.reset_password.mandatory",
            false,
        )
    {
        return Err(AccountFault::PasswordNeedsReset.into());
    }
    Ok(caller)
}

async fn identify(app: &App, headers: &HeaderMap) -> Result<Caller, Unknown> {
    // What a program says about itself counts before what a cookie says (`rest-and-records.md` §18, 24).
    let Some(authorization) = headers.get(header::AUTHORIZATION) else {
        return match headers.get(api_key::HEADER) {
            Some(key) => api_key::caller(app, key).await,
            None => api_session::caller(app, headers).await,
        };
    };
    let authorization = authorization.to_str().map_err(|_| Unknown::Malformed)?;
    if let Some(token) = bearer::from_header(authorization) {
        return match by_token(app, token).await {
            // `inbound-oauth.md` §6.2: what is no token of ours may be one of a third party's.
            Err(Unknown::Bearer(BearerFault::Token(_))) if third_party::may_be(token) => {
                let known = Box::pin(third_party::accept(app, token)).await?;
                refusal::sent_by(known.client.no);
                Ok(Caller {
                    user: known.user,
                    by: By::Token(known.client),
                })
            }
            known => known,
        };
    }
    match authorization.trim_start().split_once(' ') {
        Some((scheme, credentials)) if scheme.eq_ignore_ascii_case("basic") => {
            Box::pin(by_password(app, credentials)).await
        }
        _ => Err(Unknown::Scheme),
    }
}

async fn by_token(app: &App, text: &str) -> Result<Caller, Unknown> {
    by_token_at(app, text, app.now()).await
}

/// Returns whom a token stands for, its life being looked at as of a moment.
pub(super) async fn by_token_at(app: &App, text: &str, now: UnixMillis) -> Result<Caller, Unknown> {
    match token::bearer_at(app, text, now).await {
        // security.md §2, 26: a person who told who they are has not handed over their records.
        Ok(bearer) if bearer.scope.scope.is_identity_only() => Err(Unknown::IdentityOnly),
        Ok(bearer) => Ok(Caller {
            user: bearer.user,
            by: By::Token(bearer.client),
        }),
        Err(Refused::Bearer(fault)) => Err(fault.into()),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

async fn by_password(app: &App, credentials: &str) -> Result<Caller, Unknown> {
    let given = basic::parse(credentials).ok_or(Unknown::Malformed)?;
    let presented = PresentedSecret::new(&given.password);
    let user = sign_in::check(app, &given.user_name, &presented)
        .await?
        .user;
    sign_in::complete(app, &user, Door::Basic).await?;
    Ok(Caller {
        user,
        by: By::Password,
    })
}
