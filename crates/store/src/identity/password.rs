//! A person's new password: with it everything ends that the old one began (security.md §2, 39).

use snowglobe_oauth::{account::Account, secret::SecretHash, time::UnixMillis};
use snowglobe_records::Value;

use crate::{
    Store, Topic,
    backend::ApplyError,
    commit::Commit,
    oauth::date_time,
    records::end_tokens,
    sql::{Batch, Statement},
};

impl Store {
    /// Gives a user a new password, and ends their sessions and tokens.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when the user is gone, or has another password than `user` says by now.
    pub async fn change_password(
        &self,
        user: &Account,
        password: &SecretHash,
        now: UnixMillis,
    ) -> Result<(), ApplyError> {
        let no = Value::Int(user.no.0.into());
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(
            "UPDATE sys_user SET user_password = $1, password_needs_reset = 0, sys_updated_on = $2, \
             sys_updated_by = $3, sys_mod_count = COALESCE(sys_mod_count, 0) + 1 \
             WHERE sys_row = $4 AND user_password IS NOT DISTINCT FROM $5",
            [
                Value::from(password.render()),
                date_time(now),
                Value::text(&user.user_name),
                no.clone(),
                user.password.as_ref().map(SecretHash::render).map_or(Value::Null, Value::from),
            ],
        ));
        batch.push(end_tokens(user.no, now));
        batch.push(Statement::new(
            "DELETE FROM sg_session WHERE user_no = $1",
            [no],
        ));
        let mut commit = Commit::of(batch);
        commit.touch(Topic::Users);
        self.commit(commit).await
    }
}
