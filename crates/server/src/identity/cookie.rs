//! Cookies: reading the one of a name, writing one that only we read (RFC 6265).

use axum::http::{HeaderMap, HeaderValue, header};

use crate::app::App;

/// Returns the value of a cookie. One that comes twice with different values counts as none: somebody who may set
/// cookies for a neighbouring host must not choose which of them counts.
pub(crate) fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter();
    let pairs = all
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    let mut values = pairs.filter_map(|pair| {
        let (known, value) = pair.split_once('=')?;
        (known.trim() == name).then(|| value.trim())
    });
    let first = values.next()?;
    values.all(|other| other == first).then_some(first)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        let line = HeaderValue::from_static("XJSESSIONID=no; a=b;JSESSIONID=yes ; glide=1");
        headers.append(header::COOKIE, line);
        assert_eq!(value(&headers, "JSESSIONID"), Some("yes"));
        assert_eq!(value(&headers, "glide"), Some("1"));
        assert_eq!(value(&headers, "SESSIONID"), None);
        assert_eq!(value(&HeaderMap::new(), "a"), None);
    }

    #[test]
    fn two_values_of_one_cookie_count_as_none() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("s=1; s=1"));
        assert_eq!(value(&headers, "s"), Some("1"));
        headers.append(header::COOKIE, HeaderValue::from_static("s=2"));
        assert_eq!(value(&headers, "s"), None);
    }
}
