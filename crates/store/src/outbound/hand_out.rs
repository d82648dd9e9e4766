//! Who took a token away, and when: one row for each attempt.

use snowglobe_oauth::{account::Account, time::UnixMillis};

use crate::{Store, backend::ApplyError};

impl Store {
    /// Notes that somebody took a token of an alias, or why they got none. It is on disk when this returns.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails: nothing may be handed out then.
    pub async fn note_hand_out(
        &self,
        alias: &str,
        to: &Account,
        (requestor, refused): (&str, &str),
        now: UnixMillis,
    ) -> Result<(), ApplyError> {
        let values = [
            ("alias", alias),
            ("user", &*to.sys_id),
            ("requestor", requestor),
            ("refused", refused),
        ];
        let now = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
        self.create_as_system("sys_alias_hand_out", &values, None, now)
            .await?;
        Ok(())
    }
}
