//! What PostgreSQL's errors mean.

use std::{error::Error as StdError, io};

use tokio_postgres::{
    Error,
    error::{DbError, SqlState},
};

use crate::backend::{ApplyError, StoreError};

/// Returns what a failed connection means.
pub(super) fn unavailable(error: &Error) -> StoreError {
    StoreError::Unavailable(describe(error))
}

/// Returns what a failed statement means.
pub(super) fn store_error(error: &Error) -> StoreError {
    if is_lost(error) {
        unavailable(error)
    } else {
        StoreError::Driver(describe(error))
    }
}

/// Returns what a failed commit means.
pub(super) fn commit_error(error: &Error) -> StoreError {
    if is_lost(error) {
        let why = describe(error);
        return StoreError::Unavailable(format!(
            "the connection broke before the commit was answered, its outcome is unknown: {why}"
        ));
    }
    store_error(error)
}

/// Returns what a failed statement of a batch means.
pub(super) fn apply_error(error: &Error) -> ApplyError {
    match error.as_db_error() {
        Some(fault) if *fault.code() == SqlState::UNIQUE_VIOLATION => duplicate(fault),
        Some(fault) if is_contention(fault.code()) => ApplyError::Conflict,
        _ => store_error(error).into(),
    }
}

/// Tells whether the connection, or the server behind it, is gone.
pub(super) fn is_lost(error: &Error) -> bool {
    let broken = || error.source().is_some_and(<dyn StdError>::is::<io::Error>);
    match error.as_db_error() {
        // Class 08: connection exception; 53: insufficient resources; 57P: operator intervention.
        Some(fault) => {
            let code = fault.code().code();
            ["08", "53", "57P"]
                .iter()
                .any(|class| code.starts_with(class))
        }
        None => error.is_closed() || broken(),
    }
}

/// Another process had the same rows in hand, in another order.
fn is_contention(code: &SqlState) -> bool {
    [
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::T_R_SERIALIZATION_FAILURE,
    ]
    .contains(code)
}

fn duplicate(fault: &DbError) -> ApplyError {
    let columns = fault.detail().and_then(columns);
    let column = columns.or_else(|| Some(fault.constraint()?.to_owned()));
    ApplyError::Duplicate {
        table: fault.table().unwrap_or_default().into(),
        column: column.unwrap_or_default().into(),
    }
}

/// Reads `Key (lower("incident.category"), sys_row)=(x, 7) already exists.` The words are in the server's
/// language, the brackets are not; and an index's name may have been shortened, so that tells less.
fn columns(detail: &str) -> Option<String> {
    let (_, key) = detail.split_once('(')?;
    let (key, _) = key.split_once(")=(")?;
    let columns: Vec<&str> = key.split(", ").map(column).collect();
    Some(columns.join(","))
}

/// Takes the functions off a column: `md5(lower("incident.category"))`.
fn column(expression: &str) -> &str {
    let inner = expression.rsplit('(').next().unwrap_or(expression);
    inner.trim_end_matches(')').trim_matches('"')
}

fn describe(error: &Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(fault), _) => format!("{} ({})", fault.message(), fault.code().code()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duplicate_names_the_columns_of_its_key() {
        let of = |detail| columns(detail).unwrap();
        assert_eq!(of("Key (number)=(INC1) already exists."), "number");
        assert_eq!(of("Key (lower(number))=(inc1) already exists."), "number");
        assert_eq!(of("Key (md5(lower(u_code)))=(0f) is duplicated."), "u_code");
        assert_eq!(
            of("Schlüssel »(lower(\"incident.category\"))=(x)« existiert"),
            "incident.category"
        );
        assert_eq!(
            of("Key (\"left\", \"right\")=(a, b) already exists."),
            "left,right"
        );
    }

    #[test]
    fn a_detail_without_a_key_names_nothing() {
        assert_eq!(columns("no brackets"), None);
        assert_eq!(columns("Key (number"), None);
    }
}
