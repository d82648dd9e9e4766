//! Opens connections, each for its role.

use std::{fs::File, io::Read as _, path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::fault::store_error;
use crate::backend::StoreError;

/// What a connection is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    /// The only one that changes rows.
    Writer(Durability),
    /// Sees the last commit.
    Reader,
    /// Copies the file as of one moment.
    Copier,
    /// Copies the log back into the file.
    Checkpointer(Durability),
}

/// What a commit waits for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Durability {
    /// The disk: it survives a power cut.
    Disk,
    /// Nothing: the file goes with the process.
    Process,
}

/// Opens the file, and makes it for the writer.
pub(super) fn open(path: &Path, role: Role) -> Result<Connection, StoreError> {
    let connection = open_unsettled(path, role)?;
    settle(&connection, role)?;
    Ok(connection)
}

/// Opens the file for who will [`settle`] before the first use: settings make SQLite read the whole schema, which takes
/// milliseconds.
pub(super) fn open_unsettled(path: &Path, role: Role) -> Result<Connection, StoreError> {
    connected(path, role).map_err(|error| store_error(&error))
}

/// Makes a connection what its role asks for.
pub(super) fn settle(connection: &Connection, role: Role) -> Result<(), StoreError> {
    let mut done = connection.execute_batch(settings(role));
    if let Role::Writer(durability) | Role::Checkpointer(durability) = role {
        done = done.and_then(|()| connection.execute_batch(synchronous(durability)));
    }
    done.map_err(|error| store_error(&error))
}

/// Tells whether the file has a write-ahead log already, as every one has that a writer once had.
pub(super) fn has_log(path: &Path) -> bool {
    // https://www.sqlite.org/fileformat2.html#file_format_version_numbers: bytes 18 and 19 of the header.
    let mut header = [0; 20];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
    read.is_ok() && header.ends_with(&[2, 2])
}

fn connected(path: &Path, role: Role) -> rusqlite::Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if let Role::Writer(_) = role {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = opened(path, flags)?;
    connection.busy_timeout(patience(role))?;
    connection.set_prepared_statement_cache_capacity(256);
    // One plan for each text: otherwise SQLite looks at the values and prepares anew whenever they change, which
    // costs more than most of our reads.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// The file is this process's alone ([`super::place`]), so its connections need no locks that other processes see:
/// those are system calls, several for each read.
#[cfg(unix)]
fn opened(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    Connection::open_with_flags_and_vfs(path, flags, c"unix-excl")
}

#[cfg(not(unix))]
fn opened(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, flags)
}

/// The checkpointer holds the writer up while it waits for readers, so it waits briefly and tries again.
fn patience(role: Role) -> Duration {
    match role {
        Role::Writer(_) | Role::Reader | Role::Copier => Duration::from_secs(5),
        Role::Checkpointer(_) => Duration::from_millis(50),
    }
}

/// Caches are in KiB when negative: 8 MiB for the writer and for each reader, which a page of 1,000 rows from all over
/// a table fills. The memory for undoing a statement is memory, not a file.
fn settings(role: Role) -> &'static str {
    match role {
        Role::Writer(_) => {
            "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = OFF;
             PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; PRAGMA analysis_limit = 1000"
        }
        Role::Reader => {
            "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192"
        }
        Role::Copier => "PRAGMA cache_size = -1024",
        Role::Checkpointer(_) => "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -64",
    }
}

fn synchronous(durability: Durability) -> &'static str {
    match durability {
        Durability::Disk => "PRAGMA synchronous = FULL",
        Durability::Process => "PRAGMA synchronous = OFF",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a wide table would otherwise pay for every column of every other class.
    #[test]
    fn empty_columns_at_the_end_of_a_row_take_no_room() {
        let connection = Connection::open_in_memory().expect("a database");
        let columns: Vec<String> = (0..600).map(|no| format!("c{no}")).collect();
        let columns = columns.join(", ");
        let rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n";
        let script = format!("CREATE TABLE wide ({columns}); INSERT INTO wide (c0) {rows}");
        connection.execute_batch(&script).expect("rows");
        let pages = connection.pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0));
        assert!((1..10).contains(&pages.expect("pages")));
    }
}
