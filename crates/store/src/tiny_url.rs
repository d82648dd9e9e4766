//! Long queries by short tokens (`rest-and-records.md` §1.8).

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::Value;

use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    sql::{Batch, Rows, Statement},
};

/// Milliseconds for which a query is kept after it was last asked for a token.
const KEPT: i64 = 30 * 24 * 60 * 60 * 1000;

impl Store {
    /// Keeps a query, and returns its token.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn keep_tiny_url(&self, query: &str, now: UnixMillis) -> Result<String, ApplyError> {
        let token = token(query);
        let mut batch = Batch::one(Statement::new(
            "INSERT INTO sg_tiny_url (token, query, kept_at) VALUES ($1, $2, $3) \
             ON CONFLICT (token) DO UPDATE SET kept_at = excluded.kept_at",
            [Value::text(&token), Value::text(query), Value::Int(now.0)],
        ));
        batch.push(Statement::new(
            "DELETE FROM sg_tiny_url WHERE kept_at < $1",
            [Value::Int(now.0.saturating_sub(KEPT))],
        ));
        self.backend.apply(batch).await?;
        Ok(token)
    }

    /// Returns the query of a token.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn tiny_url(&self, token: &str) -> Result<Option<Box<str>>, StoreError> {
        let statement = Statement::new(
            "SELECT query FROM sg_tiny_url WHERE token = $1",
            [Value::text(token)],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        Ok(rows
            .first()
            .and_then(Rows::first)
            .map(|row| row.text(0).into()))
    }
}

/// 32 hex digits, like a key: who does not know the query cannot guess it.
fn token(query: &str) -> String {
    let mut token = String::with_capacity(32);
    for byte in Sha256::digest(query).iter().take(16) {
        let _ = write!(token, "{byte:02x}"); // writing to a String cannot fail
    }
    token
}
