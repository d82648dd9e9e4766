//! The Global Blocking Policy (`inbound-oauth.md` §5.2, §8.3): requests from some addresses are turned away, whatever
//! they are for.
//!
//! Nobody is known yet, so criteria that ask for roles or groups are true of nobody. The endpoints for whoever runs the
//! instance stay open; `snowglobe admin lift-blocking-policy` helps who turned themselves away.

use axum::{
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use snowglobe_oauth::api_access::criteria::Circumstances;

use crate::{
    app::App,
    refusal::{self, Why},
    rest::body::push_string,
};

const CODE: &str = "glide.authenticate.global.blocking_policy.error_code";
const MESSAGE: &str = "glide.authenticate.global.blocking_policy.error_message";

/// Returns the answer to a request that the policy holds for.
pub(super) fn refusal(app: &App, uri: &Uri) -> Option<Response> {
    let access = app.store.api_access();
    let policy = access.blocking.as_ref()?;
    let from = Circumstances {
        address: refusal::address(),
        ..Circumstances::default()
    };
    if uri.path().starts_with("/_sg/") || !policy.holds(&from) {
        return None;
    }
    let address = from.address.map(|it| it.to_string()).unwrap_or_default();
    refusal::say(Why::new("globally_blocked").received(format_args!("a request from {address}")));
    let properties = app.store.properties();
    let status = match properties.text(CODE).map(str::trim) {
        Some("404") => StatusCode::NOT_FOUND,
        _ => StatusCode::FORBIDDEN,
    };
    let message = properties.text(MESSAGE).unwrap_or_default();
    Some(answer(uri, status, message))
}

fn answer(uri: &Uri, status: StatusCode, message: &str) -> Response {
    let is_rest = uri.path().starts_with("/api/");
    let (kind, body) = if is_rest {
        let mut body = String::from("{\"error\":{\"message\":");
        push_string(message, &mut body);
        body.push_str(",\"detail\":\"\"},\"status\":\"failure\"}");
        ("application/json;charset=UTF-8", body)
    } else {
        ("text/plain;charset=UTF-8", format!("{message}\n"))
    };
    let kind = HeaderValue::from_static(kind);
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}
