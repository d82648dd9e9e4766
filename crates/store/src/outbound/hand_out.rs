//! Who took a token away, and when: one row for each attempt.

use snowglobe_oauth::{account::Account, time::UnixMillis};

use crate::{Store, backend::ApplyError};

/// An attempt to take a token.
#[derive(Debug, Clone, Copy)]
pub struct HandOut<'a> {
    /// The key of the alias.
    pub alias: &'a str,
    /// In whose name.
    pub to: &'a Account,
    /// Whoever runs the instance asked in their name.
    pub by_operator: bool,
    /// The record whose token it is; empty where it did not come to that.
    pub requestor: &'a str,
    /// One of the reasons; empty where a token was given.
    pub refused: &'a str,
}

impl Store {
    /// Notes that somebody took a token of an alias, or why they got none. It is on disk when this returns.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails: nothing may be handed out then.
    pub async fn note_hand_out(
        &self,
        hand_out: HandOut<'_>,
        now: UnixMillis,
    ) -> Result<(), ApplyError> {
        let by_operator = if hand_out.by_operator {
            "true"
        } else {
            "false"
        };
        let values = [
            ("alias", hand_out.alias),
            ("user", &*hand_out.to.sys_id),
            ("by_operator", by_operator),
            ("requestor", hand_out.requestor),
            ("refused", hand_out.refused),
        ];
        let now = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
        self.create_as_system("sys_alias_hand_out", &values, None, now)
            .await?;
        Ok(())
    }
}
