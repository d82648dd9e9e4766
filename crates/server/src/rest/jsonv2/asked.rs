//! A call as it comes: what its URL and its body ask for is read in [`snowglobe_records::parameters::jsonv2`].

use axum::{
    body::Body,
    http::{Method, request::Parts},
};
use snowglobe_records::parameters::jsonv2::{Asked, Sent};

use crate::{app::App, error::RestError, records::Session, rest::input};

/// Reads a call.
pub(super) async fn read(app: &App, parts: &Parts, body: &mut Body) -> Result<Asked, RestError> {
    let query = parts.uri.query().unwrap_or_default();
    if parts.method != Method::POST {
        return Ok(Asked::read(query, Sent::Asked(parts.method.as_str())));
    }
    if !input::is_json(&parts.headers) {
        return Err(RestError::MediaType);
    }
    let bytes = input::content(&parts.headers, body, input::most(app)).await?;
    Ok(Asked::read(query, Sent::Posted(input::objects(&bytes)?)))
}

/// Returns how many rows an answer has at most (`glide.processor.json.row_limit`).
pub(super) fn most_rows(session: &Session) -> u32 {
    let properties = session.app.store.properties();
    let most = properties.number("glide.processor.json.row_limit", 250);
    u32::try_from(most).unwrap_or(250)
}
