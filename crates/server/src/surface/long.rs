//! URLs that are too long (`rest-and-records.md` §1.8): the web server in front of a real instance refuses them, with a
//! page, before anything else looks at them.

use axum::{
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};

use crate::refusal::{self, Why};

/// Bytes of a path with its query: 8,182 are known to work, 8,347 to be refused.
const LONGEST: usize = 8190;

const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>414 URI Too Long</title></head>\n<body>\n\
    <h1>URI Too Long</h1>\n<p>The URL of the request is longer than 8,190 bytes. Send it in a batch \
    (/api/now/v1/batch), or shorten it first (/api/now/tinyurl).</p>\n</body>\n</html>\n";

pub(super) fn is_too_long(uri: &Uri) -> bool {
    uri.path_and_query()
        .is_some_and(|target| target.as_str().len() > LONGEST)
}

pub(super) fn refusal() -> Response {
    refusal::say(Why::new("uri_too_long").expected(format_args!("at most {LONGEST} bytes")));
    let html = HeaderValue::from_static("text/html;charset=UTF-8");
    (
        StatusCode::URI_TOO_LONG,
        [(header::CONTENT_TYPE, html)],
        PAGE,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rest_1_8_a_url_of_8182_bytes_works_and_one_of_8347_does_not() {
        let of = |bytes: usize| {
            format!("/{}", "a".repeat(bytes - 1))
                .parse()
                .expect("a URI")
        };
        assert!(!is_too_long(&of(8182)) && !is_too_long(&of(8190)));
        assert!(is_too_long(&of(8191)) && is_too_long(&of(8347)));
    }
}
