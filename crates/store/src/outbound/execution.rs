//! REST messages that run while nobody waits: a record that people see, and the work behind it, in one batch.

use snowglobe_oauth::{secret::Secret, time::UnixMillis};
use snowglobe_records::{SysId, Value};

use crate::{
    Store,
    backend::{ApplyError, StoreError},
    oauth::date_time,
    records::Find,
    sql::{Batch, Statement},
    work::{Fate, Work, WorkKind, push_fate, push_work},
};

/// A call to be made.
#[derive(Debug)]
pub struct NewExecution<'a> {
    /// The keys of the message and its function.
    pub message: &'a str,
    /// Its function.
    pub function: &'a str,
    /// What people read.
    pub name: &'a str,
    /// The key of who asks for it.
    pub user: Option<&'a str>,
    /// All that is needed to make it, and the nonce that seals it.
    pub request: (&'a Secret, [u8; 24]),
}

/// What a call has come to so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// `queued`, `running`, `waiting`, `done`, `failed`
    pub state: Box<str>,
    /// The key of who asked for it.
    pub user: Box<str>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried again, as it is stored.
    pub next_attempt: Box<str>,
    /// What came of it.
    pub result: ExecutionResult,
}

/// What came of an attempt; what is empty did not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExecutionResult {
    /// One of the reasons, if it failed.
    pub reason: Box<str>,
    /// More about it.
    pub detail: Box<str>,
    /// 0 where no answer came.
    pub status: u16,
    /// One in a line.
    pub headers: Box<str>,
    /// The answer's body.
    pub body: Box<str>,
    /// In capitals.
    pub method: Box<str>,
    /// Where it was sent.
    pub endpoint: Box<str>,
}

const TABLE: &str = "sys_rest_execution";
const REQUEST: (&str, &str) = ("sg_work", "input");

impl Store {
    /// Takes a call on; it is on disk when this returns, and made as soon as may be.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn queue_execution(
        &self,
        new: &NewExecution<'_>,
        now: UnixMillis,
    ) -> Result<SysId, ApplyError> {
        let sys_id = self.ids.record(now);
        let (request, nonce) = new.request;
        let sealed = self.seal_at(REQUEST, sys_id, request, nonce);
        let sealed = sealed.ok_or_else(|| StoreError::Driver("a call cannot be sealed".into()))?;
        let values = [
            ("name", new.name),
            ("rest_message", new.message),
            ("rest_message_function", new.function),
            ("user", new.user.unwrap_or_default()),
            ("idempotency_key", sys_id.as_str()),
        ];
        let mut batch = Batch::one(self.system_row(TABLE, &values, sys_id, now)?);
        push_work((WorkKind::RestCall, sys_id), &sealed, now, &mut batch);
        self.backend.apply(batch).await?;
        self.work_bell.notify_one();
        Ok(sys_id)
    }

    /// Opens what a call starts from; `None` if it was sealed under another master key.
    #[must_use]
    pub fn execution_request(&self, work: &Work) -> Option<Secret> {
        let opened = self.open_secret(REQUEST, &work.id, &work.input)?;
        String::from_utf8(opened).ok().map(Secret::new)
    }

    /// Returns what a call has come to so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn execution(&self, sys_id: &str) -> Result<Option<Execution>, StoreError> {
        let fields = [
            "state",
            "user",
            "attempts",
            "next_attempt",
            "reason",
            "detail",
            "response_status",
            "response_headers",
            "response_body",
            "http_method",
            "endpoint",
        ];
        let find = Find::By("sys_id", Value::text(sys_id));
        let rows = self
            .select(&self.dictionary(), TABLE, find, &fields)
            .await?;
        Ok(rows.first().map(|row| Execution {
            state: row.text(0).into(),
            user: row.text(1).into(),
            attempts: row.int(2),
            next_attempt: row.text(3).into(),
            result: ExecutionResult {
                reason: row.text(4).into(),
                detail: row.text(5).into(),
                status: u16::try_from(row.int(6)).unwrap_or_default(),
                headers: row.text(7).into(),
                body: row.text(8).into(),
                method: row.text(9).into(),
                endpoint: row.text(10).into(),
            },
        }))
    }

    /// Notes what came of an attempt, and when there is another.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when somebody else has taken the call up meanwhile.
    pub async fn settle_execution(
        &self,
        work: &Work,
        (result, again): (&ExecutionResult, Option<UnixMillis>),
        now: UnixMillis,
    ) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        let fate = again.map_or(Fate::Over, Fate::PutOff);
        push_fate(work, fate, &mut batch);
        let state = match (again, &*result.reason) {
            (Some(_), _) => "waiting",
            (None, "") => "done",
            (None, _) => "failed",
        };
        let text = |text: &str| match text {
            "" => Value::Null,
            // PostgreSQL keeps no NUL.
            text => Value::Text(text.replace('\0', "\u{fffd}").into()),
        };
        let mut sql = String::from(
            "UPDATE sys_rest_execution SET state = $1, next_attempt = $2, reason = $3, detail = $4, \
             response_status = $5, response_headers = $6, response_body = $7, http_method = $8, \
             endpoint = $9, sys_updated_on = $10, sys_mod_count = sys_mod_count + 1",
        );
        let mut values = vec![
            Value::text(state),
            again.map_or(Value::Null, date_time),
            text(&result.reason),
            text(&result.detail),
            Value::Int(result.status.into()),
            text(&result.headers),
            text(&result.body),
            text(&result.method),
            text(&result.endpoint),
            date_time(now),
        ];
        self.of_record(&work.id, &mut sql, &mut values);
        batch.push(Statement::new(sql, values));
        self.backend.apply(batch).await?;
        Ok(())
    }

    /// What people see of a call that was taken up.
    pub(crate) fn show_running(&self, work: &Work, now: UnixMillis) -> Statement {
        let mut sql = String::from(
            "UPDATE sys_rest_execution SET state = 'running', attempts = $1, next_attempt = NULL, \
             sys_updated_on = $2, sys_mod_count = sys_mod_count + 1",
        );
        let mut values = vec![Value::Int(work.attempt.into()), date_time(now)];
        self.of_record(&work.id, &mut sql, &mut values);
        Statement::new(sql, values)
    }

    /// Ends a statement with the record that it is about.
    pub(crate) fn of_record(&self, sys_id: &str, sql: &mut String, values: &mut Vec<Value>) {
        let dialect = self.backend.dialect();
        values.push(Value::Text(dialect.comparable(sys_id)));
        sql.push_str(" WHERE ");
        dialect.push_comparable("sys_id", false, sql);
        // Writing to a String does not fail.
        let _ = std::fmt::Write::write_fmt(sql, format_args!(" = ${}", values.len()));
    }

    /// Removes a slice of what was logged, or ended, before a time; tells whether there may be more.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn sweep_calls(&self, before: UnixMillis) -> Result<bool, ApplyError> {
        const SLICE: u64 = 500;
        // The oldest rows come first in the order of their keys: no walk through the others.
        let oldest = |table: &str, more: &str| {
            let sql = format!(
                "DELETE FROM {table} WHERE sys_row IN (SELECT sys_row FROM {table} ORDER BY sys_row LIMIT {SLICE}) \
                 AND sys_created_on < $1{more}"
            );
            Statement::new(sql, [date_time(before)])
        };
        let mut batch = Batch::one(oldest("sys_outbound_http_log", ""));
        batch.push(oldest(TABLE, " AND state IN ('done', 'failed')"));
        batch.push(oldest(
            "sys_flow_context",
            " AND state IN ('COMPLETE', 'ERROR', 'CANCELLED')",
        ));
        batch.push(oldest("sys_flow_context_step", ""));
        let applied = self.backend.apply(batch).await?;
        Ok(applied.touched.iter().any(|touched| *touched >= SLICE))
    }
}
