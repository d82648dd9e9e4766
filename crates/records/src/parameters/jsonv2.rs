//! What a call of the `JSONv2` web service asks for (`rest-and-records.md` §11.1): parameters of the URL and of the
//! body, where the body wins.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{DisplayMode, pairs};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// One row, by its key.
    Get,
    /// The rows of a query.
    GetRecords,
    /// Their keys.
    GetKeys,
    /// `insert`, `insertMultiple`: what tells them apart is the body.
    Insert,
    /// Every row of a query becomes as the body says.
    Update,
    /// One row goes.
    DeleteRecord,
    /// Every row of a query goes.
    DeleteMultiple,
    /// Something else, as it was named, or something that a link may not do.
    Unknown(String),
}

impl Action {
    /// Tells whether it changes rows.
    #[must_use]
    pub fn writes(&self) -> bool {
        matches!(
            self,
            Self::Insert | Self::Update | Self::DeleteRecord | Self::DeleteMultiple
        )
    }
}

/// How a call came.
#[derive(Debug)]
pub enum Sent<'m> {
    /// By POST, with the records of its body.
    Posted(Vec<Map<String, Value>>),
    /// By another method, which has no body.
    Asked(&'m str),
}

/// A parameter without which the action would concern everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Cannot {verb} with empty {name}")]
pub struct Missing {
    verb: &'static str,
    name: &'static str,
}

/// A call.
#[derive(Debug)]
pub struct Asked {
    /// What is to be done.
    pub action: Action,
    /// The records of the body, without parameters.
    pub records: Vec<Map<String, Value>>,
    parameters: BTreeMap<String, String>,
}

impl Asked {
    /// Reads a call from the query of its URL and from its body.
    #[must_use]
    pub fn read(query: &str, sent: Sent<'_>) -> Self {
        let mut parameters: BTreeMap<_, _> = pairs(query)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let (mut records, method) = match sent {
            Sent::Posted(records) => (records, None),
            Sent::Asked(method) => (Vec::new(), Some(method)),
        };
        for record in &mut records {
            parameters.extend(taken(record));
        }
        Self {
            action: action(&parameters, method),
            records,
            parameters,
        }
    }

    /// Returns a parameter, `""` where it is not given.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// Returns a parameter without which the action would concern everything.
    ///
    /// # Errors
    /// [`Missing`] when it is not given, or blank.
    pub fn needed(&self, name: &'static str, verb: &'static str) -> Result<&str, Missing> {
        let text = self.text(name).trim();
        if text.is_empty() {
            return Err(Missing { verb, name });
        }
        Ok(text)
    }

    /// Returns how many rows are wanted, of those that may be sent at most.
    #[must_use]
    pub fn count(&self, most: u32) -> u32 {
        let asked = self.text("sysparm_record_count").trim().parse();
        asked.map_or(most, |asked: u32| asked.min(most))
    }

    /// Returns how values are shown.
    #[must_use]
    pub fn display(&self) -> DisplayMode {
        match &*self.text("displayvalue").to_ascii_lowercase() {
            "true" => DisplayMode::Display,
            "all" => DisplayMode::All,
            _ => DisplayMode::Value,
        }
    }
}

/// Takes the parameters out of a record that they were sent in.
fn taken(record: &mut Map<String, Value>) -> BTreeMap<String, String> {
    let named: Vec<String> = record
        .keys()
        .filter(|name| name.starts_with("sysparm_"))
        .cloned()
        .collect();
    let text = |name: String| match record.remove(&name) {
        Some(Value::String(value)) => Some((name, value)),
        _ => None,
    };
    named.into_iter().filter_map(text).collect()
}

/// A call by another method than POST only reads: what changes something is not done by a link.
fn action(parameters: &BTreeMap<String, String>, method: Option<&str>) -> Action {
    let named = |name: &str| parameters.get(name).map(String::as_str);
    let action = named("sysparm_action").or_else(|| named("sysparm_sysaction"));
    match (action.unwrap_or_default(), method) {
        ("" | "insert" | "insertMultiple", None) => Action::Insert,
        ("", _) if named("sysparm_sys_id").is_some() => Action::Get,
        ("" | "getRecords", _) => Action::GetRecords,
        ("get", _) => Action::Get,
        ("getKeys", _) => Action::GetKeys,
        (name, Some(method)) => Action::Unknown(format!("{name} (by {method})")),
        ("update", None) => Action::Update,
        ("deleteRecord", None) => Action::DeleteRecord,
        ("deleteMultiple", None) => Action::DeleteMultiple,
        (name, None) => Action::Unknown(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(query: &str, body: &str) -> Asked {
        let records = crate::body::json::objects(body).expect("a body");
        Asked::read(query, Sent::Posted(records))
    }

    #[test]
    fn rest_11_1_parameters_of_the_body_win_and_leave_the_record() {
        let body = r#"{"sysparm_action":"update","sysparm_query":"a=1","state":"2"}"#;
        let asked = posted("JSONv2&sysparm_action=insert", body);
        assert_eq!(
            (&asked.action, asked.text("sysparm_query")),
            (&Action::Update, "a=1")
        );
        assert_eq!(asked.records[0].keys().collect::<Vec<_>>(), ["state"]);
    }

    #[test]
    fn a_link_changes_nothing() {
        for name in [
            "insert",
            "insertMultiple",
            "update",
            "deleteRecord",
            "deleteMultiple",
        ] {
            let query = format!("JSONv2&sysparm_action={name}");
            assert!(posted(&query, "").action.writes(), "{name}");
            let link = Asked::read(&query, Sent::Asked("GET")).action;
            assert_eq!(link, Action::Unknown(format!("{name} (by GET)")));
        }
    }

    #[test]
    fn rest_11_1_without_an_action_a_key_is_got_and_a_body_inserted() {
        for (query, expected) in [
            ("JSONv2", Action::GetRecords),
            ("JSONv2&sysparm_sys_id=1", Action::Get),
            ("JSONv2&sysparm_sysaction=getKeys", Action::GetKeys),
        ] {
            assert_eq!(Asked::read(query, Sent::Asked("GET")).action, expected);
        }
        assert_eq!(posted("JSONv2", "{}").action, Action::Insert);
    }

    #[test]
    fn what_would_concern_everything_is_needed() {
        let asked = posted("sysparm_query=+", "");
        let missing = asked.needed("sysparm_query", "delete").expect_err("blank");
        assert_eq!(
            missing.to_string(),
            "Cannot delete with empty sysparm_query"
        );
        let counted = posted("sysparm_record_count=5", "");
        assert_eq!(
            (counted.count(250), counted.count(3), asked.count(250)),
            (5, 3, 250)
        );
    }
}
