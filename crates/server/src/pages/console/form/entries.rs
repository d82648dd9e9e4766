//! From what was typed to what is written, and what is wrong with it, field by field.

use std::collections::HashMap;

use snowglobe_records::dictionary::{Journal, Kind};

use super::{
    Named, Submission,
    lookup::{self, Found},
    record::{Field, Record, is_chosen},
    value,
};
use crate::records::{RecordError, Session};

/// What a form says of a record.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// Elements and texts, as the wire has them.
    pub(super) pairs: Vec<(String, String)>,
    /// What is wrong, by element.
    pub(super) errors: HashMap<String, String>,
}

impl Entries {
    /// Reads what was typed into the fields that this person may write; whatever else comes is not looked at.
    pub(super) async fn read(
        session: &Session,
        record: &Record,
        submission: &Submission,
    ) -> Result<Self, RecordError> {
        let mut entries = Self::default();
        for field in record.fields.iter().filter(|field| field.writable) {
            let element = field.column.element.to_string();
            match entry(session, field, submission).await? {
                Entry::Untouched => {}
                Entry::Wrong(why) => {
                    entries.errors.insert(element, why);
                }
                Entry::Text(text) if text.is_empty() && field.column.mandatory => {
                    let why = format!("{} is required.", field.column.label);
                    entries.errors.insert(element, why);
                }
                // What a new record does not name gets its default.
                Entry::Text(text) if text.is_empty() && record.row.is_none() => {}
                Entry::Text(text) if record.row.is_some() && text == before(field, session) => {}
                Entry::Text(text) => entries.pairs.push((element, text)),
            }
        }
        Ok(entries)
    }

    /// Returns the pairs as a write takes them.
    pub(super) fn as_input(&self) -> Vec<(&str, &str)> {
        self.pairs
            .iter()
            .map(|(element, text)| (&**element, &**text))
            .collect()
    }
}

enum Entry {
    Untouched,
    Text(String),
    Wrong(String),
}

async fn entry(
    session: &Session,
    field: &Field,
    submission: &Submission,
) -> Result<Entry, RecordError> {
    let column = &field.column;
    if is_chosen(column) {
        return match submission.reference(&column.element) {
            None => Ok(Entry::Untouched),
            Some(Named::Nothing) => Ok(Entry::Text(String::new())),
            Some(Named::Key { key, .. }) => Ok(Entry::Text(key.to_owned())),
            Some(Named::Text(text)) => named(session, field, text).await,
        };
    }
    let Some(text) = submission.field(&column.element) else {
        return Ok(Entry::Untouched);
    };
    Ok(match column.kind {
        // Blank keeps what is there.
        Kind::Secret(_) | Kind::Journal(Journal::Input) if text.is_empty() => Entry::Untouched,
        Kind::Secret(_) | Kind::Journal(Journal::Input) => Entry::Text(text.to_owned()),
        // An old value that no list has any more is not this person's mistake.
        _ if text == field.typed && !text.is_empty() => Entry::Text(before(field, session)),
        _ => match value::stored(column, text, &session.user.format.time_zone) {
            Ok(wire) => Entry::Text(wire),
            Err(why) => Entry::Wrong(why),
        },
    })
}

async fn named(session: &Session, field: &Field, text: &str) -> Result<Entry, RecordError> {
    let label = |table: &str| {
        let table = session.dictionary.table(table);
        table.map_or_else(String::new, |table| table.label().to_owned())
    };
    let target = label(field.column.reference.as_deref().unwrap_or_default());
    Ok(match lookup::find(session, &field.column, text).await? {
        Found::One(key) => Entry::Text(key),
        Found::None => Entry::Wrong(format!("No {target} is called \u{201c}{text}\u{201d}.")),
        Found::Several => Entry::Wrong(format!(
            "More than one {target} is called \u{201c}{text}\u{201d}: choose one with the button."
        )),
    })
}

/// The wire form of what the form showed.
fn before(field: &Field, session: &Session) -> String {
    let zone = &session.user.format.time_zone;
    value::stored(&field.column, &field.typed, zone).unwrap_or_else(|_| field.typed.clone())
}
