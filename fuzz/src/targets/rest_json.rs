//! Bodies of REST calls as JSON (`rest-and-records.md` §1.3, §11.1).

use serde_json::Value;
use snowglobe_records::body::json;

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "rest_json",
    run,
    words: &[
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "\\'",
        "\\\"",
        "\\u0000",
        ":",
        ",",
        "null",
        "true",
        "1e9",
        "\"records\"",
        "'records'",
        "\"value\"",
        "\"link\"",
        "short_description",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let _ = json::objects(text);
    let (value, fields) = (json::value(text), json::fields(text));
    assert!(
        value.is_ok() || fields.is_err(),
        "fields of what is no JSON"
    );
    if let Ok(fields) = fields {
        // What was read is written plainly and read again.
        let pairs = fields
            .iter()
            .map(|(name, text)| (name.clone(), text.clone().map(Value::from)));
        let plain: Value = pairs
            .map(|(name, value)| (name, value.unwrap_or(Value::Null)))
            .collect();
        if !fields.iter().any(|(name, _)| name == "records") {
            assert_eq!(json::fields(&plain.to_string()), Ok(fields));
        }
    }
}
