//! What applications may do in a person's name, and taking it back (`inbound-oauth.md` §4.2, *My Connected Apps*).

use snowglobe_oauth::{
    account::Account,
    change::Change,
    time::{UnixMillis, UnixSeconds},
    token::TokenId,
};
use snowglobe_records::Value;

use super::{changes::date_time, current::seconds};
use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    sql::{Batch, Rows, Statement},
};

/// A token of a person that still opens something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedToken {
    /// The `sys_id` of the client it was issued to.
    pub client: Box<str>,
    /// The client's name when it was issued.
    pub name: Box<str>,
    /// What it may be used for.
    pub scope: Box<str>,
    /// When it was issued; a date-time in UTC.
    pub since: Box<str>,
    /// When it ends; a date-time in UTC.
    pub expires: Box<str>,
    id: TokenId,
    family: Option<TokenId>,
    is_refresh: bool,
}

/// What a person allowed an application, whether it uses it or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The `sys_id` of the client.
    pub client: Box<str>,
    /// The client's name when it was allowed.
    pub name: Box<str>,
    /// What it may do.
    pub scope: Box<str>,
    /// Since when; a date-time in UTC.
    pub since: Box<str>,
}

impl Store {
    /// Returns what a person has allowed applications, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn connections(&self, user: &Account) -> Result<Vec<Connection>, StoreError> {
        let dialect = self.backend.dialect();
        let mut sql = String::from(
            "SELECT oauth_entity, name, scope, sys_created_on FROM oauth_consent WHERE ",
        );
        dialect.push_comparable("\"user\"", false, &mut sql);
        sql.push_str(" = $1 AND oauth_entity IS NOT NULL ORDER BY sys_row");
        let owner = Value::Text(dialect.comparable(user.sys_id.clone()));
        let statement = Statement::new(sql, [owner]);
        let rows = self.backend.read(Cost::Scan, &[statement]).await?;
        let rows = rows.iter().flat_map(Rows::iter);
        Ok(rows
            .map(|row| Connection {
                client: row.text(0).into(),
                name: row.text(1).into(),
                scope: row.text(2).into(),
                since: row.text(3).into(),
            })
            .collect())
    }

    /// Returns a person's tokens that are alive, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn connected_tokens(
        &self,
        user: &Account,
        now: UnixMillis,
    ) -> Result<Vec<ConnectedToken>, StoreError> {
        self.enter_tokens().await?;
        let dialect = self.backend.dialect();
        let mut sql = String::from(
            "SELECT peer, name, scope, type, sys_row, family, sys_created_on, expires FROM oauth_credential WHERE ",
        );
        dialect.push_comparable("\"user\"", false, &mut sql);
        sql.push_str(" = $1 AND ");
        dialect.push_comparable("expires", false, &mut sql);
        sql.push_str(" > $2 AND revoked_at IS NULL AND peer IS NOT NULL ORDER BY sys_row");
        let owner = Value::Text(dialect.comparable(user.sys_id.clone()));
        let statement = Statement::new(sql, [owner, date_time(now)]);
        let rows = self.backend.read(Cost::Scan, &[statement]).await?;
        let rows = rows.iter().flat_map(Rows::iter);
        let tokens = rows.filter_map(|row| {
            Some(ConnectedToken {
                client: row.text(0).into(),
                name: row.text(1).into(),
                scope: row.text(2).into(),
                since: row.text(6).into(),
                expires: row.text(7).into(),
                id: TokenId::from_i64(row.int(4))?,
                family: row.get(5).as_int().and_then(TokenId::from_i64),
                is_refresh: row.text(3) == "refresh_token",
            })
        });
        // What another process revoked a moment ago, or with its family.
        let alive = |token: &ConnectedToken| {
            !self.is_revoked_id(token.id)
                && !token
                    .family
                    .is_some_and(|family| self.is_revoked_id(family))
                && user.honours(token.family.unwrap_or(token.id)).is_ok()
        };
        Ok(tokens.filter(alive).collect())
    }

    /// Ends every token that a person gave a client, and forgets that they allowed it anything.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails: then they may still live.
    pub async fn disconnect(
        &self,
        user: &Account,
        client: &str,
        now: UnixMillis,
    ) -> Result<(), ApplyError> {
        // First: a token that is asked for meanwhile finds no consent.
        self.forget_consent(user, client).await?;
        let tokens = self.connected_tokens(user, now).await?;
        let of_client = tokens.iter().filter(|token| &*token.client == client);
        let mut changes: Vec<Change> = Vec::new();
        for token in of_client {
            let change = token.end(self.lifespan_of(client), now);
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        self.apply_changes(&changes, None, now).await
    }

    async fn forget_consent(&self, user: &Account, client: &str) -> Result<(), ApplyError> {
        let dialect = self.backend.dialect();
        let mut sql = String::from("DELETE FROM oauth_consent WHERE ");
        dialect.push_comparable("\"user\"", false, &mut sql);
        sql.push_str(" = $1 AND ");
        dialect.push_comparable("oauth_entity", false, &mut sql);
        sql.push_str(" = $2");
        let key = |text: &str| Value::Text(dialect.comparable(text));
        let forget = Statement::new(sql, [key(&user.sys_id), key(client)]);
        self.backend.apply(Batch::one(forget)).await?;
        Ok(())
    }

    /// Seconds that a token made at this moment may still live; long where the client is gone.
    fn lifespan_of(&self, client: &str) -> u32 {
        let clients = self.clients();
        let found = clients.by_sys_id(client);
        found.map_or(u32::MAX, |client| {
            client
                .refresh_token_lifespan
                .saturating_add(client.access_token_lifespan)
        })
    }
}

impl ConnectedToken {
    fn end(&self, lifespan: u32, now: UnixMillis) -> Change {
        let last = seconds(&self.expires).unwrap_or(UnixSeconds(u32::MAX));
        let family = if self.is_refresh {
            Some(self.id)
        } else {
            self.family
        };
        match family {
            Some(id) => Change::RevokeFamily {
                id,
                forget_after: last.max(now.after(lifespan)),
            },
            None => Change::RevokeToken {
                id: self.id,
                forget_after: last,
            },
        }
    }
}
