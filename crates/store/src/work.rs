//! What the instance does by itself, sooner or later: a row for each thing until it is done.
//!
//! ```text
//! due ── claim (guard: nobody took it since) ──▶ done | put off (guard: nobody took it since)
//! ```
//! A process that dies leaves its claims behind. They are free again when its number has another process, or when it has
//! not renewed them for a while; so a thing is done at least once, and only the last who took it up says what came of it.

use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{SysId, Value, ValueRef};

use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    sql::{Batch, Row, Rows, Statement},
};

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkKind {
    /// A REST message that runs while nobody waits: a row of `sys_rest_execution`.
    RestCall,
    /// A run of a flow: a row of `sys_flow_context`.
    FlowRun,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The key of the record that people see.
    pub id: Box<str>,
    /// What it is.
    pub kind: WorkKind,
    /// When it came, by the instance's time.
    pub began: UnixMillis,
    /// How often it was taken up.
    pub attempt: u32,
    pub(crate) input: Box<str>,
}

/// What becomes of something that was taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It goes on.
    GoesOn,
    /// There is nothing left to do.
    Over,
    /// It is due again at this time of the instance.
    PutOff(UnixMillis),
}

impl WorkKind {
    fn name(self) -> &'static str {
        match self {
            Self::RestCall => "rest_call",
            Self::FlowRun => "flow_run",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "rest_call" => Some(Self::RestCall),
            "flow_run" => Some(Self::FlowRun),
            _ => None,
        }
    }
}

impl Store {
    /// Returns what is due and has nobody who is at it, the oldest first. `machine` is the machine's time.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn due_work(
        &self,
        (now, machine): (UnixMillis, UnixMillis),
        most: usize,
    ) -> Result<Vec<Work>, StoreError> {
        let statement = Statement::new(
            format!(
                "SELECT id, kind, began, attempt, input FROM sg_work WHERE due <= $1 \
                 AND (holder IS NULL OR held_until <= $2 OR (node = $3 AND holder <> $4)) \
                 ORDER BY due, id LIMIT {most}"
            ),
            [
                Value::Int(now.0),
                Value::Int(machine.0),
                Value::Int(self.backend.node().into()),
                Value::text(&self.holder()),
            ],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        Ok(rows.iter().flat_map(Rows::iter).filter_map(work).collect())
    }

    /// Takes something up, until this time of the machine.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when somebody else was faster, or it is over.
    pub async fn claim_work(
        &self,
        seen: &Work,
        until: UnixMillis,
        now: UnixMillis,
    ) -> Result<Work, ApplyError> {
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(
            "UPDATE sg_work SET attempt = attempt + 1, node = $1, holder = $2, held_until = $3 \
             WHERE id = $4 AND attempt = $5",
            [
                Value::Int(self.backend.node().into()),
                Value::text(&self.holder()),
                Value::Int(until.0),
                Value::text(&seen.id),
                Value::Int(seen.attempt.into()),
            ],
        ));
        let work = Work {
            attempt: seen.attempt + 1,
            ..seen.clone()
        };
        batch.push(match work.kind {
            WorkKind::RestCall => self.show_running(&work, now),
            WorkKind::FlowRun => self.show_run(&work, now),
        });
        self.backend.apply(batch).await?;
        Ok(work)
    }

    /// Keeps what this process is at.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails: others may take it up.
    pub async fn hold_work(&self, until: UnixMillis) -> Result<(), ApplyError> {
        let statement = Statement::new(
            "UPDATE sg_work SET held_until = $1 WHERE holder = $2",
            [Value::Int(until.0), Value::text(&self.holder())],
        );
        self.backend.apply(Batch::one(statement)).await?;
        Ok(())
    }

    /// Waits until something came, in this process.
    pub async fn work_came(&self) {
        self.work_bell.notified().await;
    }

    /// What this process is called where it holds something.
    fn holder(&self) -> String {
        format!("{}.{:x}", self.backend.node(), self.boot)
    }
}

/// Adds something to be done.
pub(crate) fn push_work(
    (kind, id): (WorkKind, SysId),
    input: &str,
    now: UnixMillis,
    batch: &mut Batch,
) {
    batch.push(Statement::new(
        "INSERT INTO sg_work (id, kind, began, due, attempt, input) VALUES ($1, $2, $3, $3, 0, $4)",
        [
            id.into(),
            Value::text(kind.name()),
            Value::Int(now.0),
            Value::text(input),
        ],
    ));
}

/// Adds what becomes of something, if nobody else has taken it up since.
pub(crate) fn push_fate(work: &Work, fate: Fate, batch: &mut Batch) {
    let key = [Value::text(&work.id), Value::Int(work.attempt.into())];
    batch.push_guarded(match fate {
        Fate::GoesOn => Statement::new(
            "UPDATE sg_work SET due = due WHERE id = $1 AND attempt = $2",
            key,
        ),
        Fate::Over => Statement::new("DELETE FROM sg_work WHERE id = $1 AND attempt = $2", key),
        Fate::PutOff(due) => {
            let [id, attempt] = key;
            Statement::new(
                "UPDATE sg_work SET due = $1, node = NULL, holder = NULL, held_until = NULL \
                 WHERE id = $2 AND attempt = $3",
                [Value::Int(due.0), id, attempt],
            )
        }
    });
}

/// Adds the end of the work to the deletion of the record that people see.
pub(crate) fn push_cancellation(id: SysId, batch: &mut Batch) {
    batch.push(Statement::new(
        "DELETE FROM sg_work WHERE id = $1",
        [Value::from(id)],
    ));
}

fn work(row: Row<'_>) -> Option<Work> {
    let began = match row.get(2) {
        ValueRef::Int(began) => UnixMillis(began),
        _ => UnixMillis(0),
    };
    Some(Work {
        id: row.text(0).into(),
        kind: WorkKind::parse(row.text(1))?,
        began,
        attempt: u32::try_from(row.int(3)).unwrap_or_default(),
        input: row.text(4).into(),
    })
}
