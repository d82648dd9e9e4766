//! Paths that clients put together carelessly: `https://host/` + `/api/now/…`, or a slash after the table's name.
//! Below `/api` empty steps mean nothing, as on a real instance; routes, policies and links see the path without.

use std::borrow::Cow;

use axum::{extract::Request, http::Uri};

/// Takes the empty steps out of a path of the REST surface.
pub(crate) fn tidy(request: &mut Request) {
    let uri = request.uri();
    let Cow::Owned(path) = tidied(uri.path()) else {
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

fn tidied(path: &str) -> Cow<'_, str> {
    let careless = path.contains("//") || (path.len() > 1 && path.ends_with('/'));
    if !careless || path == "/api/" || !path.trim_start_matches('/').starts_with("api/") {
        return Cow::Borrowed(path);
    }
    let steps = path.split('/').filter(|step| !step.is_empty());
    let mut tidy = String::with_capacity(path.len());
    for step in steps {
        tidy.push('/');
        tidy.push_str(step);
    }
    Cow::Owned(tidy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_steps_below_api_mean_nothing() {
        for (path, expected) in [
            ("/api/now/table/incident/", "/api/now/table/incident"),
            ("//api/now/table/incident", "/api/now/table/incident"),
            ("/api/now//table///incident//", "/api/now/table/incident"),
            ("/api/now/table/incident", "/api/now/table/incident"),
            ("/api/", "/api/"),
            ("/login.do/", "/login.do/"),
            ("//evil.example/api/", "//evil.example/api/"),
            ("/", "/"),
            ("//", "//"),
        ] {
            assert_eq!(tidied(path), expected, "{path}");
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
