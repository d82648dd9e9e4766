//! What the form page of a record sends back (`{table}.do`).
//!
//! | name | what it carries |
//! |---|---|
//! | `incident.state` | a field |
//! | `sys_display.incident.caller_id` | what was typed for a reference |
//! | `sys_original.incident.caller_id` | what was shown for it, which `incident.caller_id` is the key of |
//! | `sysverb_…`, or `sys_action` with that name | the button that was pressed |
//! | `sysparm_…` | about the form itself |

use std::{borrow::Cow, collections::HashMap};

use crate::parameters::pairs;

/// The fields and the button of a posted form.
#[derive(Debug, Default)]
pub struct Submission {
    fields: HashMap<String, String>,
    displays: HashMap<String, String>,
    originals: HashMap<String, String>,
    parameters: HashMap<String, String>,
    verb: Option<(String, String)>,
}

impl Submission {
    /// Reads the bytes of a form of `table`. The last of a repeated name counts: a box that is not checked is not
    /// sent, so each has a hidden `false` before it.
    #[must_use]
    pub fn parse(table: &str, bytes: &[u8]) -> Self {
        let mut submission = Self::default();
        let text = String::from_utf8_lossy(bytes);
        for (name, value) in pairs(&text) {
            submission.take(table, &name, unix_lines(value));
        }
        submission
    }

    fn take(&mut self, table: &str, name: &str, value: String) {
        let of_table = |name: &str| {
            let rest = name.strip_prefix(table)?.strip_prefix('.')?;
            Some(rest.to_owned())
        };
        if let Some(verb) = name.strip_prefix("sysverb_") {
            self.verb = Some((verb.to_owned(), value));
        } else if name == "sys_action" {
            // What a real form's script sends instead of a button.
            let verb = value.strip_prefix("sysverb_").unwrap_or(&value).to_owned();
            self.verb.get_or_insert((verb, String::new()));
        } else if name.starts_with("sysparm_") {
            self.parameters.insert(name.to_owned(), value);
        } else if let Some(element) = name.strip_prefix("sys_display.").and_then(of_table) {
            self.displays.insert(element, value);
        } else if let Some(element) = name.strip_prefix("sys_original.").and_then(of_table) {
            self.originals.insert(element, value);
        } else if let Some(element) = of_table(name) {
            self.fields.insert(element, value);
        }
    }

    /// Returns the button that was pressed and what it carries; Enter in a text field presses none.
    #[must_use]
    pub fn verb(&self) -> (&str, &str) {
        self.verb
            .as_ref()
            .map_or(("", ""), |(verb, value)| (verb, value))
    }

    /// Returns a `sysparm_…`, empty if it did not come.
    #[must_use]
    pub fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// Returns a field, if the form has it: of a reference, the key of what was shown.
    #[must_use]
    pub fn field(&self, element: &str) -> Option<&str> {
        self.fields.get(element).map(String::as_str)
    }

    /// Returns what was typed for a reference, if the form has it.
    #[must_use]
    pub fn reference(&self, element: &str) -> Option<Named<'_>> {
        let text = self.displays.get(element)?.trim();
        if text.is_empty() {
            return Some(Named::Nothing);
        }
        let original = self.originals.get(element).map(|text| text.trim());
        let key = self.field(element).filter(|key| !key.is_empty());
        Some(match key {
            Some(key) if original == Some(text) => Named::Key { key, text },
            _ => Named::Text(text),
        })
    }

    /// Sets a reference, as if the form had come with it.
    pub fn pick(&mut self, element: &str, key: &str, text: &str) {
        let put = |map: &mut HashMap<String, String>, value: &str| {
            map.insert(element.to_owned(), value.to_owned());
        };
        put(&mut self.displays, text);
        put(&mut self.originals, text);
        put(&mut self.fields, key);
    }

    /// Returns all that another page has to carry for this form to come back as it is.
    #[must_use]
    pub fn carried(&self, table: &str) -> Vec<(String, String)> {
        let named = |prefix: &str, map: &HashMap<String, String>| -> Vec<(String, String)> {
            map.iter()
                .map(|(element, value)| (format!("{prefix}{table}.{element}"), value.clone()))
                .collect()
        };
        let mut all = named("", &self.fields);
        all.extend(named("sys_display.", &self.displays));
        all.extend(named("sys_original.", &self.originals));
        all.sort();
        all
    }

    /// Leaves out a field, such as a secret that no page may carry.
    pub fn forget(&mut self, element: &str) {
        self.fields.remove(element);
    }
}

/// What was typed for a reference.
#[derive(Debug, PartialEq, Eq)]
pub enum Named<'s> {
    /// It was emptied.
    Nothing,
    /// It was left as it was.
    Key {
        /// The key of the record.
        key: &'s str,
        /// What was shown for it.
        text: &'s str,
    },
    /// Something else was typed.
    Text(&'s str),
}

/// Browsers send a text area's lines with CR LF (HTML §4.10.11).
fn unix_lines(value: Cow<'_, str>) -> String {
    if value.contains('\r') {
        value.replace("\r\n", "\n")
    } else {
        value.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_comes_back_as_it_was_filled_in() {
        let body = b"sysparm_ck=k&incident.active=false&incident.active=true&incident.description=a%0D%0Ab\
                     &other.state=9&state=9&sysverb_lookup=caller_id";
        let form = Submission::parse("incident", body);
        assert_eq!(form.field("active"), Some("true"));
        assert_eq!(form.field("description"), Some("a\nb"));
        assert_eq!(
            (form.field("state"), form.parameter("sysparm_ck")),
            (None, "k")
        );
        assert_eq!(form.verb(), ("lookup", "caller_id"));
        let scripted = Submission::parse("incident", b"sys_action=sysverb_insert");
        assert_eq!(scripted.verb(), ("insert", ""));
        assert_eq!(
            Submission::parse("incident", b"\xff=%ff&&").verb(),
            ("", "")
        );
    }

    #[test]
    fn a_reference_is_its_key_until_something_else_is_typed() {
        let named = |typed: &str| {
            let body = format!(
                "incident.caller_id=abc&sys_original.incident.caller_id=Abel&sys_display.incident.caller_id={typed}"
            );
            Submission::parse("incident", body.as_bytes())
        };
        let key = Named::Key {
            key: "abc",
            text: "Abel",
        };
        assert_eq!(named("Abel").reference("caller_id"), Some(key));
        assert_eq!(
            named("Beth").reference("caller_id"),
            Some(Named::Text("Beth"))
        );
        assert_eq!(named("+").reference("caller_id"), Some(Named::Nothing));
        assert_eq!(named("Abel").reference("opened_by"), None);
        let mut form = named("Abel");
        form.pick("caller_id", "def", "Beth");
        let key = Named::Key {
            key: "def",
            text: "Beth",
        };
        assert_eq!(form.reference("caller_id"), Some(key));
        assert_eq!(form.carried("incident").len(), 3);
    }
}
