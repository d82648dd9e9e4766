//! Browser sessions, as rows that every node reads at each request: what one ends is ended everywhere at once.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use snowglobe_oauth::{
    account::UserNo, login::Proof, secret::Secret, session::SessionTimes, time::UnixMillis,
};
use snowglobe_records::Value;

use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    sql::{Batch, Rows, Statement},
};

/// A session as it is stored; whether it still stands is a question of
/// [`SessionTimes::check`](snowglobe_oauth::session::SessionTimes::check).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredSession {
    /// Whose it is.
    pub user: UserNo,
    /// When it began and was last used.
    pub times: SessionTimes,
    /// What its log-in proved.
    pub proof: Proof,
}

impl Store {
    /// Returns the session of a cookie's value.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn session(&self, cookie: &Secret) -> Result<Option<StoredSession>, StoreError> {
        let statement = Statement::new(
            "SELECT user_no, authenticated_at, seen_at, amr FROM sg_session WHERE hash = $1",
            [hash(cookie)],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let row = rows.first().and_then(Rows::first);
        Ok(row.and_then(|row| {
            Some(StoredSession {
                user: UserNo(u32::try_from(row.int(0)).ok()?),
                times: SessionTimes {
                    authenticated_at: UnixMillis(row.int(1)),
                    seen_at: UnixMillis(row.int(2)),
                },
                proof: Proof::parse(row.text(3)),
            })
        }))
    }

    /// Begins a session and ends the one it takes the place of, if there is one.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn begin_session(
        &self,
        cookie: &Secret,
        (user, proof): (UserNo, Proof),
        now: UnixMillis,
        in_place_of: Option<&Secret>,
    ) -> Result<(), ApplyError> {
        let mut batch = Batch::default();
        if let Some(old) = in_place_of {
            batch.push(end(old));
        }
        batch.push(Statement::new(
            "INSERT INTO sg_session (hash, user_no, authenticated_at, seen_at, amr) VALUES ($1, $2, $3, $4, $5)",
            [
                hash(cookie),
                Value::Int(user.0.into()),
                Value::Int(now.0),
                Value::Int(now.0),
                Value::text(proof.text()),
            ],
        ));
        self.backend.apply(batch).await?;
        Ok(())
    }

    /// Notes that a session was used; a crash may swallow it.
    pub fn session_used(&self, cookie: &Secret, now: UnixMillis) {
        let noted = self.backend.write_behind(Batch::one(Statement::new(
            "UPDATE sg_session SET seen_at = $1 WHERE hash = $2",
            [Value::Int(now.0), hash(cookie)],
        )));
        if noted.is_err() {
            tracing::warn!("the use of a session is not noted now");
        }
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails: then it may still stand.
    pub async fn end_session(&self, cookie: &Secret) -> Result<(), ApplyError> {
        self.backend.apply(Batch::one(end(cookie))).await?;
        Ok(())
    }

    /// Ends every session of a user.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails: then they may still stand.
    pub async fn end_sessions(&self, user: UserNo) -> Result<(), ApplyError> {
        let all = Statement::new(
            "DELETE FROM sg_session WHERE user_no = $1",
            [Value::Int(user.0.into())],
        );
        self.backend.apply(Batch::one(all)).await?;
        Ok(())
    }

    /// Removes a slice of the sessions not used since `used_since`; returns whether there may be more.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn sweep_sessions(&self, used_since: UnixMillis) -> Result<bool, ApplyError> {
        const SLICE: i64 = 500;
        let idle = Statement::new(
            "DELETE FROM sg_session WHERE hash IN (SELECT hash FROM sg_session WHERE seen_at < $1 LIMIT $2)",
            [Value::Int(used_since.0), Value::Int(SLICE)],
        );
        let applied = self.backend.apply(Batch::one(idle)).await?;
        let full = SLICE.unsigned_abs();
        Ok(applied.touched.iter().any(|touched| *touched >= full))
    }
}

fn end(cookie: &Secret) -> Statement {
    Statement::new("DELETE FROM sg_session WHERE hash = $1", [hash(cookie)])
}

fn hash(cookie: &Secret) -> Value {
    Value::text(&session_key(cookie))
}

/// Returns the key of a session's row. The cookie's value has 256 random bits: one SHA-256 keeps it.
#[must_use]
pub fn session_key(cookie: &Secret) -> Box<str> {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(cookie.expose()) {
        let _ = write!(text, "{byte:02x}");
    }
    text.into()
}
