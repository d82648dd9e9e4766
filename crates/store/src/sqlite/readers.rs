//! The connections that read. The last one used is used next, so its caches are warm.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    cells,
    connection::{self, Role},
    fault::store_error,
};
use crate::{
    backend::StoreError,
    sql::{Rows, Statement},
};

/// Connections that nobody uses at this moment. As many are made as read at once: one for each thread that
/// runs tasks, and one for each scan that has its turn.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    scans: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self {
            path: path.to_owned(),
            idle: Mutex::default(),
            scans: Arc::new(Semaphore::new(cores.clamp(2, 4))),
        }
    }

    /// Waits until a scan may run; they would take the cores from everything else.
    pub(super) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.scans).acquire_owned().await.ok()
    }

    /// Reads the rows of each statement.
    pub(super) fn read(&self, statements: &[Statement]) -> Result<Vec<Rows>, StoreError> {
        let connection = self.take()?;
        let rows = read(&connection, statements);
        // One that is still inside a transaction would show yesterday's rows.
        if connection.is_autocommit() {
            self.idle().push(connection);
        }
        rows.map_err(|error| store_error(&error))
    }

    fn take(&self) -> Result<Connection, StoreError> {
        let idle = self.idle().pop();
        idle.map_or_else(|| connection::open(&self.path, Role::Reader), Ok)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(connection: &Connection, statements: &[Statement]) -> rusqlite::Result<Vec<Rows>> {
    if let [statement] = statements {
        return Ok(vec![cells::read(connection, statement)?]);
    }
    // Several statements see the same commit: the one that is there at the first read.
    let snapshot = connection.unchecked_transaction()?;
    let rows = statements
        .iter()
        .map(|statement| cells::read(&snapshot, statement))
        .collect();
    snapshot.finish()?;
    rows
}
