//! Tokens of other providers that nobody here uses any more: their provider is told (RFC 7009), even if this process does
//! not live to do it.

use snowglobe_oauth::{secret::Secret, time::UnixMillis};
use snowglobe_records::{SysId, Value};

use super::grant::{HeldGrant, TOKEN};
use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    oauth::date_time,
    sql::{Batch, Dialect, Row, Rows, Statement},
};

/// A token whose provider is to be told.
#[derive(Debug)]
pub struct Farewell {
    row: i64,
    next_try: i64,
    /// The key of the provider's record.
    pub provider: Box<str>,
    /// `access_token` or `refresh_token`
    pub kind: Box<str>,
    /// The token; none where it was sealed under another master key.
    pub token: Option<Secret>,
    /// How often the provider was tried.
    pub tries: u32,
}

/// Whose tokens are forgotten.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Forgotten {
    /// Those of one grant, by the key of the record that people see.
    Grant(SysId),
    /// Those of every grant of a credential or message, by its key.
    Requestor(SysId),
    /// Those of the grant that has this token's row; the rows stay, revoked, as a record of what was.
    Token(i64),
    /// This token alone, by its row.
    Row(i64),
}

/// Adds to a batch that tokens are forgotten, and their provider told.
pub(crate) fn push_forgetting(
    forgotten: Forgotten,
    now: UnixMillis,
    dialect: Dialect,
    batch: &mut Batch,
) {
    let (which, value) = match forgotten {
        Forgotten::Grant(id) => ("id = $1", Value::from(id)),
        Forgotten::Requestor(id) => ("requestor = $1", Value::from(id)),
        Forgotten::Token(row) => ("access_row = $1 OR refresh_row = $1", Value::Int(row)),
        Forgotten::Row(row) => ("", Value::Int(row)),
    };
    let of_grants = |column: &str| format!("SELECT {column} FROM sg_grant WHERE {which}");
    let rows = match forgotten {
        Forgotten::Row(_) => "$1".to_owned(),
        _ => format!(
            "{} UNION {}",
            of_grants("access_row"),
            of_grants("refresh_row")
        ),
    };
    let mut push = |sql: String| batch.push(Statement::new(sql, [value.clone()]));
    push(format!(
        "INSERT INTO sg_farewell (token_row, token_key, provider, kind, sealed, tries, next_try) \
         SELECT sys_row, sys_id, peer, type, token_received, 0, 0 FROM oauth_credential \
         WHERE sys_row IN ({rows}) AND token_received IS NOT NULL AND peer IS NOT NULL ON CONFLICT DO NOTHING"
    ));
    match forgotten {
        Forgotten::Row(_) => {}
        Forgotten::Token(_) => batch.push(Statement::new(
            format!(
                "UPDATE oauth_credential SET revoked_at = $1, expires = $1 WHERE sys_row IN ({})",
                rows.replace("$1", "$2")
            ),
            [date_time(now), value],
        )),
        Forgotten::Grant(_) | Forgotten::Requestor(_) => {
            push(format!(
                "DELETE FROM oauth_credential WHERE sys_row IN ({rows})"
            ));
            push(format!(
                "DELETE FROM sg_alert WHERE grant_id IN ({})",
                of_grants("id")
            ));
            push(format!("DELETE FROM sg_grant WHERE {which}"));
        }
    }
    if let Forgotten::Requestor(id) = forgotten {
        let mut shown = String::from("DELETE FROM oauth_requestor_profile WHERE ");
        dialect.push_comparable("requestor_id", false, &mut shown);
        shown.push_str(" = $1");
        let id = Value::Text(dialect.comparable(id.as_str()));
        batch.push(Statement::new(shown, [id]));
    }
}

impl Store {
    /// Forgets the tokens of a grant, as deleting the record that people see of it does; their provider is told.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn forget_grant(&self, grant: &HeldGrant, now: UnixMillis) -> Result<(), ApplyError> {
        let Ok(id) = SysId::parse(&grant.id) else {
            return Ok(());
        };
        let mut batch = Batch::default();
        push_forgetting(
            Forgotten::Grant(id),
            now,
            self.backend.dialect(),
            &mut batch,
        );
        let mut shown = String::from("DELETE FROM oauth_requestor_profile");
        let mut values = Vec::new();
        self.of_record(&grant.id, &mut shown, &mut values);
        batch.push(Statement::new(shown, values));
        self.backend.apply(batch).await?;
        Ok(())
    }

    /// Returns the tokens whose providers are to be told now.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn farewells(&self, machine: UnixMillis) -> Result<Vec<Farewell>, StoreError> {
        // RFC 7009 §2.1: the end of a refresh token ends what came from it, so it goes first.
        let read = Statement::new(
            "SELECT token_row, token_key, provider, kind, sealed, tries, next_try FROM sg_farewell \
             WHERE next_try <= $1 ORDER BY kind DESC, token_row LIMIT 100",
            [Value::Int(machine.0)],
        );
        let rows = self.backend.read(Cost::Scan, &[read]).await?;
        let farewell = |row: Row<'_>| {
            let opened = self.open_secret(TOKEN, row.text(1), row.text(4));
            Farewell {
                row: row.int(0),
                next_try: row.int(6),
                provider: row.text(2).into(),
                kind: row.text(3).into(),
                token: opened.and_then(|it| String::from_utf8(it).ok().map(Secret::new)),
                tries: u32::try_from(row.int(5)).unwrap_or(u32::MAX),
            }
        };
        Ok(rows.iter().flat_map(Rows::iter).map(farewell).collect())
    }

    /// Takes one to tell its provider, so that no other process does before `until`; `false` if another was faster.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn take_farewell(
        &self,
        farewell: &Farewell,
        until: UnixMillis,
    ) -> Result<bool, ApplyError> {
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(
            "UPDATE sg_farewell SET next_try = $1, tries = tries + 1 WHERE token_row = $2 AND next_try = $3",
            [
                Value::Int(until.0),
                Value::Int(farewell.row),
                Value::Int(farewell.next_try),
            ],
        ));
        match self.backend.apply(batch).await {
            Ok(_) => Ok(true),
            Err(ApplyError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Forgets the token for good.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn end_farewell(&self, farewell: &Farewell) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        batch.push(Statement::new(
            "DELETE FROM sg_farewell WHERE token_row = $1",
            [Value::Int(farewell.row)],
        ));
        self.backend.apply(batch).await?;
        Ok(())
    }
}
