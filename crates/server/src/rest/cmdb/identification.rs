//! Which item a payload is about. The rules are the stock ones: hardware by its serial number, and every item by its
//! name; the first rule that finds something decides.

use std::sync::Arc;

use serde_json::{Value, json};
use snowglobe_records::{Table, base::derived_id, plan::Window};

use crate::{
    error::RestError,
    records::Session,
    rest::look::{self, As},
};

/// What was found.
pub(super) enum Identified {
    None,
    One(String),
    Several,
}

/// What was found, and how.
pub(super) struct Identification {
    pub(super) matched: Identified,
    /// The entry of the rule that decided.
    pub(super) entry: String,
    pub(super) attempts: Vec<Value>,
}

/// A rule's entry: the attribute that two payloads of one item have in common.
struct Entry {
    identifier: &'static str,
    attribute: &'static str,
}

fn entries(table: &Table) -> &'static [Entry] {
    const HARDWARE: &[Entry] = &[
        Entry {
            identifier: "Hardware Rule",
            attribute: "serial_number",
        },
        Entry {
            identifier: "Hardware Rule",
            attribute: "name",
        },
    ];
    const ITEM: &[Entry] = &[Entry {
        identifier: "Configuration Item Rule",
        attribute: "name",
    }];
    let family = std::iter::once(table.name()).chain(table.ancestors());
    if family
        .into_iter()
        .any(|class| *class == *"cmdb_ci_hardware")
    {
        HARDWARE
    } else {
        ITEM
    }
}

/// Describes the rule by which items of a class are told apart, with its entries in their order.
pub(super) fn describe(table: &Table) -> Value {
    let entries = entries(table);
    let identifiers: Vec<Value> = entries
        .iter()
        .zip(1_u16..)
        .map(|(entry, at)| {
            json!({
                "attributes": entry.attribute,
                "order": (at * 100).to_string(),
                "search_on_table": table.name().as_str(),
            })
        })
        .collect();
    let name = entries.first().map_or("", |entry| entry.identifier);
    json!({"name": name, "is_independent": true, "related_rules": [], "identifiers": identifiers})
}

/// Looks for the item of a class that has these values.
pub(super) async fn identify(
    session: &Session,
    table: &Arc<Table>,
    pairs: &[(&str, &str)],
) -> Result<Identification, RestError> {
    let mut found = Identification {
        matched: Identified::None,
        entry: "Unknown".to_owned(),
        attempts: Vec::new(),
    };
    for entry in entries(table) {
        let given = pairs.iter().find(|(name, _)| *name == entry.attribute);
        let value = given.map_or("", |(_, value)| value);
        let matches = if value.is_empty() {
            None
        } else {
            Some(matching(session, table, entry.attribute, value).await?)
        };
        let result = match matches.as_deref() {
            None => "SKIPPED",
            Some([]) => "NO_MATCH",
            Some([_]) => "MATCHED",
            Some(_) => "MULTI_MATCH",
        };
        found.attempts.push(json!({
            "attributes": [entry.attribute],
            "attemptResult": result,
            "identifierName": entry.identifier,
            "searchOnTable": table.name().as_str(),
        }));
        found.matched = match matches.as_deref() {
            None | Some([]) => continue,
            Some([one]) => Identified::One(one.clone()),
            Some(_) => Identified::Several,
        };
        let key = format!("{} {}", entry.identifier, entry.attribute);
        found.entry = derived_id("cmdb_identifier_entry", &key).to_string();
        break;
    }
    Ok(found)
}

/// The keys of up to two items.
async fn matching(
    session: &Session,
    table: &Arc<Table>,
    attribute: &str,
    value: &str,
) -> Result<Vec<String>, RestError> {
    let two = Window {
        limit: 2,
        offset: 0,
    };
    let query = look::equal(table, &[(attribute, value)]);
    let rows = look::rows(session, (table, query), &["sys_id"], two, As::Caller).await?;
    Ok(rows
        .iter()
        .map(|row| row.text("sys_id").to_owned())
        .collect())
}
