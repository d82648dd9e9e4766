//! What the steps of a run know.

use std::collections::BTreeMap;

use super::{
    super::template::{Escaping, Place, Variable, substitute},
    FlowFault,
};

/// Names and texts: of the trigger, and of each step that is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Data(BTreeMap<Box<str>, Box<str>>);

/// What a text is filled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// A URL, or a form: values are percent-encoded.
    Url,
    /// A field of a record, a header, a variable: as they are.
    Text,
    /// A body that is JSON.
    Json,
    /// A body that is XML.
    Xml,
}

impl Fill {
    /// Tells what a body is from its content type, or else from how it begins.
    #[must_use]
    pub fn of_body(content_type: Option<&str>, template: &str) -> Self {
        let kind = content_type.unwrap_or_default().to_ascii_lowercase();
        let begins = |with: &[char]| kind.is_empty() && template.trim_start().starts_with(with);
        if kind.contains("json") || begins(&['{', '[']) {
            Self::Json
        } else if kind.contains("xml") || begins(&['<']) {
            Self::Xml
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            Self::Url
        } else {
            Self::Text
        }
    }
}

impl Data {
    /// Adds a value.
    pub fn set(&mut self, of: &str, name: &str, text: &str) {
        self.0.insert(format!("{of}.{name}").into(), text.into());
    }

    /// Returns a value.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|text| &**text)
    }

    /// Fills a template.
    ///
    /// # Errors
    /// [`FlowFault::ValueMissing`]
    pub fn fill(&self, template: &str, fill: Fill) -> Result<String, FlowFault> {
        let (place, escaping) = match fill {
            Fill::Url => (Place::Url, Escaping::NotInBodies),
            Fill::Text => (Place::Text, Escaping::Raw),
            Fill::Json => (Place::Body, Escaping::Json),
            Fill::Xml => (Place::Body, Escaping::Xml),
        };
        if !template.contains("${") {
            return Ok(template.to_owned());
        }
        let variables = self.0.iter().map(|(name, value)| Variable {
            name: name.clone(),
            value: value.clone(),
            escaping,
        });
        let variables: Vec<Variable> = variables.collect();
        let mut missing = std::collections::BTreeSet::new();
        let filled = substitute(template, place, &variables, &mut missing);
        match missing.pop_first() {
            Some(name) => Err(FlowFault::ValueMissing(name)),
            None => Ok(filled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> Data {
        let mut data = Data::default();
        data.set("trigger", "note", "a \"b\" & <c>/${x}");
        data
    }

    #[test]
    fn a_value_is_made_safe_for_its_place_and_not_looked_through() {
        let fill = |fill| data().fill("-${trigger.note}-", fill).expect("filled");
        assert_eq!(
            fill(Fill::Url),
            "-a%20%22b%22%20%26%20%3Cc%3E%2F%24%7Bx%7D-"
        );
        assert_eq!(fill(Fill::Text), "-a \"b\" & <c>/${x}-");
        assert_eq!(fill(Fill::Json), r#"-a \"b\" & <c>/${x}-"#);
        assert_eq!(fill(Fill::Xml), "-a &quot;b&quot; &amp; &lt;c&gt;/${x}-");
    }

    #[test]
    fn what_nobody_gave_is_a_fault_and_no_placeholder() {
        let missing = data().fill("${trigger.note}${order.id}", Fill::Text);
        assert_eq!(missing, Err(FlowFault::ValueMissing("order.id".into())));
        assert_eq!(data().fill("5 $ {x}", Fill::Json).as_deref(), Ok("5 $ {x}"));
    }

    #[test]
    fn a_body_is_what_it_says_or_looks_like() {
        for (kind, template, fill) in [
            (None, " {\"a\":1}", Fill::Json),
            (None, "[1]", Fill::Json),
            (None, "<a/>", Fill::Xml),
            (None, "a=b", Fill::Text),
            (Some("application/vnd.api+json"), "", Fill::Json),
            (Some("text/xml; charset=utf-8"), "{", Fill::Xml),
            (Some("application/x-www-form-urlencoded"), "a=b", Fill::Url),
            (Some("text/plain"), "{", Fill::Text),
        ] {
            assert_eq!(Fill::of_body(kind, template), fill, "{kind:?} {template}");
        }
    }
}
