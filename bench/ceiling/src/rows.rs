//! The table that is read from: 100,000 rows with the indexes that its queries want.

use std::path::Path;

use anyhow::Result;
use rusqlite::Connection;

/// As many as the data pack `load` has.
const ROWS: u32 = 100_000;

const TABLE: &str = "
    CREATE TABLE incident (
        id INTEGER PRIMARY KEY, sys_id TEXT NOT NULL, number TEXT NOT NULL,
        short_description TEXT NOT NULL, state TEXT NOT NULL, priority TEXT NOT NULL,
        active INTEGER NOT NULL
    );
    CREATE UNIQUE INDEX incident_sys_id ON incident (sys_id);
    CREATE UNIQUE INDEX incident_number ON incident (number);
    CREATE INDEX incident_active ON incident (active, number);
";

/// Opens a connection with the settings of the product.
pub(crate) fn connect(folder: &Path, name: &str) -> Result<Connection> {
    let connection = Connection::open(folder.join(name))?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    Ok(connection)
}

/// Makes the rows and returns a connection to read them.
pub(crate) fn open(folder: &Path) -> Result<Connection> {
    let mut connection = connect(folder, "read.db")?;
    connection.execute_batch(TABLE)?;
    let transaction = connection.transaction()?;
    let mut insert =
        transaction.prepare("INSERT INTO incident VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for row in 1..=ROWS {
        insert.execute((
            row,
            format!("{row:032x}"),
            format!("INC{row:07}"),
            format!("Something is wrong with thing number {row}"),
            (row % 6 + 1).to_string(),
            (row % 5 + 1).to_string(),
            row % 2,
        ))?;
    }
    drop(insert);
    transaction.commit()?;
    Ok(connection)
}
