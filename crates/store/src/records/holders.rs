//! Who holds a secret: people, clients, API keys and shared keys, for whoever hands secrets out.

use jiff::Timestamp;
use snowglobe_oauth::{secret::Secret, time::UnixMillis};
use snowglobe_records::{SysId, Value};

use super::Find;
use crate::{
    Store, Topic,
    backend::{ApplyError, StoreError},
    commit::Commit,
    oauth::date_time,
    sql::{Batch, Row, Statement},
};

/// A record that has, or may be given, a secret.
#[derive(Debug, Clone)]
pub struct SecretHolder {
    /// Where the secret goes.
    pub key: SecretKey,
    /// The user's, client's or key's name.
    pub name: Box<str>,
    /// The `client_id`; empty for others.
    pub client_id: Box<str>,
    /// It has one already.
    pub has_secret: bool,
    /// A public client: it can keep none.
    pub is_public: bool,
}

/// The place of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretKey {
    table: &'static str,
    element: &'static str,
    sys_id: Box<str>,
}

impl Store {
    /// Returns every user as a holder of a password.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn sign_ins(&self) -> Result<Vec<SecretHolder>, StoreError> {
        self.holders("sys_user", ["user_name", "user_password"], None)
            .await
    }

    /// Returns every client of the registry as a holder of a secret, in the order of their making.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn registered_clients(&self) -> Result<Vec<SecretHolder>, StoreError> {
        let fields = [
            "sys_id",
            "name",
            "client_id",
            "client_secret",
            "public_client",
            "type",
        ];
        let rows = self
            .select(&self.dictionary(), "oauth_entity", Find::All, &fields)
            .await?;
        let holder = |row: Row<'_>| SecretHolder {
            key: SecretKey {
                table: "oauth_entity",
                element: "client_secret",
                sys_id: row.text(0).into(),
            },
            name: row.text(1).into(),
            client_id: row.text(2).into(),
            has_secret: row.get(3).as_text().is_some(),
            is_public: row.int(4) != 0,
        };
        Ok(rows
            .iter()
            .filter(|row| row.text(5) == "client")
            .map(holder)
            .collect())
    }

    /// Returns every API key as a holder of a secret.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn api_keys(&self) -> Result<Vec<SecretHolder>, StoreError> {
        self.holders("api_key", ["name", "token"], None).await
    }

    /// Returns every verifier map that rests on a shared key as its holder.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn shared_keys(&self) -> Result<Vec<SecretHolder>, StoreError> {
        let certificate = Some("sys_certificate");
        self.holders("jwt_verifier_map", ["name", "shared_key"], certificate)
            .await
    }

    /// Returns the records of a table, by the columns of their names and of their secrets; not those that have something
    /// in the place of a secret.
    async fn holders(
        &self,
        table: &'static str,
        [name, element]: [&'static str; 2],
        in_its_place: Option<&str>,
    ) -> Result<Vec<SecretHolder>, StoreError> {
        let mut fields = vec!["sys_id", name, element];
        fields.extend(in_its_place);
        let rows = self
            .select(&self.dictionary(), table, Find::All, &fields)
            .await?;
        let holder = |row: Row<'_>| SecretHolder {
            key: SecretKey {
                table,
                element,
                sys_id: row.text(0).into(),
            },
            name: row.text(1).into(),
            client_id: "".into(),
            has_secret: row.get(2).as_text().is_some(),
            is_public: false,
        };
        let holds = |row: &Row<'_>| in_its_place.is_none() || row.text(3).is_empty();
        Ok(rows.iter().filter(holds).map(holder).collect())
    }

    /// Returns what is kept of a secret that the instance itself has to use: sealed for its place.
    #[must_use]
    pub fn sealed(&self, key: &SecretKey, secret: &Secret, nonce: [u8; 24]) -> Option<Box<str>> {
        let sys_id = SysId::parse(&key.sys_id).ok()?;
        self.seal_at((key.table, key.element), sys_id, secret, nonce)
    }

    /// Stores the hashes of secrets, all or none.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn set_secrets(
        &self,
        secrets: &[(SecretKey, Box<str>)],
        now: Timestamp,
    ) -> Result<(), ApplyError> {
        let dialect = self.backend.dialect();
        let mut batch = Batch::default();
        for (
            SecretKey {
                table,
                element,
                sys_id,
            },
            hash,
        ) in secrets
        {
            let mut sql = format!("UPDATE {table} SET {element} = $1, sys_updated_on = $2 WHERE ");
            dialect.push_comparable("sys_id", false, &mut sql);
            sql.push_str(" = $3");
            let key = Value::Text(dialect.comparable(sys_id.clone()));
            let updated = date_time(UnixMillis(now.as_millisecond()));
            batch.push_guarded(Statement::new(
                sql,
                [Value::Text(hash.as_ref().into()), updated, key],
            ));
        }
        let mut commit = Commit::of(batch);
        commit.touch(Topic::Users);
        commit.touch(Topic::Clients);
        commit.touch(Topic::ApiAccess);
        self.commit(commit).await
    }
}
