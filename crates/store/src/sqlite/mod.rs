//! The embedded database: one file, one process, one writer thread and a handful of readers.
//!
//! The write-ahead log lets readers see the last commit while the writer makes the next one. The writer never
//! copies the log back into the file itself; [`checkpoint`] does that on its own thread.

mod backup;
mod cells;
mod checkpoint;
mod connection;
mod fault;
mod fold;
mod merge;
mod meter;
mod place;
mod readers;
mod transaction;
mod writer;
mod writes;

use std::{
    path::Path,
    sync::{Arc, Condvar},
    thread::{self, JoinHandle},
};

use tokio::{sync::broadcast, task};

use self::{
    checkpoint::Checkpointer, connection::Role, merge::Merge, place::Place, readers::Readers,
    writer::Writer, writes::Writes,
};
use crate::{
    backend::{Announcement, Applied, ApplyError, Cost, StoreError, Tally},
    queue::Queue,
    sql::{Batch, Rows, Statement},
};

/// A SQLite database; clones share it. The last one to go writes what was written behind.
#[derive(Debug, Clone)]
pub struct Sqlite(Arc<Open>);

#[derive(Debug)]
struct Open {
    queue: Arc<Queue<Condvar>>,
    writer: Option<JoinHandle<()>>,
    readers: Readers,
    writes: Arc<Writes>,
    /// Nobody else can announce anything.
    silence: broadcast::Sender<Announcement>,
    /// Let go of last, when every connection is closed.
    place: Place,
}

impl Sqlite {
    pub(crate) async fn open(path: &Path) -> Result<Self, StoreError> {
        let path = path.to_owned();
        blocking(move || Place::file(path).and_then(Self::start)).await?
    }

    pub(crate) async fn open_memory() -> Result<Self, StoreError> {
        blocking(|| Place::temporary().and_then(Self::start)).await?
    }

    fn start(place: Place) -> Result<Self, StoreError> {
        let (path, durability) = (place.path(), place.durability());
        let writes = Arc::<Writes>::default();
        let role = Role::Writer(durability);
        let connection = connection::open_unsettled(path, role)?;
        let mut unsettled = Some(role);
        // Readers must find the log there.
        if !connection::has_log(path) {
            connection::settle(&connection, role)?;
            unsettled = None;
        }
        let writer = Writer {
            connection,
            unsettled,
            merge: Merge::new(),
            writes: Arc::clone(&writes),
            checkpointer: Checkpointer::new(path.to_owned(), durability),
        };
        let readers = Readers::new(path);
        let queue = Arc::<Queue<Condvar>>::default();
        let inbox = Arc::clone(&queue);
        let writer = thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || writer.run(&inbox))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self(Arc::new(Open {
            queue,
            writer: Some(writer),
            readers,
            writes,
            silence: broadcast::Sender::new(1),
            place,
        })))
    }

    pub(crate) async fn read(
        &self,
        cost: Cost,
        statements: &[Statement],
    ) -> Result<Vec<Rows>, StoreError> {
        match cost {
            Cost::Point => self.0.readers.read(statements),
            Cost::Scan => match self.0.readers.read_briefly(statements)? {
                Some(rows) => Ok(rows),
                // Boxed: few need it, and its state would make the future of every request larger.
                None => Box::pin(self.read_elsewhere(statements)).await,
            },
        }
    }

    async fn read_elsewhere(&self, statements: &[Statement]) -> Result<Vec<Rows>, StoreError> {
        let turn = self.0.readers.turn().await;
        let (open, statements) = (Arc::clone(&self.0), statements.to_vec());
        blocking(move || {
            // A scan whose caller has gone away keeps its turn until it ends.
            let _turn = turn;
            open.readers.read(&statements)
        })
        .await?
    }

    pub(crate) async fn apply(&self, batch: Batch) -> Result<Applied, ApplyError> {
        self.0.queue.apply(batch).await
    }

    /// Returns a number that is another one after each write to one of these tables.
    pub(crate) fn writes_to(&self, tables: &[&str]) -> u64 {
        self.0.writes.to(tables)
    }

    pub(crate) async fn catch_up(&self) -> Result<(), ApplyError> {
        self.0.queue.catch_up().await
    }

    pub(crate) fn write_behind(&self, batch: Batch) -> Result<(), Batch> {
        self.0.queue.leave(batch)
    }

    pub(crate) fn tally(&self) -> Tally {
        self.0.queue.tally()
    }

    pub(crate) async fn run_script(&self, sql: &str) -> Result<(), ApplyError> {
        self.0.queue.run(sql).await
    }

    pub(crate) async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let (open, to) = (Arc::clone(&self.0), to.to_owned());
        blocking(move || backup::copy(open.place.path(), &to)).await?
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Announcement> {
        self.0.silence.subscribe()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.queue.close();
        if let Some(Err(_)) = self.writer.take().map(JoinHandle::join) {
            tracing::error!("the writer has panicked");
        }
    }
}

/// Runs what waits for a disk where it keeps nobody waiting.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    let done = task::spawn_blocking(work).await;
    done.map_err(|error| StoreError::Unavailable(error.to_string()))
}
