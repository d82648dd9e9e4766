//! Where a person goes on to after a page of ours: somewhere on this instance, or nowhere (security.md §2, 5).

/// Returns the text if it is a path on this instance, with or without a query.
///
/// Browsers read `//host`, `/\host` and what is left of `/<tab>/host` as another host, so only what every parser
/// reads alike is let through: one slash, then printable ASCII without a backslash.
#[must_use]
pub fn allowed(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('/')?;
    let plain = text.len() <= LONGEST
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (plain && !rest.starts_with('/')).then_some(text)
}

/// A request to the authorization endpoint with a `state` of 4 KiB, escaped, fits.
const LONGEST: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_ours_is_allowed() {
        for path in [
            "/",
            "/oauth_auth.do?response_type=code&redirect_uri=https%3A%2F%2Fa.example%2F",
            "/nav_to.do?uri=incident.do",
            "/a//b",
            "/a?b=//c",
            "/%5cevil.example",
        ] {
            assert_eq!(allowed(path), Some(path));
        }
    }

    #[test]
    fn whatever_may_lead_elsewhere_is_not() {
        let long = format!("/{}", "a".repeat(LONGEST));
        for hostile in [
            "",
            "a",
            "//evil.example",
            "///evil.example",
            "////evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "\\\\evil.example",
            "/a\\b",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\nSet-Cookie: a=b",
            "\t//evil.example",
            " //evil.example",
            " /a",
            "/ /evil.example",
            "/\0/evil.example",
            "/\u{7f}/evil.example",
            "/\u{2028}/evil.example",
            "/\u{ff0f}evil.example",
            "\u{ff0f}\u{ff0f}evil.example",
            "http:evil.example",
            "http://evil.example",
            "https://evil.example/",
            "hTTps://evil.example/",
            "https:///evil.example",
            "javascript:alert(1)",
            "JaVaScript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "mailto:a@b",
            "@evil.example",
            ".evil.example",
            "..//evil.example",
            "./a",
            "?a=b",
            "#a",
            ":80/",
            "user@evil.example/",
            "[::1]/",
            &long,
        ] {
            assert_eq!(allowed(hostile), None, "{hostile:?}");
        }
    }
}
