//! The path of a call, as its names are compared.

use std::borrow::Cow;

/// Returns a path with its names as the router reads them: so they are compared.
#[must_use]
pub fn decoded(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    Cow::Owned(String::from_utf8_lossy(&unescaped(path)).into_owned())
}

/// Returns the bytes that a path, or a step of it, stands for.
#[must_use]
pub fn unescaped(path: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, after @ ..] => hex(*high, *low).map(|byte| (byte, after)),
            _ => None,
        };
        let (byte, after) = escaped.unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    bytes
}

/// Returns a path of the REST surface without its empty steps, which mean nothing there, and one of a single step such
/// as `//incident.do` with one slash (`https://host/` + `/incident.do?JSONv2`); any other path as it is.
#[must_use]
pub fn tidied(path: &str) -> Cow<'_, str> {
    let twice = path.as_bytes().windows(2).any(|two| two == b"//");
    if !twice && (path.len() < 2 || !path.ends_with('/')) {
        return Cow::Borrowed(path);
    }
    let below = path.trim_start_matches('/');
    let is_page = below
        .strip_suffix(".do")
        .is_some_and(|name| !name.contains('/'));
    if path.starts_with("//") && is_page {
        return Cow::Owned(format!("/{below}"));
    }
    if path == "/api/" || !below.starts_with("api/") {
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

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_compared_as_it_is_routed() {
        for (path, expected) in [
            ("/api/now/table/incident", "/api/now/table/incident"),
            ("/api/now/table/%69ncident", "/api/now/table/incident"),
            ("/api/now/table/a+b%2Bc&d=e", "/api/now/table/a+b+c&d=e"),
            ("/api/now/table/%C3%A9%", "/api/now/table/é%"),
            ("/api/now/table/%zz%2", "/api/now/table/%zz%2"),
        ] {
            assert_eq!(decoded(path), expected);
        }
    }

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
            ("//evil.example/login.do", "//evil.example/login.do"),
            ("//incident.do", "/incident.do"),
            ("//oauth_token.do", "/oauth_token.do"),
            ("/", "/"),
            ("//", "//"),
        ] {
            assert_eq!(tidied(path), expected, "{path}");
        }
    }
}
