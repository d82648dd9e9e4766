//! The values that a business rule sets: `field=value^field=value^EQ`.

use std::sync::Arc;

use super::{Row, Surroundings};
use crate::{
    dictionary::{Journal, Kind, Table},
    query,
};

/// Returns the fields of a template and their values; `None` if a part of it is no plain assignment.
fn assignments(template: &str) -> Option<Vec<(&str, &str)>> {
    let parts = template
        .split('^')
        .filter(|part| !part.is_empty() && *part != "EQ");
    parts.map(|part| part.split_once('=')).collect()
}

/// Tells whether every part of a template sets a field that the table has to something that is known.
pub(super) fn is_understood(template: &str, table: &Table, around: Surroundings<'_>) -> bool {
    let known = |(element, value): (&str, &str)| {
        table.column(element).is_some() && query::evaluate(value, around.context).is_some()
    };
    assignments(template).is_some_and(|all| all.into_iter().all(known))
}

/// Sets the fields of a row that a template names.
pub(super) fn apply(template: &str, row: &mut Row<'_>, around: Surroundings<'_>) {
    for (element, value) in assignments(template).unwrap_or_default() {
        if let Some(value) = query::evaluate(value, around.context) {
            let column = row.table().column(element).map(Arc::clone);
            match column {
                Some(column) if column.kind == Kind::Journal(Journal::Input) => {
                    row.note(column, &value);
                }
                _ => row.set_wire(element, &value),
            }
        }
    }
}
