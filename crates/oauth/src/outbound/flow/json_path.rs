//! Where something stands in a JSON document: the part of RFC 9535 that names one place.
//!
//! ```text
//! $.order.lines[0]['unit price']
//! ```

use serde_json::Value;

/// A path to one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath(Vec<Segment>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Name(Box<str>),
    Index(usize),
}

/// A text is no path: why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonPathFault {
    /// It begins otherwise.
    #[error("a path begins with $")]
    Root,
    /// A dot or bracket has no name or number in it.
    #[error("a dot is followed by a name, and a bracket by a number or a name in quotes")]
    Segment,
}

impl JsonPath {
    /// Reads a path.
    ///
    /// # Errors
    /// [`JsonPathFault`]
    pub fn parse(text: &str) -> Result<Self, JsonPathFault> {
        let mut rest = text.trim().strip_prefix('$').ok_or(JsonPathFault::Root)?;
        let mut segments = Vec::new();
        while !rest.is_empty() {
            let (segment, behind) = if let Some(name) = rest.strip_prefix('.') {
                dotted(name)
            } else {
                rest.strip_prefix('[').and_then(bracketed)
            }
            .ok_or(JsonPathFault::Segment)?;
            segments.push(segment);
            rest = behind;
        }
        Ok(Self(segments))
    }

    /// Returns what stands there.
    #[must_use]
    pub fn find<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        self.0
            .iter()
            .try_fold(document, |at, segment| match segment {
                Segment::Name(name) => at.get(&**name),
                Segment::Index(index) => at.get(index),
            })
    }
}

fn dotted(text: &str) -> Option<(Segment, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, behind) = text.split_at_checked(end)?;
    let known = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | ':' | '$');
    let is_name = !name.is_empty() && name.chars().all(known);
    is_name.then(|| (Segment::Name(name.into()), behind))
}

fn bracketed(text: &str) -> Option<(Segment, &str)> {
    for quote in ['\'', '"'] {
        if let Some(quoted) = text.strip_prefix(quote) {
            let (name, behind) = quoted.split_once(quote)?;
            return Some((Segment::Name(name.into()), behind.strip_prefix(']')?));
        }
    }
    let (number, behind) = text.split_once(']')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let index = number.parse().ok().filter(|_| is_number)?;
    Some((Segment::Index(index), behind))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn rfc9535_a_path_names_one_place() {
        let document = json!({"order": {"lines": [{"unit price": 5}, {"a.b": null}]}, "@id": "x"});
        for (path, found) in [
            ("$", Some(document.clone())),
            ("$.order.lines[0]['unit price']", Some(json!(5))),
            ("$['order'][\"lines\"][1]", Some(json!({"a.b": null}))),
            ("$.order.lines[1]['a.b']", Some(json!(null))),
            ("$.@id", Some(json!("x"))),
            ("$.order.lines[2]", None),
            ("$.order[0]", None),
            ("$.nothing.here", None),
        ] {
            let path = JsonPath::parse(path).expect("a path");
            assert_eq!(path.find(&document), found.as_ref(), "{path:?}");
        }
    }

    #[test]
    fn what_names_several_places_or_none_is_no_path() {
        assert_eq!(JsonPath::parse("order"), Err(JsonPathFault::Root));
        for text in [
            "$.",
            "$..a",
            "$.*",
            "$[*]",
            "$[-1]",
            "$[+1]",
            "$[]",
            "$['a'",
            "$['a",
            "$[1",
            "$a",
            "$.a b",
            "$[?(@.a)]",
            "$[99999999999999999999999]",
        ] {
            assert_eq!(JsonPath::parse(text), Err(JsonPathFault::Segment), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_path_or_none(text in "\\$?[a-z.\\[\\]'\"0-9*é ]{0,20}") {
            let _ = JsonPath::parse(&text).map(|path| path.find(&json!([{"a": 1}])).is_some());
        }

        #[test]
        fn any_name_is_found_in_brackets(name in "[^']{0,12}") {
            let path = JsonPath::parse(&format!("$['{name}']")).expect("a path");
            let mut document = json!({});
            document[&name] = json!(7);
            prop_assert_eq!(path.find(&document), Some(&json!(7)));
        }
    }
}
