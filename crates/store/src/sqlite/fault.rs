//! What SQLite's errors mean.

use rusqlite::{Error, ErrorCode, ffi};

use crate::backend::{ApplyError, StoreError};

/// Returns what a failed statement, commit or opening means.
pub(super) fn store_error(error: &Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::CannotOpen
            | ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::ReadOnly
            | ErrorCode::OutOfMemory,
        ) => StoreError::Unavailable(error.to_string()),
        _ => StoreError::Driver(error.to_string()),
    }
}

/// Returns what a failed statement of a batch means.
pub(super) fn apply_error(error: &Error) -> ApplyError {
    match error {
        Error::SqliteFailure(failure, Some(message)) if is_unique(failure.extended_code) => {
            duplicate(message).unwrap_or_else(|| store_error(error).into())
        }
        _ => store_error(error).into(),
    }
}

fn is_unique(extended_code: i32) -> bool {
    matches!(
        extended_code,
        ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID
    )
}

/// Reads `UNIQUE constraint failed: task.number, task.sys_class_name`. A column's name may have dots, a
/// table's has none.
fn duplicate(message: &str) -> Option<ApplyError> {
    let (_, places) = message.split_once("constraint failed: ")?;
    let (table, _) = places.split_once('.')?;
    let columns: Option<Vec<&str>> = places
        .split(", ")
        .map(|place| place.strip_prefix(table)?.strip_prefix('.'))
        .collect();
    let column = columns?.join(",").into();
    Some(ApplyError::Duplicate {
        table: table.into(),
        column,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(message: &str) -> Option<(Box<str>, Box<str>)> {
        match duplicate(message)? {
            ApplyError::Duplicate { table, column } => Some((table, column)),
            _ => None,
        }
    }

    #[test]
    fn a_duplicate_names_table_and_columns() {
        let of = |message| named(message).unwrap();
        let unique = of("UNIQUE constraint failed: task.number");
        assert_eq!(unique, ("task".into(), "number".into()));
        let dotted = of("UNIQUE constraint failed: task.incident.category");
        assert_eq!(dotted, ("task".into(), "incident.category".into()));
        let several = of("UNIQUE constraint failed: m2m.left, m2m.right");
        assert_eq!(several, ("m2m".into(), "left,right".into()));
    }

    #[test]
    fn another_message_is_not_a_duplicate() {
        assert_eq!(named("UNIQUE constraint failed: index 'by_name'"), None);
        assert_eq!(named("database disk image is malformed"), None);
    }
}
