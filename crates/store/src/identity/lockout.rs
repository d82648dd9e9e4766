//! Failed log-ins, where ServiceNow shows them: `failed_attempts` and `locked_out` of `sys_user`, and beside them
//! since when a lock lasts that guesses caused.

use snowglobe_oauth::{
    account::UserNo,
    lockout::{Lock, LockoutLimits, Standing},
    time::UnixMillis,
};
use snowglobe_records::Value;

use crate::{
    Store, Topic,
    backend::{ApplyError, Cost, StoreError},
    commit::Commit,
    oauth::date_time,
    sql::{Batch, Rows, Statement},
};

impl Store {
    /// Puts a user's new standing in the place of the one it was decided on.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when it is another by now: read the user again and decide again.
    pub async fn put_standing(
        &self,
        user: UserNo,
        seen: Standing,
        new: Standing,
    ) -> Result<(), ApplyError> {
        let no = Value::Int(user.0.into());
        let flag = |it: Standing| Value::Int(it.is_locked().into());
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(
            "UPDATE sys_user SET failed_attempts = $1, locked_out = $2 WHERE sys_row = $3 \
             AND COALESCE(failed_attempts, 0) = $4 AND COALESCE(locked_out, 0) = $5",
            [
                Value::Int(new.failed.into()),
                flag(new),
                no.clone(),
                Value::Int(seen.failed.into()),
                flag(seen),
            ],
        ));
        batch.push(match new.lock {
            Lock::ByGuesses(since) => Statement::new(
                "INSERT INTO sg_lockout (user_no, locked_at) VALUES ($1, $2) \
                 ON CONFLICT (user_no) DO UPDATE SET locked_at = excluded.locked_at",
                [no, Value::Int(since.0)],
            ),
            Lock::Open | Lock::ByAdministrator => {
                Statement::new("DELETE FROM sg_lockout WHERE user_no = $1", [no])
            }
        });
        let applied = self.commit_users(batch).await;
        if matches!(applied, Err(ApplyError::Conflict)) {
            // What was read may have been in memory only.
            self.users.clear();
        }
        applied
    }

    /// Counts a failure at a name that nobody has, or at an account that does not count: it takes as long as one
    /// that does, so that the time tells nobody which names exist (security.md §2, 51).
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn count_failure_of_nobody(&self) -> Result<(), ApplyError> {
        let one_more = Statement::new(
            "INSERT INTO sg_meta (key, value) VALUES ($1, '1') ON CONFLICT (key) DO UPDATE \
             SET value = CAST(CAST(sg_meta.value AS BIGINT) + 1 AS TEXT)",
            [Value::text("failures of nobody")],
        );
        self.commit_users(Batch::one(one_more)).await
    }

    /// Unlocks everybody whose time is over; returns how many.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn unlock_rested(
        &self,
        limits: LockoutLimits,
        now: UnixMillis,
    ) -> Result<u64, ApplyError> {
        let Some(since) = limits.standing_since(now) else {
            return Ok(0);
        };
        let rested = "SELECT user_no FROM sg_lockout WHERE locked_at <= $1";
        let since = Value::Int(since.0);
        let found = Statement::new(rested, [since.clone()]);
        let rows = self.backend.read(Cost::Scan, &[found]).await?;
        let count = rows.first().map_or(0, |rows| rows.iter().count());
        if count == 0 {
            return Ok(0);
        }
        let mut batch = Batch::default();
        batch.push(Statement::new(
            format!("UPDATE sys_user SET failed_attempts = 0, locked_out = 0 WHERE sys_row IN ({rested})"),
            [since.clone()],
        ));
        batch.push(Statement::new(
            "DELETE FROM sg_lockout WHERE locked_at <= $1",
            [since],
        ));
        self.commit_users(batch).await?;
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// Notes that a user logged in (`last_login_time` and `last_login`); a crash may swallow it.
    pub fn note_login(&self, user: UserNo, now: UnixMillis) {
        let time = date_time(now);
        let date = time.as_ref().as_text().and_then(|text| text.get(..10));
        let date = date.map(Value::text).unwrap_or_default();
        // No system column: it is no edit of the record, and nothing that is kept in memory shows it.
        let noted = self.backend.write_behind(Batch::one(Statement::new(
            "UPDATE sys_user SET last_login_time = $1, last_login = $2 WHERE sys_row = $3",
            [time.clone(), date, Value::Int(user.0.into())],
        )));
        if noted.is_err() {
            tracing::warn!("the time of a log-in is not noted now");
        }
    }

    pub(super) async fn locked_by_guesses_since(
        &self,
        user: UserNo,
    ) -> Result<Option<UnixMillis>, StoreError> {
        let statement = Statement::new(
            "SELECT locked_at FROM sg_lockout WHERE user_no = $1",
            [Value::Int(user.0.into())],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let first = rows.first().and_then(Rows::first);
        Ok(first.map(|row| UnixMillis(row.int(0))))
    }

    async fn commit_users(&self, batch: Batch) -> Result<(), ApplyError> {
        let mut commit = Commit::of(batch);
        commit.touch(Topic::Users);
        self.commit(commit).await
    }
}
