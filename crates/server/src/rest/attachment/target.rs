//! The record that an attachment hangs on: nobody learns from an attachment of a record that is hidden from them.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use snowglobe_records::{
    Value,
    plan::{Plan, Window},
    query::{Joins, Path, Predicate, Query},
    write::RowCells,
};

use crate::{
    error::RestError,
    records::{self, RecordError, Session},
};

/// Keys of records by their table.
pub(super) type Targets<'a> = HashMap<&'a str, HashSet<&'a str>>;

/// Returns the record that something is to be attached to.
///
/// # Errors
/// [`RestError::NoRecord`] when it is not there for this caller, [`RestError::Refused`] when they may not write it.
pub(super) async fn writable(
    session: &Session,
    table: &str,
    sys_id: &str,
) -> Result<RowCells, RestError> {
    let table = session.table(table)?;
    let context = session.context();
    let access = session.access(&context);
    let row = records::row(session, &access, &table, sys_id).await?;
    if access.may_write_row(&row) {
        Ok(row)
    } else {
        Err(RestError::Refused("Insert"))
    }
}

/// Returns which of these records the caller may read: one statement a table.
pub(super) async fn readable(
    session: &Session,
    targets: Targets<'_>,
) -> Result<HashSet<String>, RestError> {
    let mut found = HashSet::new();
    for (table, keys) in targets {
        let Some(table) = session.dictionary.table(table) else {
            continue;
        };
        let Some(column) = table.column("sys_id") else {
            continue;
        };
        let count = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        let path = Path {
            table: 0,
            column: Arc::clone(column),
        };
        let query = Query {
            joins: Joins::default(),
            predicate: Predicate::In {
                path,
                values: keys.into_iter().map(Value::text).collect(),
                negated: false,
            },
            order: Vec::new(),
        };
        let window = Window {
            limit: count,
            offset: 0,
        };
        let plan = Plan::new(&session.dictionary, table, query, Some(["sys_id"]), window);
        let page = match records::permit(session, plan) {
            Ok(plan) => session.app.store.read(&plan).await?,
            // A table that is closed to queries hides all of its rows.
            Err(RecordError::Denied(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        found.extend(page.rows.iter().map(|row| row.text(0).to_ascii_lowercase()));
    }
    Ok(found)
}
