//! Writing records: a permitted write becomes one batch, guarded by the state it was decided on.

use std::{fmt::Write as _, sync::Arc};

use snowglobe_oauth::{account::UserNo, time::UnixMillis};
use snowglobe_records::{
    Table, Value,
    acl::Permitted,
    write::{Insert, Stamp, Update},
};

use super::{Find, insert_text};
use crate::{
    Store, Topic,
    backend::{ApplyError, StoreError},
    commit::Commit,
    outbound::push_consequences,
    sql::{Batch, Dialect, Statement, push_quoted, push_table, row_key},
};

impl Store {
    /// Draws the number that a row waits for, and names the row, so that it is as it will be stored.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn complete(&self, insert: &mut Permitted<Insert>) -> Result<(), ApplyError> {
        if let Some(numbering) = &insert.needs_number {
            let dictionary = self.dictionary();
            let number = self.draw_number(&dictionary, &numbering.format).await?;
            insert.assign_number(number);
        }
        insert.assign_names();
        Ok(())
    }

    /// Inserts a row, with its journal entries. Completes it first, if nobody did.
    ///
    /// # Errors
    /// [`ApplyError::Duplicate`] when a unique column has the value already.
    pub async fn insert(
        &self,
        mut insert: Permitted<Insert>,
        stamp: &Stamp<'_>,
    ) -> Result<(), ApplyError> {
        self.complete(&mut insert).await?;
        let dictionary = self.dictionary();
        let mut beside = Batch::default();
        self.push_journal(
            &dictionary,
            &insert.table,
            insert.sys_id,
            &insert.journal,
            stamp,
            &mut beside,
        );
        push_consequences(&dictionary, &insert, (&self.ids, stamp), &mut beside);
        let of = (&*insert.table, insert.sys_id, "created");
        self.push_runs(&dictionary, &insert.fired, of, stamp, &mut beside);
        if *insert.table.root() == *"sys_metadata" {
            // Boxed: few need it, and its state would make the future of every insert larger.
            Box::pin(self.follow_insert(&dictionary, &insert, stamp, &mut beside)).await?;
        }
        let (commit, starts) = row_and(insert.into_inner(), beside);
        self.commit_and_start(commit, starts).await
    }

    /// Applies a batch, and wakes whoever carries out the runs that came with it, if any did.
    pub(super) async fn commit_and_start(
        &self,
        commit: Commit,
        starts: bool,
    ) -> Result<(), ApplyError> {
        self.commit(commit).await?;
        if starts {
            self.work_bell.notify_one();
        }
        Ok(())
    }

    /// Updates a row if it is still as it was read, with its journal entries and its trace in `sys_audit`.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when somebody else changed the row meanwhile.
    pub async fn update(
        &self,
        update: &Permitted<Update>,
        stamp: &Stamp<'_>,
    ) -> Result<(), ApplyError> {
        let dictionary = self.dictionary();
        let mut batch = Batch::default();
        batch.push_guarded(update_row(update, self.backend.dialect()));
        self.push_journal(
            &dictionary,
            &update.table,
            update.sys_id,
            &update.journal,
            stamp,
            &mut batch,
        );
        self.push_audit(&dictionary, update, stamp, &mut batch);
        if ends_tokens(update) {
            self.push_end_of_tokens(update, stamp, &mut batch).await?;
        }
        if changes_user(update, "locked_out") {
            push_new_lock(update.sys_id, self.backend.dialect(), &mut batch);
        }
        if update.customer_update.is_some() {
            Box::pin(self.follow_update(&dictionary, update, stamp, &mut batch)).await?;
        }
        let of = (&*update.table, update.sys_id, "updated");
        self.push_runs(&dictionary, &update.fired, of, stamp, &mut batch);
        let commit = touching(&update.table, batch);
        let starts = !update.fired.flows.is_empty();
        self.commit_and_start(commit, starts).await
    }

    /// A new password ends every token that the old one got (security.md §2, 39).
    async fn push_end_of_tokens(
        &self,
        update: &Update,
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        let find = Find::By("sys_id", Value::from(update.sys_id));
        let rows = self
            .select(&self.dictionary(), "sys_user", find, &[])
            .await?;
        let no = rows.first().and_then(|row| u32::try_from(row.int(0)).ok());
        if let Some(no) = no {
            let now = UnixMillis(stamp.now.as_millisecond());
            batch.push(end_tokens(UserNo(no), self.ids().after_all_tokens(now)));
        }
        Ok(())
    }
}

/// Ends the tokens a user has at this moment. A clock that was set back gives none of them back.
pub(crate) fn end_tokens(user: UserNo, now: UnixMillis) -> Statement {
    Statement::new(
        "INSERT INTO sg_user_tokens (user_no, valid_from) VALUES ($1, $2) \
         ON CONFLICT (user_no) DO UPDATE SET valid_from = excluded.valid_from \
         WHERE excluded.valid_from > sg_user_tokens.valid_from",
        [Value::Int(user.0.into()), Value::Int(now.0)],
    )
}

fn ends_tokens(update: &Update) -> bool {
    changes_user(update, "user_password")
}

fn changes_user(update: &Update, element: &str) -> bool {
    let is_user = update.table.root() == "sys_user";
    is_user
        && update
            .changes
            .iter()
            .any(|(column, _)| column.element == element)
}

/// Whoever locks or unlocks by hand has the last word: earlier guesses count no more, and no lock ends by itself.
fn push_new_lock(user: snowglobe_records::SysId, dialect: Dialect, batch: &mut Batch) {
    let mut of_user = String::new();
    dialect.push_comparable("sys_id", false, &mut of_user);
    of_user.push_str(" = $1");
    for sql in [
        format!("UPDATE sys_user SET failed_attempts = 0 WHERE {of_user}"),
        format!(
            "DELETE FROM sg_lockout WHERE user_no IN (SELECT sys_row FROM sys_user WHERE {of_user})"
        ),
    ] {
        batch.push(Statement::new(sql, [key(user, dialect)]));
    }
}

pub(super) fn touching(table: &Table, batch: Batch) -> Commit {
    let mut commit = Commit::of(batch);
    for topic in Topic::of_table(table) {
        commit.touch(topic);
    }
    commit
}

/// Returns the commit of a new row and of what comes with it, and whether that starts a flow. The row's values are
/// in the commit alone from here on: who waits for the disk holds nothing else.
fn row_and(insert: Insert, beside: Batch) -> (Commit, bool) {
    let table = Arc::clone(&insert.table);
    let starts = !insert.fired.flows.is_empty();
    let mut batch = Batch::one(insert_row(insert));
    batch.append(beside);
    let mut commit = touching(&table, batch);
    if table.root() == "sys_user" {
        // A client may have been waiting for its application user.
        commit.touch(Topic::Clients);
    }
    (commit, starts)
}

/// Inserts the columns that hold something; rows alike share one prepared statement.
pub(crate) fn insert_row(mut insert: Insert) -> Statement {
    insert.values.retain(|(_, value)| *value != Value::Null);
    let columns = insert.values.iter().map(|(column, _)| column);
    let sql = insert_text::of(insert.table.root(), columns);
    let values = insert.values.into_iter().map(|(_, value)| value);
    Statement::new(sql, values.collect::<Vec<_>>())
}

pub(super) fn update_row(update: &Update, dialect: Dialect) -> Statement {
    let mut sql = String::from("UPDATE ");
    push_table(update.table.root(), &mut sql);
    let mut joint = " SET ";
    let mut params = Vec::with_capacity(update.changes.len() + 2);
    for (column, value) in &update.changes {
        sql.push_str(joint);
        push_quoted(&column.storage, &mut sql);
        params.push(value.clone());
        let _ = write!(sql, " = ${}", params.len());
        joint = ", ";
    }
    if update.changes.is_empty() {
        // Only a journal entry, or a secret that is kept elsewhere: the guard still has to hold.
        sql.push_str(" SET sys_mod_count = sys_mod_count");
    }
    push_state(
        &update.table,
        update.sys_id,
        Some(update.expected_mod_count),
        dialect,
        &mut sql,
        &mut params,
    );
    Statement::new(sql, params)
}

/// Names the row in the state that the decision was made on.
pub(super) fn push_state(
    table: &Table,
    sys_id: snowglobe_records::SysId,
    mod_count: Option<i64>,
    dialect: Dialect,
    sql: &mut String,
    params: &mut Vec<Value>,
) {
    sql.push_str(" WHERE ");
    push_key(table, sys_id, dialect, sql, params);
    if let Some(mod_count) = mod_count {
        params.push(Value::Int(mod_count));
        // A row that was planted without a count has none.
        let _ = write!(sql, " AND COALESCE(sys_mod_count, 0) = ${}", params.len());
    }
}

fn push_key(
    table: &Table,
    sys_id: snowglobe_records::SysId,
    dialect: Dialect,
    sql: &mut String,
    params: &mut Vec<Value>,
) {
    let spelt = table
        .column("sys_id")
        .filter(|column| row_key::is_spelt_by(column));
    if let Some(row) = spelt.and_then(|_| row_key::of(sys_id.as_str())) {
        sql.push_str("sys_row");
        params.push(Value::Int(row));
    } else {
        dialect.push_comparable("sys_id", false, sql);
        params.push(key(sys_id, dialect));
    }
    let _ = write!(sql, " = ${}", params.len());
}

pub(super) fn key(sys_id: snowglobe_records::SysId, dialect: Dialect) -> Value {
    Value::Text(dialect.comparable(sys_id.as_str()))
}
