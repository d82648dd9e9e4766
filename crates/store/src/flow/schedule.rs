//! Runs that begin when their time has come: the time is kept, and moved on in the batch that starts the run.

use std::collections::HashMap;

use snowglobe_oauth::{
    outbound::flow::{Schedule, Start},
    time::UnixMillis,
};
use snowglobe_records::{Value, write::Stamp};

use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    sql::{Batch, Rows, Statement},
};

/// When each is due next, and what it was when that was noted.
type Kept = HashMap<Box<str>, (Option<UnixMillis>, Box<str>)>;

impl Store {
    /// Starts the flows whose time has come, and notes the times of those that are new.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn keep_schedules(&self, now: UnixMillis) -> Result<(), ApplyError> {
        let flows = self.flows();
        if flows.schedules().is_empty() {
            return Ok(());
        }
        let kept = self.kept_schedules().await?;
        for schedule in flows.schedules() {
            let outcome = match kept.get(&schedule.sys_id) {
                Some((due, spec)) if **spec == *schedule.spec() => match due {
                    Some(due) if *due <= now => self.start_scheduled(schedule, *due, now).await,
                    _ => Ok(()),
                },
                _ => self.plan(schedule, now).await,
            };
            match outcome {
                // Another process was faster.
                Ok(()) | Err(ApplyError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn kept_schedules(&self) -> Result<Kept, StoreError> {
        let statement = Statement::new("SELECT id, due, spec FROM sg_schedule", []);
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let kept = rows.iter().flat_map(Rows::iter).map(|row| {
            let due = row.get(1).as_int().map(UnixMillis);
            (row.text(0).into(), (due, row.text(2).into()))
        });
        Ok(kept.collect())
    }

    /// Notes the first time of a schedule that is new or was changed.
    async fn plan(&self, schedule: &Schedule, now: UnixMillis) -> Result<(), ApplyError> {
        let statement = Statement::new(
            "INSERT INTO sg_schedule (id, due, spec) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE \
             SET due = excluded.due, spec = excluded.spec WHERE sg_schedule.spec <> excluded.spec",
            [
                Value::text(&schedule.sys_id),
                schedule
                    .first(now)
                    .map_or(Value::Null, |it| Value::Int(it.0)),
                Value::text(&schedule.spec()),
            ],
        );
        self.backend.apply(Batch::one(statement)).await?;
        Ok(())
    }

    async fn start_scheduled(
        &self,
        schedule: &Schedule,
        due: UnixMillis,
        now: UnixMillis,
    ) -> Result<(), ApplyError> {
        let next = schedule.next(due, now);
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(
            "UPDATE sg_schedule SET due = $1 WHERE id = $2 AND due = $3",
            [
                next.map_or(Value::Null, |it| Value::Int(it.0)),
                Value::text(&schedule.sys_id),
                Value::Int(due.0),
            ],
        ));
        let start = Start {
            flow: schedule.flow.clone(),
            operation: "schedule".into(),
            ..Start::default()
        };
        let stamp = Stamp {
            now: jiff::Timestamp::from_millisecond(now.0).unwrap_or_default(),
            user_name: "system",
            user_sys_id: None,
        };
        let dictionary = self.dictionary();
        self.push_run(&dictionary, (&schedule.name, &start), &stamp, &mut batch);
        self.backend.apply(batch).await?;
        self.work_bell.notify_one();
        Ok(())
    }
}
