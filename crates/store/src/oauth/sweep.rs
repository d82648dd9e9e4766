//! Dead tokens and revocations leave the database, a small slice at a time: no long lock, and a table of dead
//! tokens does not grow for ever.

use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::Value;

use super::{changes::date_time, notes::sweep_notes};
use crate::{
    Store,
    backend::ApplyError,
    sql::{Batch, Statement},
};

/// Rows of one slice: some milliseconds.
const SLICE: i64 = 500;

impl Store {
    /// Removes a slice of the tokens that expired before `kept_since`, and of the revocations and used assertions
    /// that nobody needs any more; returns whether there may be more.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn sweep(&self, kept_since: UnixMillis, now: UnixMillis) -> Result<bool, ApplyError> {
        let _turn = self.notes.turn.lock().await;
        let mut batch = Batch::one(sweep_notes(kept_since, SLICE));
        // When another provider's refresh token ends is a guess (`outbound-oauth.md` §7.4): those stay.
        let mut expires = String::new();
        self.backend
            .dialect()
            .push_comparable("expires", false, &mut expires);
        batch.push(Statement::new(
            format!(
                "DELETE FROM oauth_credential WHERE sys_row IN \
                 (SELECT sys_row FROM oauth_credential WHERE {expires} < $1 AND token_received IS NULL LIMIT $2)"
            ),
            [date_time(kept_since), Value::Int(SLICE)],
        ));
        batch.push(Statement::new(
            "DELETE FROM sg_revocation WHERE token_id IN \
             (SELECT token_id FROM sg_revocation WHERE expires < $1 LIMIT $2)",
            [Value::Int(now.seconds().0.into()), Value::Int(SLICE)],
        ));
        batch.push(Statement::new(
            "DELETE FROM sg_assertion WHERE digest IN \
             (SELECT digest FROM sg_assertion WHERE expires < $1 LIMIT $2)",
            [Value::Int(now.seconds().0.into()), Value::Int(SLICE)],
        ));
        for statement in spent(now) {
            batch.push(statement);
        }
        let applied = self.backend.apply(batch).await?;
        self.revocations.forget_before(now);
        let full = SLICE.unsigned_abs();
        Ok(applied.touched.iter().any(|touched| *touched >= full))
    }
}

/// Codes a day after their end and that of what they gave, so that a late second use is still noticed and a logout finds
/// them, and forms that are too old.
fn spent(now: UnixMillis) -> [Statement; 3] {
    const DAY: u32 = 24 * 60 * 60;
    let now = now.seconds().0;
    let yesterday = now.saturating_sub(DAY);
    let dead = [
        ("sg_code", yesterday),
        ("sg_device", yesterday),
        ("sg_ticket", now),
    ];
    dead.map(|(table, before)| {
        let dead = format!("SELECT id FROM {table} WHERE expires < $1 LIMIT $2");
        let params = [Value::Int(before.into()), Value::Int(SLICE)];
        Statement::new(format!("DELETE FROM {table} WHERE id IN ({dead})"), params)
    })
}
