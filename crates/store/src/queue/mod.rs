//! Where batches wait for the one writer of a database.
//!
//! While one group is on its way to the disk the next gathers here by itself; [`state`] says when the writer
//! is called and what it takes. How a writer waits is its own: SQLite's is a thread, PostgreSQL's a task.

mod job;
mod state;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use tokio::sync::oneshot;

pub(crate) use job::{Outcome, Script, Work, Write};
pub(crate) use state::Call;

use self::{
    job::{Job, stopped},
    state::State,
};
use crate::{
    backend::{ApplyError, StoreError, Tally},
    sql::Batch,
};

/// How a waiting writer is woken.
pub(crate) trait Bell: Default {
    /// Wakes the writer, or lets its next wait end at once.
    fn ring(&self);
}

/// The batches that wait for a writer.
#[derive(Debug, Default)]
pub(crate) struct Queue<B> {
    state: Mutex<State>,
    /// What wakes the writer.
    pub(crate) bell: B,
}

impl<B: Bell> Queue<B> {
    /// Waits until the batch is on disk, or is refused. It is applied even if nobody waits any more.
    pub(crate) async fn apply(&self, batch: Batch) -> Outcome {
        let (reply, answer) = oneshot::channel();
        let reply = Some(reply);
        self.push(Job::Write(Write { batch, reply }))?;
        answer.await.unwrap_or_else(|_| Err(stopped().into()))
    }

    /// Waits until the script has been run, or is refused.
    pub(crate) async fn run(&self, sql: &str) -> Result<(), ApplyError> {
        let (reply, answer) = oneshot::channel();
        let sql = sql.into();
        self.push(Job::Script(Script { sql, reply }))?;
        answer.await.unwrap_or_else(|_| Err(stopped().into()))
    }

    /// Leaves a batch that nobody waits for, or gives it back when too many are waiting.
    pub(crate) fn leave(&self, batch: Batch) -> Result<(), Batch> {
        let ring = self.lock().leave(batch)?;
        if ring {
            self.bell.ring();
        }
        Ok(())
    }

    /// Waits until what was written behind so far is on disk, or was refused; at once if nothing was.
    pub(crate) async fn catch_up(&self) -> Result<(), ApplyError> {
        if self.lock().is_behind() {
            self.apply(Batch::default()).await?;
        }
        Ok(())
    }

    /// Tells every caller its outcome. When the database was not available, what was written behind waits for
    /// better times, and whoever waits for an answer hears it now instead of standing behind those.
    pub(crate) fn settle(&self, group: Vec<Write>, outcomes: Result<Vec<Outcome>, StoreError>) {
        match outcomes {
            Ok(outcomes) => {
                let waiting = group.iter().filter(|write| write.reply.is_some()).count();
                self.lock().committed(waiting, Instant::now());
                let answers = group.into_iter().zip(outcomes);
                answers.for_each(|(write, outcome)| write.answer(outcome));
            }
            Err(error @ StoreError::Unavailable(_)) => self.lock().rest(group, &error),
            Err(error) => {
                self.lock().answered(0, Instant::now());
                let refused = group.into_iter();
                refused.for_each(|write| write.answer(Err(error.clone().into())));
            }
        }
    }

    /// Says what was committed so far.
    pub(crate) fn tally(&self) -> Tally {
        self.lock().tally()
    }

    /// Accepts no more work; what is here will still be done.
    pub(crate) fn close(&self) {
        self.lock().close();
        self.bell.ring();
    }

    /// Lets the writer look for work.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        // Every change leaves a whole state behind, so a panic elsewhere is no reason to stop.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, job: Job) -> Result<(), StoreError> {
        let ring = self.lock().push(job)?;
        if ring {
            self.bell.ring();
        }
        Ok(())
    }
}

/// Refuses what is left when the writer ends, however it ends.
pub(crate) struct LastWord<'a, B: Bell>(pub(crate) &'a Queue<B>);

impl<B: Bell> Drop for LastWord<'_, B> {
    fn drop(&mut self) {
        self.0.lock().abandon();
    }
}
