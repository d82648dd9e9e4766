//! JSON values as YAML 1.2: block style for what has members, JSON's own form for everything else.

use serde_json::Value;

/// Writes a document.
pub(super) fn write(value: &Value) -> String {
    let mut out = String::new();
    push(value, 0, &mut out);
    out
}

fn push(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                indent(depth, out);
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                below(member, depth, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                indent(depth, out);
                out.push('-');
                below(item, depth, out);
            }
        }
        // JSON is YAML: texts keep their quotes, so that nothing is taken for something else.
        other => {
            indent(depth, out);
            out.push_str(&other.to_string());
            out.push('\n');
        }
    }
}

/// What stands behind a name or a dash: on the same line, or on lines of its own.
fn below(value: &Value, depth: usize, out: &mut String) {
    let has_members = match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if has_members {
        out.push('\n');
        push(value, depth + 1, out);
    } else {
        out.push(' ');
        out.push_str(&value.to_string());
        out.push('\n');
    }
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_stand_in_blocks_and_texts_in_quotes() {
        let document = json!({"a": {"b": ["x: y", 1, {"c": true}], "d": {}}, "e": "no"});
        let expected = "\"a\":\n  \"b\":\n    - \"x: y\"\n    - 1\n    -\n      \"c\": true\n  \"d\": {}\n\"e\": \"no\"\n";
        assert_eq!(write(&document), expected);
    }
}
