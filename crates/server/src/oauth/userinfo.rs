//! The userinfo endpoint: `GET` and `POST /oauth2/userinfo` (OpenID Connect Core §5.3).

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};
use snowglobe_oauth::{
    bearer::{self, BearerFault},
    error::TokenError,
    form::Form,
    policy::Dialect,
    scope::OPENID,
    userinfo,
};
use snowglobe_store::backend::{ApplyError, StoreError};

use super::{
    answer::{authorization, form_body, json, refuse},
    subject::subject,
};
use crate::{
    app::App,
    identity::token::{self, BearerOf},
    refusal,
};

/// Why nothing is told.
enum Refusal {
    /// RFC 6750 §3.1: no challenge tells more than that a token is wanted.
    NoToken,
    Invalid(BearerFault),
    Scope,
    Store(ApplyError),
}

/// `GET`, `POST /oauth2/userinfo`
pub(crate) async fn respond(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let header = authorization(&parts)
        .and_then(bearer::from_header)
        .map(str::to_owned);
    let token = match header {
        Some(token) => Some(token),
        // RFC 6750 §2.2: in a form, where the request has no header.
        None if parts.method == Method::POST && is_form(&parts) => {
            match in_body(&parts, body).await {
                Ok(token) => token,
                Err(failure) => return refuse(&failure, app.policy(Dialect::Strict), &parts),
            }
        }
        None => None,
    };
    match tell(&app, token.as_deref()).await {
        Ok(claims) => json(StatusCode::OK, claims),
        Err(refusal) => refusal.render(),
    }
}

fn is_form(parts: &Parts) -> bool {
    parts.headers.contains_key(header::CONTENT_TYPE)
}

async fn in_body(
    parts: &Parts,
    body: axum::body::Body,
) -> Result<Option<String>, super::answer::Failure> {
    let body = form_body(parts, body).await?;
    let form = Form::parse(&body).map_err(TokenError::from)?;
    Ok(form
        .get("access_token")
        .map_err(TokenError::from)?
        .map(str::to_owned))
}

async fn tell(app: &App, token: Option<&str>) -> Result<String, Refusal> {
    let token = token.ok_or(Refusal::NoToken)?;
    let BearerOf {
        token,
        client,
        user,
        scope,
    } = token::bearer(app, token).await?;
    if !scope.scope.contains(OPENID) {
        return Err(Refusal::Scope);
    }
    let subject = subject(app, &token.claims, &client, &user.account).await?;
    let person = app.store.person(user.account.no).await?.unwrap_or_default();
    let claims = userinfo::claims(&subject, &person, &scope.scope);
    Ok(serde_json::Value::Object(claims).to_string())
}

impl From<token::Refused> for Refusal {
    fn from(refused: token::Refused) -> Self {
        match refused {
            token::Refused::Bearer(fault) => Self::Invalid(fault),
            token::Refused::Store(error) => Self::Store(error),
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error.into())
    }
}

impl Refusal {
    fn render(&self) -> Response {
        let (status, challenge, body) = match self {
            Self::NoToken => {
                refusal::say("no_credentials");
                (StatusCode::UNAUTHORIZED, BEARER, NO_TOKEN)
            }
            Self::Invalid(fault) => {
                refusal::say(refusal::Why::new(fault.code()).text(fault));
                (StatusCode::UNAUTHORIZED, INVALID_TOKEN, INVALID)
            }
            Self::Scope => {
                refusal::say("scope_without_openid");
                (StatusCode::FORBIDDEN, INSUFFICIENT_SCOPE, INSUFFICIENT)
            }
            Self::Store(error) => {
                refusal::say("unavailable");
                tracing::error!(error = %error, "userinfo cannot be told");
                return json(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE);
            }
        };
        let mut response = json(status, body);
        let headers = response.headers_mut();
        headers.insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static(challenge),
        );
        response
    }
}

const BEARER: &str = r#"Bearer realm="oauth""#;
const INVALID_TOKEN: &str =
    r#"Bearer realm="oauth", error="invalid_token", error_description="the token opens nothing""#;
const INSUFFICIENT_SCOPE: &str =
    r#"Bearer realm="oauth", error="insufficient_scope", scope="openid""#;
const NO_TOKEN: &str =
    r#"{"error":"invalid_token","error_description":"an access token is needed"}"#;
const INVALID: &str = r#"{"error":"invalid_token","error_description":"the token opens nothing"}"#;
const INSUFFICIENT: &str =
    r#"{"error":"insufficient_scope","error_description":"the token has not the scope openid"}"#;
const UNAVAILABLE: &str =
    r#"{"error":"temporarily_unavailable","error_description":"try again later"}"#;
