//! API keys, from their records to what a request is held against (`inbound-oauth.md` §5.5).

use std::collections::HashMap;

use snowglobe_oauth::{
    account::UserNo,
    api_key::{ApiKey, ApiKeys},
    time::{UnixMillis, UnixSeconds},
};
use snowglobe_records::{Dictionary, Value};

use super::current::seconds;
use crate::{
    Store,
    backend::StoreError,
    records::Find,
    sql::{Row, Rows},
};

const COLUMNS: [&str; 6] = ["token", "name", "active", "user", "auth_scope", "expires"];

impl Store {
    pub(super) async fn load_api_keys(
        &self,
        dictionary: &Dictionary,
    ) -> Result<ApiKeys, StoreError> {
        let rows = self
            .select(dictionary, "api_key", Find::All, &COLUMNS)
            .await?;
        let users = self.load_key_users(dictionary, &rows).await?;
        let key = |row: Row<'_>| {
            let key = ApiKey {
                name: row.text(1).into(),
                active: row.int(2) != 0,
                user: users.get(row.text(3)).copied(),
                auth_scope: row.get(4).as_text().map(Into::into),
                // A date that cannot be read must not become "never".
                expires: row
                    .get(5)
                    .as_text()
                    .map(|text| seconds(text).map_or(UnixMillis(0), UnixSeconds::millis)),
            };
            Some((row.get(0).as_text()?.into(), key))
        };
        Ok(ApiKeys::new(rows.iter().filter_map(key)))
    }

    /// The numbers of the users that the keys act as.
    async fn load_key_users(
        &self,
        dictionary: &Dictionary,
        keys: &Rows,
    ) -> Result<HashMap<Box<str>, UserNo>, StoreError> {
        let named: Vec<Value> = keys
            .iter()
            .filter_map(|row| row.get(3).as_text())
            .map(Value::text)
            .collect();
        if named.is_empty() {
            return Ok(HashMap::new());
        }
        let find = Find::Among("sys_id", named);
        let rows = self
            .select(dictionary, "sys_user", find, &["sys_id"])
            .await?;
        let number = |row: Row<'_>| {
            let no = u32::try_from(row.int(1)).ok()?;
            Some((row.text(0).into(), UserNo(no)))
        };
        Ok(rows.iter().filter_map(number).collect())
    }
}
