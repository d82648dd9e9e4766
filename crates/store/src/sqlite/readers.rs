//! The connections that read. The last one used is used next, so its caches are warm.
//!
//! A scan may be a page that an index gives at once, or a walk through a whole table; nobody knows before. So it is
//! tried where it is asked for, within an allowance ([`Meter`]); what needs more begins again on a thread of its own,
//! and its statement goes there at once the next time.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use quick_cache::unsync::Cache;
use rusqlite::{Connection, ErrorCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    cells,
    connection::{self, Role},
    fault::store_error,
    meter::Meter,
};
use crate::{
    backend::StoreError,
    sql::{Rows, Statement},
};

/// How long a statement that needed more is not tried again: the next time its rows may be in memory.
const LONG_FOR: Duration = Duration::from_secs(10);

/// A connection, and what it may spend.
#[derive(Debug)]
struct Reader {
    connection: Connection,
    meter: Meter,
}

/// Connections that nobody uses at this moment. As many are made as read at once: one for each thread that
/// runs tasks, and one for each scan that has its turn.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Reader>>,
    scans: Arc<Semaphore>,
    /// The texts of statements that needed more than the allowance, and when.
    long: Mutex<Cache<Arc<str>, Instant>>,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        const LONG: usize = 1024;
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self {
            path: path.to_owned(),
            idle: Mutex::default(),
            scans: Arc::new(Semaphore::new(cores.clamp(2, 4))),
            long: Mutex::new(Cache::new(LONG)),
        }
    }

    /// Waits until a scan may run; they would take the cores from everything else.
    pub(super) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.scans).acquire_owned().await.ok()
    }

    /// Reads the rows of each statement.
    pub(super) fn read(&self, statements: &[Statement]) -> Result<Vec<Rows>, StoreError> {
        self.with_reader(|reader| read(&reader.connection, statements))?
            .map_err(|stopped| store_error(&stopped.error))
    }

    /// Reads the rows of each statement within the allowance; `None` if that is not enough.
    pub(super) fn read_briefly(
        &self,
        statements: &[Statement],
    ) -> Result<Option<Vec<Rows>>, StoreError> {
        if self.are_long(statements) {
            return Ok(None);
        }
        let rows = self.with_reader(|reader| {
            let _allowance = reader.meter.start();
            read(&reader.connection, statements)
        })?;
        match rows {
            Ok(rows) => Ok(Some(rows)),
            Err(Stopped { at, error })
                if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) =>
            {
                if let Some(statement) = statements.get(at) {
                    lock(&self.long).insert(Arc::clone(&statement.sql), Instant::now());
                }
                Ok(None)
            }
            Err(stopped) => Err(store_error(&stopped.error)),
        }
    }

    fn are_long(&self, statements: &[Statement]) -> bool {
        let long = lock(&self.long);
        let mut texts = statements.iter().map(|statement| &statement.sql);
        texts.any(|text| {
            long.get(text)
                .is_some_and(|since| since.elapsed() < LONG_FOR)
        })
    }

    fn with_reader<T>(&self, work: impl FnOnce(&Reader) -> T) -> Result<T, StoreError> {
        let idle = lock(&self.idle).pop();
        let reader = idle.map_or_else(|| self.reader(), Ok)?;
        let done = work(&reader);
        // One that is still inside a transaction would show yesterday's rows.
        if reader.connection.is_autocommit() {
            lock(&self.idle).push(reader);
        }
        Ok(done)
    }

    fn reader(&self) -> Result<Reader, StoreError> {
        let mut connection = connection::open(&self.path, Role::Reader)?;
        let meter = Meter::of(&mut connection).map_err(|error| store_error(&error))?;
        Ok(Reader { connection, meter })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A read that came to an end before its time, at one of its statements.
struct Stopped {
    at: usize,
    error: rusqlite::Error,
}

impl From<rusqlite::Error> for Stopped {
    fn from(error: rusqlite::Error) -> Self {
        Self { at: 0, error }
    }
}

fn read(connection: &Connection, statements: &[Statement]) -> Result<Vec<Rows>, Stopped> {
    if let [statement] = statements {
        return Ok(vec![cells::read(connection, statement)?]);
    }
    // Several statements see the same commit: the one that is there at the first read.
    let snapshot = connection.unchecked_transaction()?;
    let mut rows = Vec::with_capacity(statements.len());
    for (at, statement) in statements.iter().enumerate() {
        let answer = cells::read(&snapshot, statement);
        rows.push(answer.map_err(|error| Stopped { at, error })?);
    }
    snapshot.finish()?;
    Ok(rows)
}
