//! Lists as one JSON text: a statement has room for some ten thousand parameters, a list for any number of values.

use std::fmt::Write as _;

use snowglobe_records::{Value, ValueRef};

/// Writes values as a JSON array of strings and numbers.
pub(super) fn array<'v>(values: impl Iterator<Item = &'v Value>) -> String {
    let mut json = String::from("[");
    for value in values {
        if json.len() > 1 {
            json.push(',');
        }
        match value.as_ref() {
            ValueRef::Null => json.push_str("null"),
            ValueRef::Int(n) => {
                let _ = write!(json, "{n}");
            }
            ValueRef::Text(text) => push_string(text, &mut json),
        }
    }
    json.push(']');
    json
}

/// RFC 8259 §7: quotes, backslashes and control characters are escaped.
fn push_string(text: &str, json: &mut String) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\0'..='\x1f' => {
                let _ = write!(json, "\\u{:04x}", u32::from(c));
            }
            _ => json.push(c),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc8259_7_what_json_reserves_is_escaped() {
        let values = ["a\"b", "\\", "x\ny", "ä"].map(Value::text);
        let numbers = [Value::Int(-7), Value::Int(i64::MAX)];
        assert_eq!(
            array(values.iter().chain(&numbers)),
            r#"["a\"b","\\","x\u000ay","ä",-7,9223372036854775807]"#
        );
        assert_eq!(array([].iter()), "[]");
    }
}
