//! JSON bodies, read as leniently as the real thing reads them (`rest-and-records.md` §1.3).

use serde_json::{Map, Value};

use super::{Fields, Unreadable};

/// Reads the fields of a record.
///
/// # Errors
/// [`Unreadable`] when the text is no JSON, or holds no record.
pub fn fields(body: &str) -> Result<Fields, Unreadable> {
    let fields = first_object(value(body)?).ok_or(Unreadable)?;
    Ok(fields
        .into_iter()
        .map(|(element, value)| (element, text(value)))
        .collect())
}

/// Reads any value.
///
/// # Errors
/// [`Unreadable`] when the text is no JSON, whatever its quotes.
pub fn value(body: &str) -> Result<Value, Unreadable> {
    serde_json::from_str(body)
        .or_else(|_| serde_json::from_str(&double_quoted(body)))
        .map_err(|_| Unreadable)
}

/// Reads a body of several records (§11.1): an object, or one that holds them in `records`. Nothing at all is none.
///
/// # Errors
/// [`Unreadable`] when the text is no JSON, or holds something else.
pub fn objects(body: &str) -> Result<Vec<Map<String, Value>>, Unreadable> {
    if body.trim().is_empty() {
        return Ok(Vec::new());
    }
    let object = |value| match value {
        Value::Object(object) => Ok(object),
        _ => Err(Unreadable),
    };
    let mut whole = object(value(body)?)?;
    match whole.remove("records") {
        Some(Value::Array(records)) => records.into_iter().map(object).collect(),
        _ => Ok(vec![whole]),
    }
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
pub fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        Value::Object(mut object) if object.contains_key("value") => {
            text(object.get_mut("value").map(Value::take).unwrap_or_default())
        }
        // As `sysparm_display_value=true` shows a reference: its key ends the link.
        Value::Object(object) if object.get("link").is_some_and(Value::is_string) => {
            let link = object.get("link").and_then(Value::as_str);
            let key = link.and_then(|link| link.rsplit(['/', '=']).next());
            key.map(str::to_owned)
        }
        other => Some(other.to_string()),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Fields {
        fields(text).expect("a body")
    }

    fn field(element: &str, text: &str) -> Fields {
        vec![(element.to_owned(), Some(text.to_owned()))]
    }

    #[test]
    fn a_reference_is_taken_as_display_values_show_it() {
        for (shown, key) in [
            (
                r#"{"display_value":"Abel","link":"https://a/api/now/table/sys_user/17"}"#,
                "17",
            ),
            (
                r#"{"link":"https://a/api/now/table/sys_db_object?name=task","display_value":"Task"}"#,
                "task",
            ),
        ] {
            assert_eq!(
                read(&format!(r#"{{"caller_id":{shown}}}"#)),
                field("caller_id", key)
            );
        }
    }

    #[test]
    fn values_are_stored_as_their_text() {
        let body = r#"{"a":"x","b":3,"c":true,"d":null,"e":{"link":"l","value":"id"},"f":[1]}"#;
        let texts: Vec<_> = read(body).into_iter().map(|(_, text)| text).collect();
        let texts: Vec<_> = texts.iter().map(Option::as_deref).collect();
        let expected = [
            Some("x"),
            Some("3"),
            Some("true"),
            None,
            Some("id"),
            Some("[1]"),
        ];
        assert_eq!(texts, expected);
    }

    #[test]
    fn the_official_samples_have_single_quotes() {
        let expected = field("short_description", "it's \"so\"");
        assert_eq!(read(r#"{'short_description':'it\'s "so"'}"#), expected);
    }

    #[test]
    fn of_several_records_the_first_counts() {
        let expected = field("a", "1");
        assert_eq!(read(r#"[{"a":1},{"a":2}]"#), expected);
        assert_eq!(read(r#"{"records":[{"a":1},{"a":2}]}"#), expected);
    }

    #[test]
    fn what_is_no_record_is_refused() {
        let deep = "[".repeat(100_000);
        for text in ["", "x", "3", "\"a\"", "[]", "[1]", "{", "{'a}", &deep] {
            assert!(fields(text).is_err(), "{}", &text[..text.len().min(9)]);
        }
    }
}
