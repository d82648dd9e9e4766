//! Paths that clients put together carelessly: `https://host/` + `/api/now/…`, or a slash after the table's name.
//! Below `/api` empty steps mean nothing, as on a real instance; routes, policies and links see the path without.

use std::borrow::Cow;

use axum::{extract::Request, http::Uri};
use snowglobe_oauth::api_access::tidied;

use crate::router;

/// Takes the empty steps out of a path of the REST surface, and a version that makes no difference.
pub(crate) fn tidy(request: &mut Request) {
    let uri = request.uri();
    let tidied = tidied(uri.path());
    let Cow::Owned(path) = unversioned(tidied) else {
        return;
    };
    let whole = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = whole.parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
}

/// §1.1: where an API has one version only, any that is asked for is that one.
fn unversioned(path: Cow<'_, str>) -> Cow<'_, str> {
    let known = |path: &str| router::pattern_of(path).is_some();
    let latest = path.strip_prefix("/api/").and_then(|below| {
        let (namespace, rest) = below.split_once('/')?;
        let (version, rest) = rest.split_once('/')?;
        ["v1", "v2"]
            .contains(&version)
            .then(|| format!("/api/{namespace}/{rest}"))
    });
    match latest {
        Some(latest) if !known(&path) && known(&latest) => latest.into(),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rest_1_1_a_version_is_taken_where_there_is_one_only() {
        for (path, expected) in [
            ("/api/now/v1/account", "/api/now/account"),
            ("/api/now/v2/stats/incident", "/api/now/stats/incident"),
            ("/api/now/v1/stats/incident", "/api/now/v1/stats/incident"),
            ("/api/now/v2/table/incident", "/api/now/v2/table/incident"),
            ("/api/now/v9/account", "/api/now/v9/account"),
            ("/api/now/v1/nothing/here", "/api/now/v1/nothing/here"),
        ] {
            assert_eq!(unversioned(Cow::Borrowed(path)), expected);
        }
    }

    #[test]
    fn the_query_stays() {
        let mut request = Request::new(axum::body::Body::empty());
        *request.uri_mut() = Uri::from_static("http://a.example//api/now/table/t/?a=//");
        tidy(&mut request);
        assert_eq!(
            request.uri().to_string(),
            "http://a.example/api/now/table/t?a=//"
        );
    }
}
