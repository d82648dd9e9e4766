//! Why a record was not read or written.

use snowglobe_records::{
    acl::{Denied, Rejected},
    write::Abort,
};
use snowglobe_store::backend::{ApplyError, StoreError};

use crate::identity::slow::Overloaded;

/// Why a record was not read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    /// There is no such record, or the caller may not read it: the two look alike.
    #[error("no such record")]
    Missing,
    /// The rules forbid it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A rule of the table refuses what would be stored.
    #[error("{why}")]
    Refused {
        table: String,
        rule: &'static str,
        element: &'static str,
        /// Its name in logs.
        code: &'static str,
        /// For the person.
        why: String,
    },
    /// A rule that people declared refuses it.
    #[error(transparent)]
    Aborted(#[from] Abort),
    /// Another row has this value in a unique column.
    #[error("a row of {table} has the same {column}")]
    Duplicate { table: String, column: String },
    /// Somebody else changed the record at the same time, again and again.
    #[error("others kept changing the record")]
    Contended,
    /// Somebody else changed the record since the caller looked at it.
    #[error("the record was changed since it was looked at")]
    Stale,
    /// Too many secrets are being hashed.
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    /// The machine gives no randomness.
    #[error("the system gives no randomness: {0}")]
    NoRandomness(std::io::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Rejected> for RecordError {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Denied(denied) => Self::Denied(denied),
            Rejected::Aborted(abort) => Self::Aborted(abort),
        }
    }
}

impl From<ApplyError> for RecordError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Conflict => Self::Contended,
            ApplyError::Duplicate { table, column } => {
                let (table, column) = as_declared(&table, &column);
                Self::Duplicate { table, column }
            }
            ApplyError::Store(error) => Self::Store(error),
        }
    }
}

/// The table and the columns as the dictionary names them: in the database a child's column is `table.column`, in the
/// table of its root.
fn as_declared(table: &str, columns: &str) -> (String, String) {
    let names = columns
        .split(',')
        .map(|column| match column.split_once('.') {
            Some((declared_in, element)) => (declared_in, element),
            None => (table, column),
        });
    let (tables, elements): (Vec<&str>, Vec<&str>) = names.unzip();
    let table = tables.first().copied().unwrap_or(table);
    (table.to_owned(), elements.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duplicate_is_named_as_the_dictionary_names_it() {
        for (table, columns, expected) in [
            ("sys_user", "user_name", ("sys_user", "user_name")),
            (
                "sys_metadata",
                "sys_properties.name",
                ("sys_properties", "name"),
            ),
            ("m2m", "left,right", ("m2m", "left,right")),
        ] {
            let (table, column) = as_declared(table, columns);
            assert_eq!((&*table, &*column), expected);
        }
    }
}
