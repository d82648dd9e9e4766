//! What the instance does to records without a caller: handing out development secrets, `snowglobe admin`.

use jiff::Timestamp;
use snowglobe_oauth::{secret::Secret, time::UnixMillis};
use snowglobe_records::{
    SysId, Value,
    acl::{Permitted, Reason},
    dictionary::Kind,
    pack,
    write::{Draft, Mode, Origin, Stamp, insert},
};

use super::Find;
use crate::{
    Store, Topic,
    backend::{ApplyError, StoreError},
    commit::Commit,
    oauth::date_time,
    sql::{Batch, Statement},
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
        let fields = ["sys_id", "user_name", "user_password"];
        let rows = self
            .select(&self.dictionary(), "sys_user", Find::All, &fields)
            .await?;
        let holder = |row: crate::sql::Row<'_>| SecretHolder {
            key: SecretKey {
                table: "sys_user",
                element: "user_password",
                sys_id: row.text(0).into(),
            },
            name: row.text(1).into(),
            client_id: "".into(),
            has_secret: row.get(2).as_text().is_some(),
            is_public: false,
        };
        Ok(rows.iter().map(holder).collect())
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
        let holder = |row: crate::sql::Row<'_>| SecretHolder {
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
        let fields = ["sys_id", "name", "token"];
        let rows = self
            .select(&self.dictionary(), "api_key", Find::All, &fields)
            .await?;
        let holder = |row: crate::sql::Row<'_>| SecretHolder {
            key: SecretKey {
                table: "api_key",
                element: "token",
                sys_id: row.text(0).into(),
            },
            name: row.text(1).into(),
            client_id: "".into(),
            has_secret: row.get(2).as_text().is_some(),
            is_public: false,
        };
        Ok(rows.iter().map(holder).collect())
    }

    /// Returns every verifier map that rests on a shared key as its holder.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn shared_keys(&self) -> Result<Vec<SecretHolder>, StoreError> {
        let fields = ["sys_id", "name", "shared_key", "sys_certificate"];
        let rows = self
            .select(&self.dictionary(), "jwt_verifier_map", Find::All, &fields)
            .await?;
        let holder = |row: crate::sql::Row<'_>| SecretHolder {
            key: SecretKey {
                table: "jwt_verifier_map",
                element: "shared_key",
                sys_id: row.text(0).into(),
            },
            name: row.text(1).into(),
            client_id: "".into(),
            has_secret: row.get(2).as_text().is_some(),
            is_public: false,
        };
        let shared = rows.iter().filter(|row| row.text(3).is_empty());
        Ok(shared.map(holder).collect())
    }

    /// Returns what is kept of a secret that the instance itself has to use: sealed for its place.
    #[must_use]
    pub fn sealed(&self, key: &SecretKey, secret: &Secret, nonce: [u8; 24]) -> Option<Box<str>> {
        let sys_id = SysId::parse(&key.sys_id).ok()?;
        self.seal_at((key.table, key.element), sys_id, secret, nonce)
    }

    /// Returns the names of the roles a user was given, without those they contain.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn own_roles(&self, user_name: &str) -> Result<Vec<String>, StoreError> {
        let Some(user) = self.user_by_name(user_name).await? else {
            return Ok(Vec::new());
        };
        let find = Find::By("user", Value::text(&user.account.sys_id));
        let rows = self
            .select(
                &self.dictionary(),
                "sys_user_has_role",
                find,
                &["role.name"],
            )
            .await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }

    /// Returns the key of the record whose column has this value.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn find_id(
        &self,
        table: &str,
        element: &str,
        value: &str,
    ) -> Result<Option<Box<str>>, StoreError> {
        let find = Find::By(element, Value::text(value));
        let rows = self
            .select(&self.dictionary(), table, find, &["sys_id"])
            .await?;
        Ok(rows.first().map(|row| row.text(0).into()))
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
                [Value::Text(hash.clone()), updated, key],
            ));
        }
        let mut commit = Commit::of(batch);
        commit.touch(Topic::Users);
        commit.touch(Topic::Clients);
        commit.touch(Topic::ApiAccess);
        self.commit(commit).await
    }

    /// Switches the Global Blocking Policy off, and tells whether there is one: whoever it turned away cannot.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn lift_blocking_policy(&self, now: Timestamp) -> Result<bool, ApplyError> {
        const TABLE: &str = "sys_authentication_policy";
        let found = self
            .find_id(TABLE, "name", pack::GLOBAL_BLOCKING_POLICY)
            .await?;
        let Some(sys_id) = found else {
            return Ok(false);
        };
        let dialect = self.backend.dialect();
        let mut sql = format!("UPDATE {TABLE} SET active = $1, sys_updated_on = $2 WHERE ");
        dialect.push_comparable("sys_id", false, &mut sql);
        sql.push_str(" = $3");
        let updated = date_time(UnixMillis(now.as_millisecond()));
        let key = Value::Text(dialect.comparable(sys_id));
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(sql, [Value::Int(0), updated, key]));
        let mut commit = Commit::of(batch);
        commit.touch(Topic::ApiAccess);
        self.commit(commit).await?;
        Ok(true)
    }

    /// Makes a record without a caller; `secret` is the hash for one of its secret columns.
    ///
    /// # Errors
    /// [`ApplyError::Duplicate`] when a unique column has the value already.
    pub async fn create_as_system(
        &self,
        table: &str,
        values: &[(&str, &str)],
        secret: Option<(&str, Box<str>)>,
        now: Timestamp,
    ) -> Result<SysId, ApplyError> {
        let dictionary = self.dictionary();
        let missing = || StoreError::Driver(format!("the dictionary has no table {table}"));
        let table = dictionary.table(table).ok_or_else(missing)?;
        let mode = Mode {
            origin: Origin::System,
            ..Mode::default()
        };
        let draft = Draft::for_insert(&dictionary, table, values.iter().copied(), mode);
        let stamp = system(now);
        let sys_id = self.ids.record(UnixMillis(now.as_millisecond()));
        let mut insert =
            Permitted::as_system(insert::prepare(draft, sys_id, &stamp), Reason::CommandLine);
        if let Some((element, hash)) = secret {
            let column = table
                .column(element)
                .filter(|column| matches!(column.kind, Kind::Secret(_)));
            if let Some(column) = column {
                insert.keep_secret(std::sync::Arc::clone(column), hash);
            }
        }
        self.insert(&mut insert, &stamp).await?;
        Ok(sys_id)
    }
}

fn system(now: Timestamp) -> Stamp<'static> {
    Stamp {
        now,
        user_name: "system",
        user_sys_id: None,
    }
}
