//! The answers of the REST surface, with the headers that they have in common.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use snowglobe_oauth::api_access::policy::Scheme;

use super::RestError;
use crate::refusal;

impl RestError {
    /// Tells whether the call got as far as its credentials, and they were good.
    fn knows_the_caller(&self) -> bool {
        !matches!(
            self,
            Self::NotAuthenticated
                | Self::Challenged(_)
                | Self::SecondFactor
                | Self::NoSuchApi
                | Self::Method
                | Self::Overloaded
        )
    }

    /// Returns the schemes that the answer asks for.
    fn challenges(&self) -> &[Scheme] {
        match self {
            // `inbound-oauth.md` §7, §9.2: where no access policy says otherwise, the first scheme only. RFC 6750 §3
            // asks for Bearer as well, but clients that read the last of several headers look for Basic.
            Self::NotAuthenticated | Self::SecondFactor | Self::UserToken(_) => &[Scheme::Basic],
            Self::Challenged(schemes) => schemes,
            _ => &[],
        }
    }
}

impl IntoResponse for RestError {
    fn into_response(self) -> Response {
        refusal::say(self.why());
        let mut response = json(self.status(), self.body());
        let headers = response.headers_mut();
        if !self.knows_the_caller() {
            headers.insert(LOGGED_IN, HeaderValue::from_static("false"));
        }
        if let Self::RateLimited { retry_after, .. } = &self {
            headers.insert(header::RETRY_AFTER, (*retry_after).into());
        }
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if matches!(self, Self::SecondFactor) {
            headers.insert(MFA, HeaderValue::from_static("invalid"));
        }
        if let Self::UserToken(token) = &self
            && let Ok(token) = HeaderValue::from_str(token)
        {
            // Their cookie is good, so they are logged in; only this call is not known to be theirs.
            headers.insert(USER_TOKEN, token);
        }
        for scheme in self.challenges() {
            let challenge = match scheme {
                Scheme::Basic => "BASIC realm=\"Service-now\"",
                Scheme::Bearer => "BEARER realm=\"Service-now\"",
                Scheme::ApiKey => "APIKEY realm=\"Service-now\"",
            };
            let challenge = HeaderValue::from_static(challenge);
            headers.append(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Returns a REST answer with a body.
pub(crate) fn json(status: StatusCode, body: String) -> Response {
    const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");
    let mut response = common(status, body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// Returns the answer to a deletion.
pub(crate) fn no_content() -> Response {
    common(StatusCode::NO_CONTENT, Body::empty())
}

/// Every answer has these headers, so they are neither copied nor is their map made larger step by step.
fn common(status: StatusCode, body: Body) -> Response {
    const MOST: usize = 12;
    let mut headers = HeaderMap::with_capacity(MOST);
    for (name, value) in COMMON {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Where a client finds the token that it has to send as `X-UserToken`.
const USER_TOKEN: HeaderName = HeaderName::from_static("x-usertoken-response");
/// Tells a program that its password was right all the same (`inbound-oauth.md` §8.3).
const MFA: HeaderName = HeaderName::from_static("x-mfa_token");
const LOGGED_IN: HeaderName = HeaderName::from_static("x-is-logged-in");

/// The headers of every REST answer (§1.5).
const COMMON: [(HeaderName, &str); 5] = [
    (
        header::CACHE_CONTROL,
        "no-cache,no-store,must-revalidate,max-age=-1",
    ),
    (header::PRAGMA, "no-store,no-cache"),
    (header::EXPIRES, "0"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (LOGGED_IN, "true"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_names_the_realm_that_discovery_tools_look_for() {
        let response = RestError::NotAuthenticated.into_response();
        let challenge = response
            .headers()
            .get(header::WWW_AUTHENTICATE)
            .expect("a challenge");
        assert_eq!(challenge, "BASIC realm=\"Service-now\"");
    }
}
