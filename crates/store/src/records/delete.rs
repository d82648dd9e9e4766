//! Deleting records: a permitted deletion becomes one batch, with what cannot be without the row.

use snowglobe_oauth::{
    time::{UnixMillis, UnixSeconds},
    token::TokenId,
};
use snowglobe_records::{
    Dictionary, SysId, Value,
    acl::Permitted,
    write::{Delete, Stamp},
};

use super::{
    Find,
    attachments::{delete_attachments, delete_pieces},
    write::{key, push_state, touching},
};
use crate::{
    Store,
    backend::{ApplyError, StoreError},
    commit::Commit,
    oauth::revoke,
    outbound::{Forgotten, push_forgetting},
    sql::{Batch, Dialect, Statement, push_quoted, push_table},
    work::push_cancellation,
};

/// What dies with its whole: the whole, its part, and the part's column that names the whole. Whoever may delete the
/// whole deletes them, as *Delete* in a reference's cascade rule does.
const PARTS: &[(&str, &str, &str)] = &[
    (
        "sys_rest_message",
        "sys_rest_message_headers",
        "rest_message",
    ),
    ("sys_rest_message", "sys_rest_message_fn", "rest_message"),
    (
        "sys_rest_message_fn",
        "sys_rest_message_fn_headers",
        "rest_message_function",
    ),
    (
        "sys_rest_message_fn",
        "sys_rest_message_fn_param_defs",
        "rest_message_function",
    ),
    (
        "sys_rest_message_fn",
        "sys_rest_message_fn_parameters",
        "rest_message_function",
    ),
    ("sys_hub_flow", "sys_hub_trigger_instance", "flow"),
    ("sys_hub_flow", "sys_hub_action_instance", "flow"),
    ("sys_flow_context", "sys_flow_context_step", "context"),
    (
        "oauth_entity_profile",
        "oauth_entity_profile_scope",
        "oauth_entity_profile",
    ),
    ("jwt_provider", "jwt_claim_validation", "jwt_provider"),
    ("sys_alias", "sys_alias_access", "alias"),
    // What gives roles must not outlive who had them, nor wait for another with the same key.
    ("sys_user", "sys_user_has_role", "user"),
    ("sys_user", "sys_user_grmember", "user"),
    ("sys_user_group", "sys_user_grmember", "group"),
    ("sys_user_group", "sys_group_has_role", "group"),
    ("sys_user_role", "sys_user_has_role", "role"),
    ("sys_user_role", "sys_group_has_role", "role"),
    ("sys_user_role", "sys_user_role_contains", "role"),
    ("sys_user_role", "sys_user_role_contains", "contains"),
    ("cmdb", "cmdb_rel_ci", "parent"),
    ("cmdb", "cmdb_rel_ci", "child"),
];

impl Store {
    /// Deletes a row, its journal, and the rows that are parts of it. A token's row takes the token with it.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when somebody else changed or deleted the row meanwhile.
    pub async fn delete(
        &self,
        delete: &Permitted<Delete>,
        stamp: &Stamp<'_>,
    ) -> Result<(), ApplyError> {
        // A token that has no row yet finds out by number whose it is.
        if matches!(delete.table.root().as_str(), "sys_user" | "oauth_entity") {
            Box::pin(self.enter_tokens()).await?;
        }
        let dialect = self.backend.dialect();
        let mut commit = touching(&delete.table, Batch::default());
        let dictionary = self.dictionary();
        let family = std::iter::once(delete.table.name()).chain(delete.table.ancestors());
        for whole in family {
            push_parts(
                &dictionary,
                (whole.as_str(), delete.sys_id),
                dialect,
                &mut commit.batch,
            );
        }
        if delete.table.name() == "oauth_credential" {
            self.push_revocation(delete, stamp, &mut commit).await?;
        }
        // A credential may be deleted as one of any kind.
        let forgotten = match delete.table.root().as_str() {
            "oauth_requestor_profile" => Some(Forgotten::Grant(delete.sys_id)),
            "discovery_credentials" | "sys_rest_message" => {
                Some(Forgotten::Requestor(delete.sys_id))
            }
            _ => None,
        };
        if let Some(forgotten) = forgotten {
            let now = UnixMillis(stamp.now.as_millisecond());
            push_forgetting(forgotten, now, dialect, &mut commit.batch);
        }
        if matches!(
            delete.table.name().as_str(),
            "sys_rest_execution" | "sys_flow_context"
        ) {
            push_cancellation(delete.sys_id, &mut commit.batch);
        }
        commit.batch.push_guarded(delete_row(delete, dialect));
        self.push_deleted(&dictionary, delete, stamp, &mut commit.batch);
        if delete.customer_update.is_some() {
            Box::pin(self.follow_delete(&dictionary, delete, stamp, &mut commit.batch)).await?;
        }
        let mut journal = String::from("DELETE FROM sys_journal_field WHERE ");
        dialect.push_comparable("element_id", false, &mut journal);
        journal.push_str(" = $1");
        let journal = Statement::new(journal, [key(delete.sys_id, dialect)]);
        commit.batch.push(journal);
        if delete.table.name() == "sys_attachment" {
            commit.batch.push(delete_pieces(delete.sys_id, dialect));
        }
        delete_attachments(delete.sys_id, dialect, &mut commit.batch);
        let of = (&*delete.table, delete.sys_id, "deleted");
        self.push_runs(&dictionary, &delete.fired, of, stamp, &mut commit.batch);
        let starts = !delete.fired.flows.is_empty();
        self.commit_and_start(commit, starts).await
    }

    /// A token proves itself without its row, so deleting the row has to revoke it.
    async fn push_revocation(
        &self,
        delete: &Delete,
        stamp: &Stamp<'_>,
        commit: &mut Commit,
    ) -> Result<(), StoreError> {
        let find = Find::By("sys_id", Value::from(delete.sys_id));
        let rows = self
            .select(&self.dictionary(), "oauth_credential", find, &[])
            .await?;
        if let Some(id) = rows.first().and_then(|row| TokenId::from_i64(row.int(0))) {
            // Longer than any token lives: what the row says may be older than a rotation.
            let expires = UnixSeconds(u32::MAX);
            let now = UnixMillis(stamp.now.as_millisecond());
            let row = Forgotten::Row(id.as_i64());
            push_forgetting(row, now, self.backend.dialect(), &mut commit.batch);
            revoke(id, expires, now, commit);
        }
        Ok(())
    }
}

fn delete_row(delete: &Delete, dialect: Dialect) -> Statement {
    let mut sql = String::from("DELETE FROM ");
    push_table(delete.table.root(), &mut sql);
    let mut params = Vec::new();
    push_state(
        &delete.table,
        delete.sys_id,
        delete.expected_mod_count,
        dialect,
        &mut sql,
        &mut params,
    );
    Statement::new(sql, params)
}

/// Adds the deletion of a row's parts, and of theirs before them.
fn push_parts(
    dictionary: &Dictionary,
    (whole, sys_id): (&str, SysId),
    dialect: Dialect,
    batch: &mut Batch,
) {
    push_parts_of(
        dictionary,
        whole,
        "$1",
        &mut |sql| {
            batch.push(Statement::new(sql, [key(sys_id, dialect)]));
        },
        dialect,
    );
}

/// `which` are the keys of the wholes.
fn push_parts_of(
    dictionary: &Dictionary,
    whole: &str,
    which: &str,
    push: &mut dyn FnMut(String),
    dialect: Dialect,
) {
    for (_, part, element) in PARTS.iter().filter(|(it, ..)| *it == whole) {
        let Some(rows) = of_whole(dictionary, (part, element), which, dialect) else {
            continue;
        };
        let mut keys = String::from("SELECT ");
        dialect.push_comparable("sys_id", false, &mut keys);
        push_parts_of(dictionary, part, &format!("{keys}{rows}"), push, dialect);
        push(format!("DELETE{rows}"));
    }
}

/// The rows of a part: from ` FROM` on.
fn of_whole(
    dictionary: &Dictionary,
    (part, element): (&str, &str),
    which: &str,
    dialect: Dialect,
) -> Option<String> {
    let table = dictionary.table(part)?;
    let mut column = String::new();
    push_quoted(&table.column(element)?.storage, &mut column);
    let mut sql = String::from(" FROM ");
    push_table(table.root(), &mut sql);
    sql.push_str(" WHERE ");
    dialect.push_comparable(&column, false, &mut sql);
    sql.push_str(" IN (");
    sql.push_str(which);
    sql.push(')');
    Some(sql)
}
