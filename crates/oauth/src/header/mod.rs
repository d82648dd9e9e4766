//! Request headers as they come, from any client and before anybody is known: functions from their lines to what
//! they mean, so that tests and the fuzzer read them without a server.
//!
//! | header | module |
//! |---|---|
//! | `Accept` (RFC 9110 §12.5.1) | [`accept`] |
//! | `Accept-Encoding` (RFC 9110 §12.5.3) | [`coding`] |
//! | `Authorization: Basic` of a person (RFC 7617) | [`basic`] |
//! | `Content-Type` (RFC 9110 §8.3) | [`content_type`] |
//! | `Cookie` (RFC 6265 §5.4) | [`cookie`] |
//! | `Host` (RFC 9110 §7.2) | [`host`] |
//! | `X-Forwarded-For` | [`forwarded`] |
//!
//! A client's Basic credentials are read by [`client_auth`](crate::client_auth), which has to read them in two ways.

use std::borrow::Cow;

pub mod accept;
pub mod basic;
pub mod coding;
pub mod content_type;
pub mod cookie;
pub mod forwarded;
pub mod host;

/// Returns the text in lower case; one that is so already, as most are, is not copied.
#[must_use]
pub fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        text.to_ascii_lowercase().into()
    } else {
        text.into()
    }
}
