//! What people have allowed applications: a record each (`oauth_consent`), theirs to delete.

use std::sync::Arc;

use snowglobe_oauth::{
    account::Account, authorize::EarlierConsent, client::Client, scope::Scope, time::UnixMillis,
};
use snowglobe_records::{SysId, Value, base::derived_id};

use super::date_time;
use crate::{
    Owner, Store,
    backend::{Cost, StoreError},
    sql::{Rows, Statement},
};

impl Store {
    /// Returns what a person allowed a client, if anything.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn consent(
        &self,
        client: &Client,
        user: &Account,
    ) -> Result<Option<EarlierConsent>, StoreError> {
        let sql = format!(
            "SELECT scope, session FROM oauth_consent WHERE {}",
            self.of_sys_id(1)
        );
        let statement = Statement::new(sql, [key(client, user).into()]);
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let row = rows.first().and_then(Rows::first);
        Ok(row.and_then(|row| {
            Some(EarlierConsent {
                scope: Scope::parse(row.text(0)).ok()?,
                session: row.text(1).into(),
            })
        }))
    }

    /// The statements that remember a consent: there is one record for each person and client.
    pub(super) fn remember_consent(
        &self,
        owner: Owner<'_>,
        consent: &EarlierConsent,
        now: UnixMillis,
    ) -> [Statement; 2] {
        let (client, user) = (owner.client, owner.user);
        let (id, at) = (Value::from(key(client, user)), date_time(now));
        let by = Value::text(&user.user_name);
        let insert = Statement::new(
            "INSERT INTO oauth_consent (sys_id, name, \"user\", oauth_entity, sys_created_on, sys_created_by, \
             sys_mod_count) VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING",
            [
                id.clone(),
                Value::text(&client.name),
                Value::text(&user.sys_id),
                Value::text(&client.sys_id),
                at.clone(),
                by.clone(),
            ],
        );
        let sql = format!(
            "UPDATE oauth_consent SET scope = $1, session = $2, sys_updated_on = $3, sys_updated_by = $4, \
             sys_mod_count = sys_mod_count + 1 WHERE {}",
            self.of_sys_id(5)
        );
        let update = Statement::new(
            sql,
            [
                Value::text(consent.scope.as_str()),
                Value::text(&consent.session),
                at,
                by,
                id,
            ],
        );
        [insert, update]
    }

    /// The condition that the index of `sys_id` answers.
    fn of_sys_id(&self, parameter: usize) -> Arc<str> {
        let mut column = String::new();
        let dialect = self.backend.dialect();
        dialect.push_comparable("sys_id", false, &mut column);
        format!("{column} = ${parameter}").into()
    }
}

/// The same for the same two, so that the record is found, and made once.
fn key(client: &Client, user: &Account) -> SysId {
    derived_id(
        "oauth_consent",
        &format!("{}{}", user.sys_id, client.sys_id),
    )
}
