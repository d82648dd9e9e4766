//! `${variables}` in the texts of REST messages (`outbound-oauth.md` §6.2).
//!
//! Only `${identifier}` is a variable; any other `$` or brace is text, so that no body is cut. One that nobody gave a
//! value stays as it is and is reported.

use std::{collections::BTreeSet, fmt::Write as _};

/// A variable's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: Box<str>,
    /// Its text.
    pub value: Box<str>,
    /// What is done to it.
    pub escaping: Escaping,
}

/// What is done to a value. In a URL all but raw ones are percent-encoded; the kinds differ in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Escaping {
    /// The five characters of XML are escaped, as `setStringParameter` does.
    #[default]
    Xml,
    /// It is made safe for a JSON string.
    Json,
    /// A body takes it as it is.
    NotInBodies,
    /// Nothing, wherever it stands (`setStringParameterNoEscape`).
    Raw,
}

/// What a value is made safe for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A URL: all but unreserved characters are percent-encoded, so that a value adds no step and no parameter.
    Url,
    /// Encoded later, or a header, in which no value may begin another line.
    Text,
    /// A body: each variable says what it is safe in.
    Body,
}

/// Replaces the variables of a text, and notes those without a value.
pub(super) fn substitute(
    text: &str,
    place: Place,
    variables: &[Variable],
    missing: &mut BTreeSet<Box<str>>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        out.push_str(&rest[..at]);
        let after = &rest[at + 2..];
        let Some((name, behind)) = identifier(after) else {
            out.push_str("${");
            rest = after;
            continue;
        };
        if let Some(variable) = variables.iter().rev().find(|it| *it.name == *name) {
            push(variable, place, &mut out);
        } else {
            missing.insert(name.into());
            out.push_str(&rest[at..rest.len() - behind.len()]);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn identifier(text: &str) -> Option<(&str, &str)> {
    let (name, behind) = text.split_once('}')?;
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    (!name.is_empty() && name.chars().all(part)).then_some((name, behind))
}

fn push(variable: &Variable, place: Place, out: &mut String) {
    match (place, variable.escaping) {
        (_, Escaping::Raw) | (Place::Text, _) | (Place::Body, Escaping::NotInBodies) => {
            out.push_str(&variable.value);
        }
        (Place::Url, _) => push_encoded(&variable.value, out),
        (Place::Body, Escaping::Xml) => push_xml(&variable.value, out),
        (Place::Body, Escaping::Json) => push_json(&variable.value, out),
    }
}

fn push_encoded(value: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

fn push_xml(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
}

/// RFC 8259 §7
fn push_json(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn variable(name: &str, value: &str, escaping: Escaping) -> Variable {
        Variable {
            name: name.into(),
            value: value.into(),
            escaping,
        }
    }

    fn filled(text: &str, place: Place) -> (String, Vec<Box<str>>) {
        let variables = [
            variable("a", "x/y & <z>", Escaping::Xml),
            variable("raw", "p/q?r&s", Escaping::Raw),
            variable("deep.name", "o&k", Escaping::NotInBodies),
            variable("json", "a\"b\\\n\u{1}<", Escaping::Json),
        ];
        let mut missing = BTreeSet::new();
        let text = substitute(text, place, &variables, &mut missing);
        (text, missing.into_iter().collect())
    }

    #[test]
    fn outbound_6_2_a_value_is_made_safe_for_its_place() {
        let text = "-${a}-${raw}-${deep.name}-";
        let in_url = "-x%2Fy%20%26%20%3Cz%3E-p/q?r&s-o%26k-";
        assert_eq!(filled(text, Place::Url), (in_url.to_owned(), vec![]));
        let in_body = "-x/y &amp; &lt;z&gt;-p/q?r&s-o&k-";
        assert_eq!(filled(text, Place::Body), (in_body.to_owned(), vec![]));
        let in_text = "-x/y & <z>-p/q?r&s-o&k-";
        assert_eq!(filled(text, Place::Text), (in_text.to_owned(), vec![]));
        let json = r#"{"a":"a\"b\\\n\u0001<"}"#;
        let template = r#"{"a":"${json}"}"#;
        assert_eq!(filled(template, Place::Body), (json.to_owned(), vec![]));
    }

    #[test]
    fn outbound_6_2_what_has_no_value_stays_and_is_reported() {
        let (text, missing) = filled("${b}${a}${b}", Place::Text);
        assert_eq!(text, "${b}x/y & <z>${b}");
        assert_eq!(missing, ["b".into()]);
    }

    #[test]
    fn outbound_6_2_only_an_identifier_in_braces_is_a_variable() {
        for text in [
            "$",
            "${",
            "${}",
            "$a",
            "{a}",
            "${a b}",
            "cost: $5 {x}",
            "${${}",
        ] {
            assert_eq!(
                filled(text, Place::Body),
                (text.to_owned(), vec![]),
                "{text}"
            );
        }
    }

    #[test]
    fn a_value_is_not_looked_through_again() {
        let variables = [
            variable("a", "${b}", Escaping::Raw),
            variable("b", "no", Escaping::Raw),
        ];
        let mut missing = BTreeSet::new();
        assert_eq!(
            substitute("${a}", Place::Text, &variables, &mut missing),
            "${b}"
        );
        assert!(missing.is_empty());
    }

    proptest! {
        #[test]
        fn without_values_any_text_stays_as_it_is(text in "[a-z${}. é]{0,40}") {
            let mut missing = BTreeSet::new();
            prop_assert_eq!(&substitute(&text, Place::Body, &[], &mut missing), &text);
            let mut names = missing.iter();
            let all_stand = names.all(|name| text.contains(&["${", name, "}"].concat()));
            prop_assert!(all_stand);
        }

        #[test]
        fn a_value_adds_nothing_to_the_structure_of_a_url(value in "\\PC{0,20}") {
            let variables = [variable("a", &value, Escaping::Xml)];
            let filled = substitute("/x/${a}?q", Place::Url, &variables, &mut BTreeSet::new());
            prop_assert_eq!(filled.matches(['/', '?', '#', '&', '=']).count(), 3);
        }
    }
}
