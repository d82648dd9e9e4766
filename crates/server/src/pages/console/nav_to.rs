//! The frame that a real instance puts around its pages: links made for it lead to the page inside.

use axum::{http::Uri, response::Response};

use snowglobe_oauth::goto;

use crate::{identity::session::see_other, rest::params::pairs};

/// `GET /nav_to.do?uri=incident.do?sys_id=…`: on to a page of this instance, and nowhere else (security.md §2, 5).
pub(crate) async fn get(uri: Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    let wanted = pairs(query).find(|(name, _)| name == "uri");
    let target = wanted.and_then(|(_, target)| inside(&target));
    see_other(target.as_deref().unwrap_or("/"))
}

/// `GET /navpage.do`, `GET /now/nav/ui/classic`
pub(crate) async fn home() -> Response {
    see_other("/")
}

/// Returns a target as a path of this instance: it is relative, with or without a slash before it.
fn inside(target: &str) -> Option<String> {
    let path = target.strip_prefix('/').unwrap_or(target);
    // What the first segment holds decides: a scheme, a host or a step upwards would lead away.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let page = path.split(['?', '/']).next().unwrap_or_default();
    let is_page = !page.is_empty() && page.bytes().all(plain) && !page.starts_with('.');
    let path = format!("/{path}");
    (is_page && goto::allowed(&path).is_some()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_ours_is_gone_on_to() {
        for (target, path) in [
            ("incident_list.do", "/incident_list.do"),
            ("/incident.do?sys_id=1&x=2", "/incident.do?sys_id=1&x=2"),
            ("oauth_entity.do?sys_id=-1", "/oauth_entity.do?sys_id=-1"),
            ("now/nav/ui/classic", "/now/nav/ui/classic"),
        ] {
            assert_eq!(inside(target).as_deref(), Some(path), "{target}");
        }
    }

    #[test]
    fn security_5_nothing_else_is() {
        for hostile in [
            "",
            "/",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "https:evil.example",
            "HTTPS://evil.example/incident.do",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)//incident.do",
            "data:text/html,<script>",
            "/ /evil.example",
            "/\t/evil.example",
            "\t//evil.example",
            "incident.do\r\nSet-Cookie: a=b",
            "incident.do?x=\u{0}",
            "../evil",
            "..//evil.example",
            ".",
            "./incident.do",
            "@evil.example",
            "evil.example:80/",
            "%2f%2fevil.example",
            "%5cevil.example",
            "/%09/evil.example",
            "\u{ff0f}\u{ff0f}evil.example",
            "incident.do?x=\u{202e}",
            "?uri=//evil.example",
            "#//evil.example",
        ] {
            assert_eq!(inside(hostile), None, "{hostile:?}");
        }
    }
}
