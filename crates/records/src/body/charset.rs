//! The text of a body: UTF-8 unless `Content-Type` names another set of characters. Windows PowerShell sends
//! ISO-8859-1, and some .NET clients a byte order mark.

use std::borrow::Cow;

const MARK: char = '\u{feff}';

/// Returns the text of a body with this `Content-Type`; `None` where the bytes are not what they are said to be.
#[must_use]
pub fn text<'b>(content_type: &str, bytes: &'b [u8]) -> Option<Cow<'b, str>> {
    let text = match &*charset(content_type) {
        "iso-8859-1" | "latin1" | "windows-1252" => {
            Cow::Owned(bytes.iter().copied().map(char::from).collect())
        }
        "utf-16" if bytes.starts_with(&[0xfe, 0xff]) => utf_16(bytes, u16::from_be_bytes)?,
        "utf-16" | "utf-16le" => utf_16(bytes, u16::from_le_bytes)?,
        "utf-16be" => utf_16(bytes, u16::from_be_bytes)?,
        _ => Cow::Borrowed(std::str::from_utf8(bytes).ok()?),
    };
    Some(match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix(MARK).unwrap_or(text)),
        Cow::Owned(text) => match text.strip_prefix(MARK) {
            Some(rest) => Cow::Owned(rest.to_owned()),
            None => Cow::Owned(text),
        },
    })
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Cow<'static, str>> {
    let (units, rest) = bytes.as_chunks::<2>();
    let text = String::from_utf16(&units.iter().map(|pair| unit(*pair)).collect::<Vec<_>>());
    text.ok().filter(|_| rest.is_empty()).map(Cow::Owned)
}

/// `application/json; charset="UTF-8"` names `utf-8`.
fn charset(content_type: &str) -> String {
    let named = content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    });
    named.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_in_the_characters_it_names() {
        let json = "application/json";
        let utf_16: Vec<u8> = "é".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (kind, bytes, expected) in [
            (json, "é".as_bytes(), Some("é")),
            (json, b"\xef\xbb\xbf{}", Some("{}")),
            (json, b"\xe9", None),
            ("application/json;charset=ISO-8859-1", b"\xe9", Some("é")),
            ("application/json; Charset=\"utf-8\"", b"{}", Some("{}")),
            ("application/json;charset=utf-16le", &utf_16, Some("é")),
            (
                "application/json;charset=utf-16",
                b"\xff\xfe\xe9\0",
                Some("é"),
            ),
            (
                "application/json;charset=utf-16",
                b"\xfe\xff\0\xe9",
                Some("é"),
            ),
            ("application/json;charset=utf-16", b"\0", None),
            ("application/json;charset=utf-16", b"\0\xd8", None),
        ] {
            assert_eq!(text(kind, bytes).as_deref(), expected, "{kind} {bytes:?}");
        }
    }
}
