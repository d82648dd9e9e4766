//! A standard change is made from a template: whoever names the template's version gets what it says of a change, and
//! says the rest (ServiceNow's documentation, "Standard change requests").

use snowglobe_records::Table;

use super::{RecordError, Session};

const VERSION: &str = "std_change_producer_version";
const TEMPLATE: &str = "std_change_record_producer";

/// What a template may set.
const SET: [&str; 12] = [
    "short_description",
    "description",
    "category",
    "assignment_group",
    "assigned_to",
    "cmdb_ci",
    "justification",
    "implementation_plan",
    "backout_plan",
    "test_plan",
    "risk_impact_analysis",
    "risk",
];

/// What a template says of a change.
#[derive(Debug)]
pub(crate) struct Preset {
    /// The key of the template's version, by which changes name it.
    pub(crate) version: String,
    /// Elements and texts.
    pub(crate) fields: Vec<(&'static str, String)>,
}

/// Returns the version of a template that a new change names.
pub(super) fn named<'p>(table: &Table, pairs: &[(&str, &'p str)]) -> Option<&'p str> {
    if *table.name() != *"change_request" {
        return None;
    }
    let named = pairs.iter().rev().find(|(element, _)| *element == VERSION);
    named.map(|(_, key)| *key).filter(|key| !key.is_empty())
}

/// Looks up what a template says, by its key or that of its version; nothing, where there is none.
pub(crate) async fn preset(session: &Session, key: &str) -> Result<Option<Preset>, RecordError> {
    let template = match cell(session, VERSION, key, "std_change_producer").await? {
        Some(template) => template,
        None => key.to_owned(),
    };
    let Some(says) = cell(session, TEMPLATE, &template, "template").await? else {
        return Ok(None);
    };
    let version = cell(session, TEMPLATE, &template, "current_version").await?;
    let fields = says.split('^').filter_map(|part| {
        let (element, text) = part.split_once('=')?;
        let element = SET.iter().find(|it| **it == element)?;
        Some((*element, text.to_owned()))
    });
    Ok(Some(Preset {
        version: version.unwrap_or_default(),
        fields: fields.collect(),
    }))
}

/// Reads a cell as the instance; `None` where there is no such row.
async fn cell(
    session: &Session,
    table: &str,
    key: &str,
    element: &str,
) -> Result<Option<String>, RecordError> {
    let Some(table) = session.dictionary.table(table) else {
        return Ok(None);
    };
    let store = &session.app.store;
    let row = store.row(&session.dictionary, table, key).await?;
    Ok(row.map(|row| row.value(element).as_text().unwrap_or_default().to_owned()))
}

#[cfg(test)]
mod tests {
    use snowglobe_records::{Dictionary, base};

    use super::*;

    #[test]
    fn only_new_changes_name_templates() {
        let (dictionary, _) = Dictionary::build(&base::definition());
        let of = |table: &str, pairs: &[(&str, &'static str)]| {
            named(dictionary.table(table).unwrap(), pairs)
        };
        let change = "change_request";
        assert_eq!(of(change, &[(VERSION, "a"), (VERSION, "b")]), Some("b"));
        assert_eq!(of(change, &[(VERSION, "")]), None);
        assert_eq!(of(change, &[("type", "standard")]), None);
        assert_eq!(of("incident", &[(VERSION, "a")]), None);
    }
}
