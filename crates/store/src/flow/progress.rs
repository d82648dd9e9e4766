//! What a run has come to: each step's beginning and end, and the run's, by whoever took it up last.

use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{Value, base::derived_id};

use super::load::millis;
use crate::{
    Store,
    backend::{ApplyError, StoreError},
    oauth::date_time,
    records::Find,
    sql::{Batch, Row, Statement},
    work::{Fate, Work, push_fate},
};

/// A step of a run, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunStep {
    /// The key of the flow's step.
    pub step: Box<str>,
    /// `running`, `waiting`, `done`, `failed`
    pub state: Box<str>,
    /// How often it was begun.
    pub attempts: u32,
    /// When it was first begun.
    pub began: UnixMillis,
    /// What later steps know of it, as JSON.
    pub output: Box<str>,
}

/// A run as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowRun {
    /// The flow's name.
    pub name: Box<str>,
    /// `QUEUED`, `IN_PROGRESS`, `WAITING`, `COMPLETE`, `ERROR`, `CANCELLED`
    pub state: Box<str>,
    /// When it goes on, as it is stored.
    pub next_attempt: Box<str>,
    /// One of the reasons, if it failed.
    pub reason: Box<str>,
    /// More about it.
    pub error_message: Box<str>,
    /// In their order.
    pub steps: Vec<FlowRunStep>,
}

/// A step of a run as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowRunStep {
    /// Its name.
    pub name: Box<str>,
    /// `running`, `waiting`, `done`, `failed`
    pub state: Box<str>,
    /// How often it was begun.
    pub attempts: i64,
    /// Of an API's answer; 0 where there was none.
    pub status: i64,
    /// One of the reasons, if it failed.
    pub reason: Box<str>,
    /// More about it.
    pub detail: Box<str>,
}

/// What is noted of a step.
#[derive(Debug, Clone, Copy)]
pub struct StepNote<'a> {
    /// The key of the flow's step.
    pub step: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its order.
    pub order: i64,
    /// `running`, `waiting`, `done`, `failed`
    pub state: &'static str,
    /// How often it was begun.
    pub attempts: u32,
    /// One of the reasons, if it failed.
    pub reason: &'a str,
    /// More about it.
    pub detail: &'a str,
    /// Of an API's answer; 0 where there was none.
    pub status: u16,
    /// What later steps know of it, as JSON.
    pub output: &'a str,
}

/// What becomes of a run.
#[derive(Debug, Clone, Copy)]
pub enum RunEnd<'a> {
    /// It goes on with the next step.
    GoesOn,
    /// The step is tried again at this time.
    Waits(UnixMillis),
    /// All steps are done.
    Complete,
    /// A step has failed, or the run cannot begin: the reason, and more about it.
    Error(&'a str, &'a str),
}

const STEPS: &str = "sys_flow_context_step";

impl Store {
    /// Returns the steps of a run that were begun so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn run_steps(&self, run: &str) -> Result<Vec<RunStep>, StoreError> {
        let fields = ["step", "state", "attempts", "sys_created_on", "output"];
        let find = Find::By("context", Value::text(run));
        let rows = self
            .select(&self.dictionary(), STEPS, find, &fields)
            .await?;
        let step = |row: Row<'_>| RunStep {
            step: row.text(0).into(),
            state: row.text(1).into(),
            attempts: u32::try_from(row.int(2)).unwrap_or_default(),
            began: millis(row.text(3)).unwrap_or(UnixMillis(0)),
            output: row.text(4).into(),
        };
        Ok(rows.iter().map(step).collect())
    }

    /// Returns how far a run has come.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn flow_run(&self, run: &str) -> Result<Option<FlowRun>, StoreError> {
        let dictionary = self.dictionary();
        let fields = ["name", "state", "next_attempt", "reason", "error_message"];
        let find = Find::By("sys_id", Value::text(run));
        let rows = self
            .select(&dictionary, "sys_flow_context", find, &fields)
            .await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let fields = [
            "name",
            "state",
            "attempts",
            "response_status",
            "reason",
            "detail",
            "order",
        ];
        let find = Find::By("context", Value::text(run));
        let steps = self.select(&dictionary, STEPS, find, &fields).await?;
        let mut steps: Vec<Row<'_>> = steps.iter().collect();
        steps.sort_by_key(|step| step.int(6));
        let step = |step: Row<'_>| FlowRunStep {
            name: step.text(0).into(),
            state: step.text(1).into(),
            attempts: step.int(2),
            status: step.int(3),
            reason: step.text(4).into(),
            detail: step.text(5).into(),
        };
        Ok(Some(FlowRun {
            name: row.text(0).into(),
            state: row.text(1).into(),
            next_attempt: row.text(2).into(),
            reason: row.text(3).into(),
            error_message: row.text(4).into(),
            steps: steps.into_iter().map(step).collect(),
        }))
    }

    /// Notes what came of a step, and what becomes of the run.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when somebody else has taken the run up meanwhile.
    pub async fn note_step(
        &self,
        work: &Work,
        note: &StepNote<'_>,
        (end, now): (RunEnd<'_>, UnixMillis),
    ) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        self.push_end(work, (end, now), &mut batch);
        let is_first = note.attempts <= 1 && note.state == "running";
        batch.push(if is_first {
            self.first_note(work, note, now)?
        } else {
            self.next_note(work, note, now)
        });
        self.backend.apply(batch).await?;
        Ok(())
    }

    /// Notes what becomes of a run without a step.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when somebody else has taken the run up meanwhile.
    pub async fn end_run(
        &self,
        work: &Work,
        end: RunEnd<'_>,
        now: UnixMillis,
    ) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        self.push_end(work, (end, now), &mut batch);
        self.backend.apply(batch).await?;
        Ok(())
    }

    fn push_end(&self, work: &Work, (end, now): (RunEnd<'_>, UnixMillis), batch: &mut Batch) {
        let (fate, state, again, (reason, detail)) = match end {
            RunEnd::GoesOn => return push_fate(work, Fate::GoesOn, batch),
            RunEnd::Waits(due) => (Fate::PutOff(due), "WAITING", Some(due), ("", "")),
            RunEnd::Complete => (Fate::Over, "COMPLETE", None, ("", "")),
            RunEnd::Error(reason, detail) => (Fate::Over, "ERROR", None, (reason, detail)),
        };
        push_fate(work, fate, batch);
        let mut sql = String::from(
            "UPDATE sys_flow_context SET state = $1, next_attempt = $2, reason = $3, error_message = $4, \
             run_time = $5, sys_updated_on = $6, sys_mod_count = sys_mod_count + 1",
        );
        let mut values = vec![
            Value::text(state),
            again.map_or(Value::Null, date_time),
            text(reason),
            text(detail),
            Value::Int(now.since(work.began).max(0)),
            date_time(now),
        ];
        self.of_record(&work.id, &mut sql, &mut values);
        batch.push(Statement::new(sql, values));
    }

    /// What people see of a run that was taken up.
    pub(crate) fn show_run(&self, work: &Work, now: UnixMillis) -> Statement {
        let mut sql = String::from(
            "UPDATE sys_flow_context SET state = 'IN_PROGRESS', next_attempt = NULL, sys_updated_on = $1, \
             sys_mod_count = sys_mod_count + 1",
        );
        let mut values = vec![date_time(now)];
        self.of_record(&work.id, &mut sql, &mut values);
        Statement::new(sql, values)
    }

    fn first_note(
        &self,
        work: &Work,
        note: &StepNote<'_>,
        now: UnixMillis,
    ) -> Result<Statement, StoreError> {
        let order = note.order.to_string();
        let values = [
            ("context", &*work.id),
            ("step", note.step),
            ("name", note.name),
            ("order", &*order),
            ("state", note.state),
            ("attempts", "1"),
        ];
        self.system_row(STEPS, &values, derived_id(&work.id, note.step), now)
    }

    fn next_note(&self, work: &Work, note: &StepNote<'_>, now: UnixMillis) -> Statement {
        let mut sql = String::from(
            "UPDATE sys_flow_context_step SET state = $1, attempts = $2, reason = $3, detail = $4, \
             response_status = $5, output = $6, sys_updated_on = $7, sys_mod_count = sys_mod_count + 1",
        );
        let mut values = vec![
            Value::text(note.state),
            Value::Int(note.attempts.into()),
            text(note.reason),
            text(note.detail),
            Value::Int(note.status.into()),
            text(note.output),
            date_time(now),
        ];
        let key = derived_id(&work.id, note.step);
        self.of_record(key.as_str(), &mut sql, &mut values);
        Statement::new(sql, values)
    }
}

fn text(text: &str) -> Value {
    match text {
        "" => Value::Null,
        // PostgreSQL keeps no NUL.
        text => Value::Text(text.replace('\0', "\u{fffd}").into()),
    }
}
