//! One insert a request, many in a commit: while one commit runs, the next group gathers.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use anyhow::Result;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::rows::connect;
use crate::token::json;

/// What is inserted: a table, and a statement that takes the row's number, `sys_id`, number as text, short description,
/// urgency and moment.
pub(crate) struct Target {
    file: &'static str,
    table: &'static str,
    insert: &'static str,
}

/// The answer's columns alone, with the two indexes that no record can do without.
pub(crate) const NARROW: Target = Target {
    file: "write.db",
    table: "
        CREATE TABLE incident (
            id INTEGER PRIMARY KEY, sys_id TEXT NOT NULL, number TEXT NOT NULL,
            short_description TEXT, urgency TEXT, state TEXT, created TEXT
        );
        CREATE UNIQUE INDEX incident_sys_id ON incident (sys_id);
        CREATE UNIQUE INDEX incident_number ON incident (number);
    ",
    insert: "INSERT INTO incident (id, sys_id, number, short_description, urgency, state, created) \
             VALUES (?1, ?2, ?3, ?4, ?5, '1', ?6)",
};

/// The row that Snowglobe keeps of the same body, with the indexes that lists ask for.
pub(crate) const WHOLE: Target = Target {
    file: "write-whole.db",
    table: include_str!("whole.sql"),
    insert: include_str!("whole-insert.sql"),
};

/// A row to insert, and who waits for its number.
struct Insert {
    short_description: String,
    urgency: String,
    done: oneshot::Sender<i64>,
}

/// The way to the thread that writes.
#[derive(Clone)]
pub(crate) struct Writer(Sender<Insert>);

impl Writer {
    /// Starts the thread that writes.
    pub(crate) fn start(folder: &Path, target: &'static Target) -> Result<Self> {
        let connection = connect(folder, target.file)?;
        connection.execute_batch(target.table)?;
        let (sender, receiver) = channel();
        std::thread::spawn(move || write_groups(&connection, target.insert, &receiver));
        Ok(Self(sender))
    }
}

fn write_groups(connection: &Connection, insert: &str, receiver: &Receiver<Insert>) {
    let mut last = 0;
    while let Ok(first) = receiver.recv() {
        let group: Vec<Insert> = std::iter::once(first).chain(receiver.try_iter()).collect();
        if let Err(error) = write(connection, insert, &group, last) {
            eprintln!("ceiling: {error}");
            return;
        }
        for insert in group {
            last += 1;
            let _gone = insert.done.send(last);
        }
    }
}

fn write(
    connection: &Connection,
    insert: &str,
    group: &[Insert],
    last: i64,
) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    let mut clock = transaction.prepare_cached("SELECT datetime('now')")?;
    let now: String = clock.query_row([], |row| row.get(0))?;
    let mut statement = transaction.prepare_cached(insert)?;
    for (id, insert) in (last + 1..).zip(group) {
        let (sys_id, number) = (format!("{id:032x}"), format!("INC{id:07}"));
        statement.execute((
            id,
            sys_id,
            number,
            &insert.short_description,
            &insert.urgency,
            &now,
        ))?;
    }
    drop((clock, statement));
    transaction.commit()
}

/// Parses the body, waits for the commit, and answers the row.
pub(crate) async fn post(State(writer): State<Writer>, body: Bytes) -> Response {
    let Ok(fields) = serde_json::from_slice::<serde_json::Value>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let field = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
    let (done, written) = oneshot::channel();
    let (short_description, urgency) = (field("short_description"), field("urgency"));
    let insert = Insert {
        short_description: short_description.clone(),
        urgency,
        done,
    };
    let sent = writer.0.send(insert).is_ok();
    match written.await {
        Ok(id) if sent => (StatusCode::CREATED, row(id, &short_description)).into_response(),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn row(id: i64, short_description: &str) -> Response {
    json(format!(
        r#"{{"result":{{"number":"INC{id:07}","short_description":"{short_description}","state":"1","priority":"5","sys_id":"{id:032x}"}}}}"#
    ))
}
