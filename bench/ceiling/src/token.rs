//! What a token request and a bearer check cannot do without.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Parses the form, hashes the secret once, and answers a token made of the hash.
pub(crate) async fn post(body: Bytes) -> Response {
    let (mut grant, mut id, mut secret) = (None, None, None);
    for (name, value) in form_urlencoded::parse(&body) {
        match &*name {
            "grant_type" => grant = Some(value),
            "client_id" => id = Some(value),
            "client_secret" => secret = Some(value),
            _ => {}
        }
    }
    let (Some(_grant), Some(_id), Some(secret)) = (grant, id, secret) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let hash = Sha256::digest(secret.as_bytes());
    let mut token = [0; 64];
    token[..32].copy_from_slice(&hash);
    let token = BASE64_URL_SAFE_NO_PAD.encode(token);
    json(format!(
        r#"{{"access_token":"{token}","scope":"useraccount","token_type":"Bearer","expires_in":1799}}"#
    ))
}

/// Decodes the bearer token, hashes it once, and answers a small object.
pub(crate) async fn bearer(headers: HeaderMap) -> Response {
    let token = headers
        .get(header::AUTHORIZATION)
        .map(axum::http::HeaderValue::as_bytes);
    let token = token.and_then(|value| value.strip_prefix(b"Bearer "));
    let Some(Ok(token)) = token.map(|token| BASE64_URL_SAFE_NO_PAD.decode(token)) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let hash = Sha256::digest(token);
    json(format!(
        r#"{{"error":{{"message":"Invalid table {:02x}","detail":null}},"status":"failure"}}"#,
        hash[0]
    ))
}

/// An answer with the headers that a token response must have.
pub(crate) fn json(body: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json;charset=UTF-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::PRAGMA, "no-cache"),
    ];
    (headers, body).into_response()
}
