//! One transaction for a group of batches, each of which holds or fails by itself.
//!
//! A savepoint for each would undo the ones that fail. But most fail at their first statement: one that fails has done
//! nothing, and a guard that sees no row has nothing to undo. Only those that fail later, or touch too many rows, need
//! more, so that a group is first tried without savepoints.

use std::iter;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{
    cells,
    fault::{apply_error, store_error},
    fold,
    merge::{Inserted, Merge},
};
use crate::{
    backend::{Applied, ApplyError, StoreError},
    queue::{Outcome, Write},
    sql::Batch,
};

/// Why the whole group is given up; nothing of it was done.
enum Halt {
    /// A batch without a savepoint has to be undone.
    Undo,
    /// The transaction cannot go on.
    Fault(StoreError),
}

/// Commits every batch of the group that can be applied. Each has its own outcome, once all are on disk.
pub(super) fn commit(
    connection: &Connection,
    merge: &mut Merge,
    group: &[Write],
) -> Result<Vec<Outcome>, StoreError> {
    let first = attempt(connection, || fast(connection, merge, group));
    let again = match first {
        Err(Halt::Undo) => attempt(connection, || careful(connection, group)),
        first => first,
    };
    again.map_err(|halt| match halt {
        Halt::Undo => StoreError::Driver("a batch could not be undone".into()),
        Halt::Fault(error) => error,
    })
}

/// Runs several statements, all or nothing.
pub(super) fn run_script(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    let transaction = begin(connection)?;
    transaction.execute_batch(sql)?;
    transaction.commit()
}

fn attempt(
    connection: &Connection,
    apply: impl FnOnce() -> Result<Vec<Outcome>, Halt>,
) -> Result<Vec<Outcome>, Halt> {
    let transaction = begin(connection)?;
    // Dropped without a commit, a transaction is rolled back.
    let outcomes = apply()?;
    transaction.commit()?;
    Ok(outcomes)
}

/// Takes the write lock first: a transaction that begins by reading may find that it can no longer write.
fn begin(connection: &Connection) -> rusqlite::Result<Transaction<'_>> {
    Transaction::new_unchecked(connection, TransactionBehavior::Immediate)
}

/// Rows alike together or as one, and no savepoints.
fn fast(
    connection: &Connection,
    merge: &mut Merge,
    mut group: &[Write],
) -> Result<Vec<Outcome>, Halt> {
    let mut outcomes = Vec::with_capacity(group.len());
    while let [first, rest @ ..] = group {
        let inserted = match fold::insert(connection, group) {
            Inserted::None => merge.insert(connection, group),
            folded => folded,
        };
        match inserted {
            Inserted::All(n) => {
                let applied = || Ok(Applied { touched: vec![1] });
                outcomes.extend(iter::repeat_with(applied).take(n));
                group = group.get(n..).unwrap_or_default();
            }
            Inserted::Some => return Err(Halt::Undo),
            Inserted::None => {
                outcomes.push(bare(connection, &first.batch)?);
                group = rest;
            }
        }
    }
    Ok(outcomes)
}

/// Each batch in a savepoint of its own.
fn careful(connection: &Connection, group: &[Write]) -> Result<Vec<Outcome>, Halt> {
    let batches = group.iter().map(|write| &write.batch);
    batches.map(|batch| saved(connection, batch)).collect()
}

/// Applies a batch without a savepoint, for which SQLite would keep a copy of every page that it changes. A batch that
/// fails before it has touched anything has nothing to undo; for any other, the group is undone.
fn bare(connection: &Connection, batch: &Batch) -> Result<Outcome, Halt> {
    let mut touched = Vec::with_capacity(batch.statements.len());
    for guarded in &batch.statements {
        let is_clean = touched.iter().all(|n| *n == 0);
        match cells::execute(connection, &guarded.statement) {
            Ok(n) if guarded.expect.holds(n) => touched.push(n),
            Ok(0) if is_clean => return Ok(Err(ApplyError::Conflict)),
            Ok(_) => return Err(Halt::Undo),
            Err(error) => {
                let outcome = refused(connection, &error)?;
                return if is_clean {
                    Ok(Err(outcome))
                } else {
                    Err(Halt::Undo)
                };
            }
        }
    }
    Ok(Ok(Applied { touched }))
}

fn saved(connection: &Connection, batch: &Batch) -> Result<Outcome, Halt> {
    cells::control(connection, "SAVEPOINT batch")?;
    let outcome = all(connection, batch)?;
    if outcome.is_err() {
        cells::control(connection, "ROLLBACK TO batch")?;
    }
    cells::control(connection, "RELEASE batch")?;
    Ok(outcome)
}

fn all(connection: &Connection, batch: &Batch) -> Result<Outcome, Halt> {
    let mut touched = Vec::with_capacity(batch.statements.len());
    for guarded in &batch.statements {
        match cells::execute(connection, &guarded.statement) {
            Ok(n) if guarded.expect.holds(n) => touched.push(n),
            Ok(_) => return Ok(Err(ApplyError::Conflict)),
            Err(error) => return refused(connection, &error).map(Err),
        }
    }
    Ok(Ok(Applied { touched }))
}

/// Tells whether the batch is refused or the transaction is lost: a full disk, for one, ends all of it.
fn refused(connection: &Connection, error: &rusqlite::Error) -> Result<ApplyError, Halt> {
    if connection.is_autocommit() {
        return Err(Halt::Fault(store_error(error)));
    }
    Ok(apply_error(error))
}

impl From<rusqlite::Error> for Halt {
    fn from(error: rusqlite::Error) -> Self {
        Self::Fault(store_error(&error))
    }
}
