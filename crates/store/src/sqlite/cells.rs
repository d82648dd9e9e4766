//! Binds parameters and reads cells.

use rusqlite::{
    CachedStatement, Connection,
    types::{ToSqlOutput, Type, ValueRef as Cell},
};
use snowglobe_records::{Value, ValueRef};

use crate::sql::{Rows, Statement};

/// Reads the rows of a statement.
pub(super) fn read(connection: &Connection, statement: &Statement) -> rusqlite::Result<Rows> {
    let mut prepared = bound(connection, &statement.sql, &statement.params)?;
    let width = prepared.column_count();
    let mut rows = Rows::new(width);
    let mut answer = prepared.raw_query();
    while let Some(row) = answer.next()? {
        for at in 0..width {
            rows.push(value(at, row.get_ref(at)?)?);
        }
    }
    Ok(rows)
}

/// Runs a statement and returns how many rows it touched.
pub(super) fn execute(connection: &Connection, statement: &Statement) -> rusqlite::Result<u64> {
    execute_all(connection, &statement.sql, &statement.params)
}

/// Runs a statement with these values and returns how many rows it touched.
pub(super) fn execute_all<'v>(
    connection: &Connection,
    sql: &str,
    values: impl IntoIterator<Item = &'v Value>,
) -> rusqlite::Result<u64> {
    let touched = bound(connection, sql, values)?.raw_execute()?;
    Ok(touched as u64)
}

/// Runs a statement that begins or ends something.
pub(super) fn control(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.raw_execute().map(drop)
}

fn bound<'c, 'v>(
    connection: &'c Connection,
    sql: &str,
    values: impl IntoIterator<Item = &'v Value>,
) -> rusqlite::Result<CachedStatement<'c>> {
    let mut prepared = connection.prepare_cached(sql)?;
    let (expected, mut given) = (prepared.parameter_count(), 0);
    for value in values {
        given += 1;
        if given <= expected {
            prepared.raw_bind_parameter(given, output(value))?;
        }
    }
    if expected != given {
        return Err(rusqlite::Error::InvalidParameterCount(given, expected));
    }
    Ok(prepared)
}

fn output(value: &Value) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(match value.as_ref() {
        ValueRef::Null => Cell::Null,
        ValueRef::Int(n) => Cell::Integer(n),
        ValueRef::Text(text) => Cell::Text(text.as_bytes()),
    })
}

fn value(at: usize, cell: Cell<'_>) -> rusqlite::Result<ValueRef<'_>> {
    match cell {
        Cell::Null => Ok(ValueRef::Null),
        Cell::Integer(n) => Ok(ValueRef::Int(n)),
        Cell::Text(text) => std::str::from_utf8(text)
            .map(ValueRef::Text)
            .map_err(|error| rusqlite::Error::Utf8Error(at, error)),
        // No column of ours has these types; an expression that does is a defect.
        Cell::Real(_) => Err(unexpected(at, Type::Real)),
        Cell::Blob(_) => Err(unexpected(at, Type::Blob)),
    }
}

fn unexpected(at: usize, kind: Type) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(at, format!("column {at}"), kind)
}
