//! Cookies: reading the one of a name, writing one that only we read (RFC 6265).

use axum::http::{HeaderMap, HeaderValue, header};

use crate::app::App;

/// Returns the value of a cookie.
pub(crate) fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter();
    snowglobe_oauth::header::cookie::value(lines.filter_map(|line| line.to_str().ok()), name)
}

/// Returns the header that sets a cookie for as long as the browser runs. Scripts do not see it, other sites' forms
/// do not send it, and it leaves over TLS only where the instance is reached over TLS.
pub(crate) fn set(app: &App, name: &str, value: &str) -> Option<HeaderValue> {
    let secure = if app.issuer.starts_with("https://") {
        "; Secure"
    } else {
        ""
    };
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(line).ok()
}

/// Returns the header that makes a browser forget a cookie.
pub(crate) fn forget(app: &App, name: &str) -> Option<HeaderValue> {
    set(app, name, "; Max-Age=0")
}
