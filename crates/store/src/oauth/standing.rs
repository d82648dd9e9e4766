//! Tokens as their rows have them: what Manage Tokens shows and takes away (`inbound-oauth.md` §4.2).

use std::{collections::HashSet, fmt::Write as _};

use snowglobe_oauth::{
    time::{UnixMillis, UnixSeconds},
    token::TokenId,
};
use snowglobe_records::Value;

use super::changes::{date_time, revoke};
use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    commit::Commit,
    outbound::{Forgotten, push_forgetting},
    records::Find,
    sql::{Dialect, Row, Rows, Statement},
};

/// A token's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// The key of the record.
    pub sys_id: Box<str>,
    /// The token.
    pub id: TokenId,
    /// The refresh token that it came from; of a refresh token, itself.
    pub family: Option<TokenId>,
    /// `yyyy-MM-dd HH:mm:ss`, UTC: when it ends, or was revoked.
    pub expires: Box<str>,
    /// The key of the client's record.
    pub client: Box<str>,
    /// The key of the user's record.
    pub user: Box<str>,
    /// Another provider issued it, to this instance.
    pub is_received: bool,
}

const FIELDS: [&str; 7] = [
    "sys_id",
    "type",
    "expires",
    "family",
    "peer",
    "user",
    "token_received",
];

impl Store {
    /// Returns the tokens that these records stand for; others are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn token_rows(&self, sys_ids: &[&str]) -> Result<Vec<TokenRow>, StoreError> {
        if sys_ids.is_empty() {
            return Ok(Vec::new());
        }
        self.enter_tokens().await?;
        let keys = sys_ids.iter().copied().map(Value::text).collect();
        let find = Find::Among("sys_id", keys);
        let rows = self
            .select(&self.dictionary(), "oauth_credential", find, &FIELDS)
            .await?;
        Ok(rows.iter().filter_map(token).collect())
    }

    /// Ends the token that a row stands for and everything that came from the same refresh token; of another provider's,
    /// all that is held of the grant, and the provider is told. On disk, and in force on this node, when this returns.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails: then nothing has ended.
    pub async fn revoke_token_row(
        &self,
        token: &TokenRow,
        now: UnixMillis,
    ) -> Result<(), ApplyError> {
        let mut commit = Commit::default();
        if token.is_received {
            let all = Forgotten::Token(token.id.as_i64());
            push_forgetting(all, now, self.backend.dialect(), &mut commit.batch);
        }
        revoke(token.id, FOR_GOOD, now, &mut commit);
        if let Some(family) = token.family.filter(|family| *family != token.id) {
            revoke(family, FOR_GOOD, now, &mut commit);
        }
        self.commit(commit).await
    }

    /// Ends every living token of a client and returns how many rows that were. Rows that are still on their way
    /// are waited for.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails: then some may have ended.
    pub async fn revoke_tokens_of_client(
        &self,
        client: &str,
        now: UnixMillis,
    ) -> Result<usize, ApplyError> {
        self.enter_tokens().await?;
        let living = living_tokens(client, now, self.backend.dialect());
        let answers = self.backend.read(Cost::Scan, &[living]).await?;
        let rows: Vec<Row<'_>> = answers.iter().flat_map(Rows::iter).collect();
        // Whatever came from a refresh token ends with it.
        let cells = rows.iter().flat_map(|row| [row.int(0), row.int(1)]);
        let ids: HashSet<TokenId> = cells.filter_map(TokenId::from_i64).collect();
        let ids: Vec<TokenId> = ids.into_iter().collect();
        for some in ids.chunks(AT_ONCE) {
            let mut commit = Commit::default();
            for id in some {
                revoke(*id, FOR_GOOD, now, &mut commit);
            }
            self.commit(commit).await?;
        }
        Ok(rows.len())
    }
}

/// Longer than any token lives: what a row says may be older than a rotation.
const FOR_GOOD: UnixSeconds = UnixSeconds(u32::MAX);

/// Tokens that are ended in one batch.
const AT_ONCE: usize = 500;

fn living_tokens(client: &str, now: UnixMillis, dialect: Dialect) -> Statement {
    let mut sql = String::from("SELECT sys_row, family FROM oauth_credential WHERE ");
    dialect.push_comparable("peer", false, &mut sql);
    let _ = write!(sql, " = $1 AND expires > $2 AND revoked_at IS NULL");
    let client = Value::Text(dialect.comparable(client));
    Statement::new(sql, [client, date_time(now)])
}

fn token(row: Row<'_>) -> Option<TokenRow> {
    let id = TokenId::from_i64(row.int(FIELDS.len()))?;
    let family = match row.text(1) {
        "refresh_token" => Some(id),
        _ => row.get(3).as_int().and_then(TokenId::from_i64),
    };
    Some(TokenRow {
        sys_id: row.text(0).into(),
        id,
        family,
        expires: row.text(2).into(),
        client: row.text(4).into(),
        user: row.text(5).into(),
        is_received: row.get(6).as_text().is_some(),
    })
}
