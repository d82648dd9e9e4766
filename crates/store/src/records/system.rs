//! What the instance does to records without a caller: rows of its own, and `snowglobe admin`.

use jiff::Timestamp;
use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{
    SysId, Value,
    acl::{Permitted, Reason},
    dictionary::Kind,
    pack,
    write::{Draft, Insert, Mode, Origin, Stamp, insert},
};

use super::{Find, insert_row};
use crate::{
    Store, Topic,
    backend::{ApplyError, StoreError},
    commit::Commit,
    oauth::date_time,
    sql::{Batch, Statement},
};

impl Store {
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
        let sys_id = self.ids.record(UnixMillis(now.as_millisecond()));
        let prepared = self.prepared(table, values, sys_id, now)?;
        let mut insert = Permitted::as_system(prepared, Reason::CommandLine);
        if let Some((element, hash)) = secret {
            let column = insert.table.column(element).cloned();
            if let Some(column) = column.filter(|it| matches!(it.kind, Kind::Secret(_))) {
                insert.keep_secret(column, hash);
            }
        }
        self.insert(insert, &system(now)).await?;
        Ok(sys_id)
    }

    /// Returns the statement that makes a row of the instance's own: nobody wrote it, and it starts nothing.
    pub(crate) fn system_row(
        &self,
        table: &str,
        values: &[(&str, &str)],
        sys_id: SysId,
        now: UnixMillis,
    ) -> Result<Statement, StoreError> {
        let now = Timestamp::from_millisecond(now.0).unwrap_or_default();
        Ok(insert_row(self.prepared(table, values, sys_id, now)?))
    }

    fn prepared(
        &self,
        table: &str,
        values: &[(&str, &str)],
        sys_id: SysId,
        now: Timestamp,
    ) -> Result<Insert, StoreError> {
        let dictionary = self.dictionary();
        let missing = || StoreError::Driver(format!("the dictionary has no table {table}"));
        let table = dictionary.table(table).ok_or_else(missing)?;
        let mode = Mode {
            origin: Origin::System,
            ..Mode::default()
        };
        let draft = Draft::for_insert(&dictionary, table, values.iter().copied(), mode);
        Ok(insert::prepare(draft, sys_id, &system(now)))
    }
}

fn system(now: Timestamp) -> Stamp<'static> {
    Stamp {
        now,
        user_name: "system",
        user_sys_id: None,
    }
}
