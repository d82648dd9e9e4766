//! The path of a call, as its names are compared.

use std::borrow::Cow;

/// Returns a path with its names as the router reads them: so they are compared.
#[must_use]
pub fn decoded(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
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
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
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
}
