//! Reads around one prepared statement, with JSON written by hand.

use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rusqlite::{Connection, Params, Row};

use crate::token::json;

type Reader = Arc<Mutex<Connection>>;

const RECORD: &str =
    "SELECT number, short_description, state, priority, sys_id FROM incident WHERE id = ?1";
const LIST: &str = "SELECT number, short_description, state, priority, sys_id FROM incident \
                    WHERE active = ?1 ORDER BY number DESC LIMIT 20";
const COUNT: &str = "SELECT count(*) FROM incident WHERE active = ?1";

/// One row by its key.
pub(crate) async fn record(State(reader): State<Reader>, RawQuery(query): RawQuery) -> Response {
    let row = query
        .as_deref()
        .and_then(|query| query.strip_prefix("row="));
    let Some(row) = row.and_then(|row| row.parse::<u32>().ok()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    answer(rows(&reader, RECORD, [row]))
}

/// Twenty rows, filtered and ordered.
pub(crate) async fn list(State(reader): State<Reader>) -> Response {
    answer(rows(&reader, LIST, [1]))
}

/// The same, and how many there are in all.
pub(crate) async fn list_and_count(State(reader): State<Reader>) -> Response {
    let count = locked(&reader, |connection| {
        connection
            .prepare_cached(COUNT)?
            .query_row([1], |row| row.get::<_, u32>(0))
    });
    match count {
        Ok(count) => {
            let count = [("x-total-count", count.to_string())];
            (count, answer(rows(&reader, LIST, [1]))).into_response()
        }
        Err(error) => answer(Err(error)),
    }
}

fn answer(body: rusqlite::Result<String>) -> Response {
    match body {
        Ok(body) => json(body),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn rows(reader: &Reader, statement: &str, parameters: impl Params) -> rusqlite::Result<String> {
    locked(reader, |connection| {
        let mut statement = connection.prepare_cached(statement)?;
        let mut rows = statement.query(parameters)?;
        let mut body = String::with_capacity(4096);
        body.push_str(r#"{"result":["#);
        while let Some(row) = rows.next()? {
            if !body.ends_with('[') {
                body.push(',');
            }
            push_row(&mut body, row)?;
        }
        body.push_str("]}");
        Ok(body)
    })
}

/// The values need no escapes: this file made them.
fn push_row(body: &mut String, row: &Row<'_>) -> rusqlite::Result<()> {
    const NAMES: [&str; 5] = ["number", "short_description", "state", "priority", "sys_id"];
    for (column, name) in NAMES.into_iter().enumerate() {
        let before = if column == 0 { '{' } else { ',' };
        let value = row.get_ref(column)?.as_str()?;
        let _infallible = write!(body, r#"{before}"{name}":"{value}""#);
    }
    body.push('}');
    Ok(())
}

fn locked<T>(reader: &Reader, work: impl FnOnce(&Connection) -> T) -> T {
    work(&reader.lock().unwrap_or_else(PoisonError::into_inner))
}
