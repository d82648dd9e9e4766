//! Copies the write-ahead log back into the file, away from the writer.
//!
//! Readers and the writer go on meanwhile. Only when the log has outgrown [`LARGEST`], because there was never
//! a moment without a reader, is the writer made to wait until the log can start again from its beginning. The log
//! keeps its length: writing over what is there costs the disk less than growing.

use std::{
    path::PathBuf,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use rusqlite::Connection;

use super::connection::{self, Durability, Role};
use crate::backend::StoreError;

/// The thread that checkpoints. It starts, and opens its connection, when first asked.
#[derive(Debug)]
pub(super) struct Checkpointer {
    path: PathBuf,
    durability: Durability,
    thread: Option<(SyncSender<()>, JoinHandle<()>)>,
}

/// How many pages the log has before it is copied back: 4 MiB.
pub(super) const WORTHWHILE: i64 = 1024;
/// How many pages the log may have before the writer is made to wait: 16 MiB.
const LARGEST: i64 = 4096;

impl Checkpointer {
    pub(super) fn new(path: PathBuf, durability: Durability) -> Self {
        Self {
            path,
            durability,
            thread: None,
        }
    }

    /// Asks for a checkpoint soon; asking again before it is done changes nothing.
    pub(super) fn ask(&mut self) -> Result<(), StoreError> {
        if self.thread.is_none() {
            self.thread = Some(self.start()?);
        }
        if let Some((asked, _)) = &self.thread {
            // Full means that one is asked for already.
            let _ = asked.try_send(());
        }
        Ok(())
    }

    fn start(&self) -> Result<(SyncSender<()>, JoinHandle<()>), StoreError> {
        let connection = connection::open(&self.path, Role::Checkpointer(self.durability))?;
        let (asked, orders) = sync_channel(1);
        let thread = thread::Builder::new()
            .name("sqlite-checkpoint".into())
            .spawn(move || run(&connection, &orders))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok((asked, thread))
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        if let Some((asked, thread)) = self.thread.take() {
            drop(asked);
            // A panic there was reported where it happened.
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, orders: &Receiver<()>) {
    while orders.recv().is_ok() {
        let outcome = checkpoint(connection, "PRAGMA wal_checkpoint(PASSIVE)").and_then(|log| {
            if log > LARGEST {
                checkpoint(connection, "PRAGMA wal_checkpoint(RESTART)")?;
            }
            Ok(())
        });
        if let Err(error) = outcome {
            tracing::warn!(%error, "a checkpoint failed; the log grows until the next");
        }
    }
}

/// Returns how many pages the log has.
fn checkpoint(connection: &Connection, pragma: &str) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(pragma)?
        .query_row([], |row| row.get(1))
}

/// Returns how many pages the log has that are not copied back yet.
pub(super) fn backlog(connection: &Connection) -> rusqlite::Result<i64> {
    let mut look = connection.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?;
    look.query_row([], |row| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?))
}
