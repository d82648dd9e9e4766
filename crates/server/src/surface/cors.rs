//! Pages of other origins (`rest-and-records.md` §12.2): what a browser is told before and with an answer.
//!
//! Rules are for the REST surface and, by path, for the endpoints that applications call in the background. Nothing
//! opens what people log in and consent at, nor the console (security.md §2, 50).

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    response::Response,
};
use snowglobe_oauth::api_access::{
    CorsRule, CorsRules,
    cors::{AllowHeaders, CrossOrigin},
    decoded,
};

use crate::{
    app::App,
    refusal::{self, Why},
};

/// The paths outside of `/api/` that a rule can open.
const CALLED_IN_THE_BACKGROUND: [&str; 7] = [
    "/oauth_token.do",
    "/oauth_revoke_token.do",
    "/oauth_revoke.do",
    "/oauth2/token",
    "/oauth2/revoke",
    "/oauth2/introspect",
    "/oauth2/userinfo",
];

/// What is to be added to the answer of a call from a page.
#[derive(Debug)]
pub(crate) struct Visit {
    origin: HeaderValue,
    rules: CorsRules,
    method: Method,
    path: Box<str>,
    /// Whether this is the browser's question, not the page's call.
    preflight: bool,
}

impl Visit {
    /// Looks whether a request comes from a page, and whether the instance evaluates rules for it.
    pub(crate) fn of(app: &App, request: &Request) -> Option<Self> {
        let headers = request.headers();
        let origin = headers.get(header::ORIGIN)?.clone();
        let path = request.uri().path();
        let is_open = path.starts_with("/api/") || CALLED_IN_THE_BACKGROUND.contains(&path);
        let evaluates = || app.store.properties().flag("glide.rest.cors.enabled", true);
        if !is_open || origin == *app.issuer || !evaluates() {
            return None;
        }
        let asked = headers.get(header::ACCESS_CONTROL_REQUEST_METHOD);
        let preflight = (request.method() == Method::OPTIONS)
            .then_some(asked)
            .flatten();
        let announced = preflight.and_then(|method| Method::from_bytes(method.as_bytes()).ok());
        Some(Self {
            origin,
            rules: app.store.api_access().cors.clone(),
            preflight: preflight.is_some(),
            method: announced.unwrap_or_else(|| request.method().clone()),
            path: decoded(path).into(),
        })
    }

    fn rule(&self) -> Option<&CorsRule> {
        self.rules.of(CrossOrigin {
            origin: self.origin.to_str().ok()?,
            method: self.method.as_str(),
            path: &self.path,
        })
    }

    /// Answers the browser's question, if this is one.
    pub(crate) fn preflight(&self, request: &Request) -> Option<Response> {
        if !self.preflight {
            return None;
        }
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        let Some(rule) = self.rule() else {
            refusal::say(
                Why::new("cors_not_allowed")
                    .expected("a CORS rule for this API, origin and method")
                    .received(format_args!(
                        "{} {} from {}",
                        self.method,
                        self.path,
                        self.origin.to_str().unwrap_or_default()
                    )),
            );
            headers.insert(header::VARY, HeaderValue::from_static("Origin"));
            return Some(response);
        };
        self.allow(rule, headers);
        set(
            headers,
            header::ACCESS_CONTROL_ALLOW_METHODS,
            &rule.methods.join(","),
        );
        let asked = request
            .headers()
            .get(header::ACCESS_CONTROL_REQUEST_HEADERS);
        let allowed = match &rule.allow_headers {
            AllowHeaders::Any => asked.cloned(),
            AllowHeaders::Listed(listed) => HeaderValue::from_str(listed).ok(),
        };
        if let Some(allowed) = allowed {
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
        }
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, rule.max_age.into());
        Some(response)
    }

    /// Adds what lets the page read the answer, where a rule does.
    pub(crate) fn admit(&self, response: &mut Response) {
        let headers = response.headers_mut();
        match self.rule() {
            Some(rule) => {
                self.allow(rule, headers);
                if !rule.expose_headers.is_empty() {
                    set(
                        headers,
                        header::ACCESS_CONTROL_EXPOSE_HEADERS,
                        &rule.expose_headers,
                    );
                }
            }
            None => {
                headers.append(header::VARY, HeaderValue::from_static("Origin"));
            }
        }
    }

    fn allow(&self, rule: &CorsRule, headers: &mut HeaderMap) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, self.origin.clone());
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        if rule.credentials {
            headers.insert(
                header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
                HeaderValue::from_static("true"),
            );
        }
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
