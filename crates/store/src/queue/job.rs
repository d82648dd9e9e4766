//! What a writer is asked to do, and how it answers.

use std::fmt;

use tokio::sync::oneshot;

use crate::{
    backend::{Applied, ApplyError, StoreError},
    sql::Batch,
};

/// What became of a batch.
pub(crate) type Outcome = Result<Applied, ApplyError>;

/// A batch, and who waits for it.
pub(crate) struct Write {
    pub(crate) batch: Batch,
    /// Nobody, if it is written behind.
    pub(crate) reply: Option<oneshot::Sender<Outcome>>,
}

/// SQL text of several statements, and who waits for it.
pub(crate) struct Script {
    pub(crate) sql: Box<str>,
    pub(crate) reply: oneshot::Sender<Result<(), ApplyError>>,
}

/// What lies in a queue.
pub(crate) enum Job {
    Write(Write),
    Script(Script),
}

/// What a writer takes out of it.
pub(crate) enum Work {
    /// Batches to commit together.
    Group(Vec<Write>),
    /// A script to run by itself.
    Script(Script),
}

impl Write {
    /// Tells the outcome to whoever waits for it; a failure that nobody waits for is logged.
    pub(crate) fn answer(self, outcome: Outcome) {
        match (self.reply, outcome) {
            // Who has gone away does not want to know.
            (Some(reply), outcome) => drop(reply.send(outcome)),
            (None, Ok(_)) => {}
            (None, Err(error)) => tracing::warn!(%error, "a row written behind was refused"),
        }
    }
}

impl Job {
    /// Tells whether nobody waits for it.
    pub(crate) fn is_behind(&self) -> bool {
        matches!(self, Self::Write(Write { reply: None, .. }))
    }

    /// Answers that it is not done.
    pub(crate) fn refuse(self, error: &StoreError) {
        match self {
            Self::Write(write) => write.answer(Err(error.clone().into())),
            Self::Script(script) => drop(script.reply.send(Err(error.clone().into()))),
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Rows may hold what no log should.
        f.write_str(match self {
            Self::Write(_) => "Write",
            Self::Script(_) => "Script",
        })
    }
}

/// The answer of a writer that has ended.
pub(crate) fn stopped() -> StoreError {
    StoreError::Unavailable("it has been shut down".into())
}
