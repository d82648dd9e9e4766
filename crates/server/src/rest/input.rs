//! The body of a write: one flat object of texts (`rest-and-records.md` §1.2, §1.3, §2.5).

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use serde_json::{Map, Value};

use super::table::MAX_BODY;
use crate::error::RestError;

/// Reads the body of a POST, PUT or PATCH as pairs of element and text.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
) -> Result<Vec<(String, String)>, RestError> {
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if let Some(length) = length.filter(|length| *length > MAX_BODY) {
        return Err(RestError::TooLarge(length));
    }
    let bytes = axum::body::to_bytes(body, MAX_BODY)
        .await
        .map_err(|_| RestError::TooLarge(MAX_BODY + 1))?;
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    if !is_json(headers) {
        return Err(RestError::MediaType);
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| unreadable())?;
    parse(text)
}

/// A missing type is taken as JSON: clients differ (§1.3).
fn is_json(headers: &HeaderMap) -> bool {
    let Some(content_type) = headers.get(header::CONTENT_TYPE) else {
        return true;
    };
    let essence = content_type
        .to_str()
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    matches!(
        &*essence.trim().to_ascii_lowercase(),
        "application/json" | "text/json"
    )
}

fn parse(text: &str) -> Result<Vec<(String, String)>, RestError> {
    let value: Value = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&double_quoted(text)))
        .map_err(|_| unreadable())?;
    let fields = first_object(value).ok_or_else(unreadable)?;
    Ok(fields
        .into_iter()
        .map(|(element, value)| (element, wire_text(value)))
        .collect())
}

/// §1.2: of a body that carries several records only the first is used.
fn first_object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(mut object) => match object.get_mut("records") {
            Some(Value::Array(records)) if !records.is_empty() => {
                first_object(std::mem::take(&mut records[0]))
            }
            _ => Some(object),
        },
        Value::Array(list) => match list.into_iter().next() {
            Some(Value::Object(object)) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// Numbers and booleans are stored as their text (§2.5). A reference that is sent back as it was read brings
/// its key in `value`.
fn wire_text(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Object(mut object) if object.contains_key("value") => {
            wire_text(object.get_mut("value").map(Value::take).unwrap_or_default())
        }
        other => other.to_string(),
    }
}

/// The official samples send `{'short_description':'x'}` (§1.3): single quotes outside of double-quoted strings
/// become double ones.
fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quote, mut escaped) = (None, false);
    for c in text.chars() {
        match (quote, c) {
            (Some(_), _) if escaped => {
                // `\'` is no JSON escape.
                if c == '\'' {
                    out.pop();
                }
                escaped = false;
                out.push(c);
            }
            (Some(_), '\\') => {
                escaped = true;
                out.push(c);
            }
            (Some('\''), '"') => out.push_str("\\\""),
            (Some(open), _) if c == open => {
                quote = None;
                out.push('"');
            }
            (None, '\'' | '"') => {
                quote = Some(c);
                out.push('"');
            }
            _ => out.push(c),
        }
    }
    out
}

fn unreadable() -> RestError {
    RestError::UnreadableBody("The payload is not valid JSON.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        parse(text).expect("a body")
    }

    #[test]
    fn values_are_stored_as_their_text() {
        let body = r#"{"a":"x","b":3,"c":true,"d":null,"e":{"link":"l","value":"id"},"f":[1]}"#;
        let texts: Vec<String> = pairs(body).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["x", "3", "true", "", "id", "[1]"]);
    }

    #[test]
    fn the_official_samples_have_single_quotes() {
        let expected = vec![("short_description".to_owned(), "it's \"so\"".to_owned())];
        assert_eq!(pairs(r#"{'short_description':'it\'s "so"'}"#), expected);
    }

    #[test]
    fn of_several_records_the_first_counts() {
        let expected = vec![("a".to_owned(), "1".to_owned())];
        assert_eq!(pairs(r#"[{"a":1},{"a":2}]"#), expected);
        assert_eq!(pairs(r#"{"records":[{"a":1},{"a":2}]}"#), expected);
    }

    #[test]
    fn what_is_no_record_is_refused() {
        let deep = "[".repeat(100_000);
        for text in ["", "x", "3", "\"a\"", "[]", "[1]", "{", "{'a}", &deep] {
            assert!(parse(text).is_err(), "{}", &text[..text.len().min(9)]);
        }
    }
}
