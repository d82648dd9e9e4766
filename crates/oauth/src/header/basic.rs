//! HTTP Basic credentials of a person (RFC 7617).

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A user name and a password, as they were sent.
pub struct Basic {
    /// The user name.
    pub user_name: String,
    /// The password.
    pub password: String,
}

/// Reads the value of an `Authorization: Basic` header; `None` when it holds no credentials.
#[must_use]
pub fn parse(credentials: &str) -> Option<Basic> {
    let decoded = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    // RFC 7617 §2: the first colon ends the user name; the password may hold more.
    let (user_name, password) = decoded.split_once(':')?;
    Some(Basic {
        user_name: user_name.to_owned(),
        password: password.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc7617_2_the_first_colon_separates() {
        let basic = parse("YWRtaW46YTpi").expect("credentials");
        assert_eq!((&*basic.user_name, &*basic.password), ("admin", "a:b"));
        for bad in ["", "!!!", "YWRtaW4=", "/////w=="] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
