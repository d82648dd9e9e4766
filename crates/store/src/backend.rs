//! The seam: what every database can do for us. Two implementors behind one enum, so no boxed futures.

use std::path::{Path, PathBuf};

use tokio::sync::broadcast;

pub use crate::fault::{ApplyError, StoreError};
use crate::{
    postgres::Postgres,
    sql::{Batch, Dialect, Rows, Statement},
    sqlite::Sqlite,
};

/// How a read is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// A row or a few by key: microseconds, run where it is asked for.
    Point,
    /// A list or a count: run where it blocks nobody.
    Scan,
}

/// Where an instance keeps everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// In this process; nothing is kept when it ends.
    Memory,
    /// In one SQLite file, used by one process at a time.
    File(PathBuf),
    /// In the PostgreSQL database at this URL, used by any number of processes.
    Postgres(String),
}

/// How many rows each statement of a batch has touched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// In the order of the statements.
    pub touched: Vec<u64>,
}

/// What this process has committed since the database was opened, of what callers waited for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Transactions.
    pub commits: u64,
    /// The batches in them.
    pub batches: u64,
}

/// What another process has announced: the topic of a [`Batch`], or [`EVERYTHING`].
pub type Announcement = std::sync::Arc<str>;

/// The announcement that anything may have changed, because the ear was cut off for a while.
pub const EVERYTHING: &str = "*";

/// A database; clones share it.
#[derive(Debug, Clone)]
pub enum Backend {
    /// The embedded one.
    Sqlite(Sqlite),
    /// The one for many machines.
    Postgres(Postgres),
}

impl Backend {
    /// Opens a database, and makes it if it is a file that is not there.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be reached, or when another process uses the file.
    pub async fn open(location: &Location) -> Result<Self, StoreError> {
        match location {
            Location::Memory => Sqlite::open_memory().await.map(Self::Sqlite),
            Location::File(path) => Sqlite::open(path).await.map(Self::Sqlite),
            Location::Postgres(url) => Postgres::open(url).await.map(Self::Postgres),
        }
    }

    /// Returns how its SQL is spelt.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Reads the rows of each statement, all in one snapshot.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Driver`].
    pub async fn read(
        &self,
        cost: Cost,
        statements: &[Statement],
    ) -> Result<Vec<Rows>, StoreError> {
        statements.iter().try_for_each(refuse_nul)?;
        match self {
            Self::Sqlite(sqlite) => sqlite.read(cost, statements).await,
            // Boxed: its state would make the future of every request larger.
            Self::Postgres(postgres) => Box::pin(postgres.read(cost, statements)).await,
        }
    }

    /// Applies a batch; it is on disk when this returns. A caller who stops waiting does not stop it.
    ///
    /// # Errors
    /// Nothing was applied, with one exception: [`StoreError::Unavailable`] may say that the outcome is
    /// unknown, because the connection broke before the commit was answered.
    pub async fn apply(&self, batch: Batch) -> Result<Applied, ApplyError> {
        refuse_nul_in(&batch)?;
        match self {
            Self::Sqlite(sqlite) => sqlite.apply(batch).await,
            Self::Postgres(postgres) => Box::pin(postgres.apply(batch)).await,
        }
    }

    /// Leaves a batch to be applied with a later group, within some 50 ms. It is lost only by a crash; when it
    /// is refused, that is logged. It waits out a database that is not available, and may then be applied twice
    /// if a connection broke during a commit: it should be an insert under a key, or otherwise bear that.
    ///
    /// # Errors
    /// Gives the batch back when 16,384 of them are waiting: the disk does not keep up, and whoever goes on
    /// should [`Self::apply`] it and wait. Also when it can never be applied.
    pub fn write_behind(&self, batch: Batch) -> Result<(), Batch> {
        if refuse_nul_in(&batch).is_err() {
            return Err(batch);
        }
        match self {
            Self::Sqlite(sqlite) => sqlite.write_behind(batch),
            Self::Postgres(postgres) => postgres.write_behind(batch),
        }
    }

    /// Returns a number that is another one after each write to one of these tables, where every write is heard of.
    pub(crate) fn writes_to(&self, tables: &[&str]) -> Option<u64> {
        match self {
            Self::Sqlite(sqlite) => Some(sqlite.writes_to(tables)),
            // Other processes write too.
            Self::Postgres(_) => None,
        }
    }

    /// Waits until everything that was written behind so far is on disk; that costs nothing when nothing was.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn flush(&self) -> Result<(), StoreError> {
        let done = match self {
            Self::Sqlite(sqlite) => sqlite.catch_up().await,
            Self::Postgres(postgres) => Box::pin(postgres.catch_up()).await,
        };
        match done {
            Ok(()) => Ok(()),
            Err(ApplyError::Store(error)) => Err(error),
            Err(error) => Err(StoreError::Driver(error.to_string())),
        }
    }

    /// Returns what was committed so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        match self {
            Self::Sqlite(sqlite) => sqlite.tally(),
            Self::Postgres(postgres) => postgres.tally(),
        }
    }

    /// Runs several statements, separated by `;`, all or nothing: the definitions of tables.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub async fn run_script(&self, sql: &str) -> Result<(), ApplyError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.run_script(sql).await,
            Self::Postgres(postgres) => postgres.run_script(sql).await,
        }
    }

    /// Writes a copy of the database as of this moment to a file that is not there yet.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the file cannot be written, and for a server, which has its own tools.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.backup(to).await,
            Self::Postgres(_) => Err(StoreError::Unavailable(
                "a PostgreSQL database is backed up with pg_dump".into(),
            )),
        }
    }

    /// Returns this process's number, 0 to 1023, which no other process on the same database has.
    #[must_use]
    pub fn node(&self) -> u16 {
        match self {
            // One process at a time has the file.
            Self::Sqlite(_) => 0,
            Self::Postgres(postgres) => postgres.node(),
        }
    }

    /// Returns what other processes announce from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Announcement> {
        match self {
            Self::Sqlite(sqlite) => sqlite.subscribe(),
            Self::Postgres(postgres) => postgres.subscribe(),
        }
    }

    /// Tells whether announcements of other processes are heard at this moment.
    #[must_use]
    pub fn listening(&self) -> bool {
        match self {
            // There are no others to be heard.
            Self::Sqlite(_) => true,
            Self::Postgres(postgres) => postgres.listening(),
        }
    }
}

fn refuse_nul_in(batch: &Batch) -> Result<(), StoreError> {
    let mut statements = batch.statements.iter();
    statements.try_for_each(|guarded| refuse_nul(&guarded.statement))
}

/// PostgreSQL cannot store U+0000, so neither database does.
fn refuse_nul(statement: &Statement) -> Result<(), StoreError> {
    let mut texts = statement
        .params
        .iter()
        .filter_map(|value| value.as_ref().as_text());
    if texts.any(|text| text.contains('\0')) {
        return Err(StoreError::Driver("text may not hold U+0000".into()));
    }
    Ok(())
}
