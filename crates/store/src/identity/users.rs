//! A user as the flows need one: the account for grants, the caller for ACLs, zone and formats for display.

use std::sync::Arc;

use jiff::tz::TimeZone;
use snowglobe_oauth::{
    account::{Account, UserNo},
    lockout::{Lock, Standing},
    secret::SecretHash,
    time::UnixMillis,
    userinfo::Person,
};
use snowglobe_records::{
    SysId, Value,
    acl::Caller,
    dictionary::Kind,
    display::{Format, Pattern},
};

use super::roles::Membership;
use crate::{
    Store,
    backend::{Cost, StoreError},
    records::Find,
    sql::{Row, Rows, Statement},
};

/// A user.
#[derive(Debug)]
pub struct User {
    /// What grants ask about.
    pub account: Arc<Account>,
    /// What ACLs ask about.
    pub caller: Caller,
    /// How dates and times are shown to them.
    pub format: Format,
    /// How many wrong passwords there were lately.
    pub standing: Standing,
    /// What the user is called.
    pub name: Box<str>,
    /// Keys of the groups that the user is a member of.
    pub groups: Box<[Box<str>]>,
}

/// The columns that make a user.
const COLUMNS: [&str; 12] = [
    "sys_id",
    "user_name",
    "active",
    "locked_out",
    "web_service_access_only",
    "password_needs_reset",
    "user_password",
    "time_zone",
    "date_format",
    "time_format",
    "failed_attempts",
    "name",
];

impl Store {
    /// Returns the user of this name.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn user_by_name(&self, user_name: &str) -> Result<Option<Arc<User>>, StoreError> {
        // Nobody has no name, nor one that no database stores.
        if user_name.is_empty() || user_name.contains('\0') {
            return Ok(None);
        }
        if let Some(user) = self.users.by_name(user_name) {
            return Ok(Some(user));
        }
        Box::pin(self.load_user(Find::By("user_name", Value::text(user_name)))).await
    }

    /// Returns the users that an assertion may mean: those with this value in this field, the active ones where
    /// there are any. A field that is no text of `sys_user`, such as a password, finds nobody: `None`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn users_by_field(
        &self,
        field: &str,
        value: &str,
    ) -> Result<Option<Vec<Arc<User>>>, StoreError> {
        if field == "user_name" {
            let user = self.user_by_name(value).await?;
            return Ok(Some(user.into_iter().collect()));
        }
        let dictionary = self.dictionary();
        let column = dictionary.table("sys_user").and_then(|it| it.column(field));
        if !column.is_some_and(|column| matches!(column.kind, Kind::Text | Kind::Reference)) {
            return Ok(None);
        }
        if value.is_empty() || value.contains('\0') {
            return Ok(Some(Vec::new()));
        }
        let find = Find::By(field, Value::text(value));
        let rows = self
            .select(&dictionary, "sys_user", find, &["active"])
            .await?;
        let numbers = |active| {
            let of_kind = rows.iter().filter(move |row| (row.int(0) != 0) == active);
            of_kind
                .filter_map(|row| u32::try_from(row.int(1)).ok())
                .take(2)
        };
        let mut meant: Vec<u32> = numbers(true).collect();
        if meant.is_empty() {
            meant = numbers(false).collect();
        }
        let mut users = Vec::with_capacity(meant.len());
        for no in meant {
            users.extend(self.user_by_no(UserNo(no)).await?);
        }
        Ok(Some(users))
    }

    /// Returns the user with the number that tokens carry.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn user_by_no(&self, no: UserNo) -> Result<Option<Arc<User>>, StoreError> {
        if let Some(user) = self.users.by_no(no) {
            return Ok(Some(user));
        }
        Box::pin(self.load_user(Find::Row(no.0.into()))).await
    }

    /// Returns what a user's record has in a field, for the `sub` of tokens. A field that is none, or that holds a
    /// secret, is empty.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn user_field(
        &self,
        no: UserNo,
        field: &str,
    ) -> Result<Option<Box<str>>, StoreError> {
        let dictionary = self.dictionary();
        let column = dictionary.table("sys_user").and_then(|it| it.column(field));
        let Some(column) = column.filter(|column| !matches!(column.kind, Kind::Secret(_))) else {
            return Ok(None);
        };
        let find = Find::Row(no.0.into());
        let rows = self.select(&dictionary, "sys_user", find, &[field]).await?;
        Ok(rows.first().map(|row| {
            let mut text = String::new();
            column.kind.write(row.get(0), &mut text);
            text.into()
        }))
    }

    /// Returns what a user's record tells of the person.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn person(&self, no: UserNo) -> Result<Option<Person>, StoreError> {
        const FIELDS: [&str; 8] = [
            "name",
            "first_name",
            "middle_name",
            "last_name",
            "user_name",
            "email",
            "time_zone",
            "preferred_language",
        ];
        let dictionary = self.dictionary();
        let find = Find::Row(no.0.into());
        let rows = self.select(&dictionary, "sys_user", find, &FIELDS).await?;
        Ok(rows.first().map(|row| Person {
            name: row.text(0).into(),
            first_name: row.text(1).into(),
            middle_name: row.text(2).into(),
            last_name: row.text(3).into(),
            user_name: row.text(4).into(),
            email: row.text(5).into(),
            time_zone: row.text(6).into(),
            language: row.text(7).into(),
        }))
    }

    /// Returns the user whose record has this key.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn user_by_sys_id(&self, sys_id: &str) -> Result<Option<Arc<User>>, StoreError> {
        if SysId::parse(sys_id).is_err() {
            return Ok(None);
        }
        self.load_user(Find::By("sys_id", Value::text(sys_id)))
            .await
    }

    async fn load_user(&self, find: Find<'_>) -> Result<Option<Arc<User>>, StoreError> {
        // Taken before the read: what is read may be older than an invalidation that comes meanwhile.
        let epoch = self.users.epoch();
        let dictionary = self.dictionary();
        let rows = self.select(&dictionary, "sys_user", find, &COLUMNS).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let sys_id = SysId::parse(row.text(0)).map_err(|_| corrupt(row, "sys_id"))?;
        let no =
            UserNo(u32::try_from(row.int(COLUMNS.len())).map_err(|_| corrupt(row, "sys_row"))?);
        let Membership { roles, groups } = self.membership_of(&dictionary, row.text(0)).await?;
        let user = Arc::new(User {
            account: Arc::new(Account {
                no,
                sys_id: row.text(0).into(),
                user_name: row.text(1).into(),
                active: row.int(2) != 0,
                locked_out: row.int(3) != 0,
                web_service_access_only: row.int(4) != 0,
                password_needs_reset: row.int(5) != 0,
                password: row
                    .get(6)
                    .as_text()
                    .and_then(|text| SecretHash::parse(text).ok()),
                tokens_valid_from: self.tokens_valid_from(no).await?,
            }),
            caller: Caller::new(sys_id, row.text(1), roles),
            format: self.format(row.text(7), row.text(8), row.text(9)),
            standing: Standing {
                failed: u32::try_from(row.int(10)).unwrap_or(0),
                lock: self.lock_of(no, row.int(3) != 0).await?,
            },
            name: row.text(11).into(),
            groups,
        });
        self.users.insert(&user, epoch);
        Ok(Some(user))
    }

    /// A user's own zone and formats, or the instance's where the user has none (`rest-and-records.md` §4.2).
    fn format(&self, time_zone: &str, date: &str, time: &str) -> Format {
        let properties = self.properties();
        let or_instance = |own: &str, property: &str, default: &str| -> String {
            let instance = || {
                properties
                    .text(property)
                    .filter(|text| !text.is_empty())
                    .unwrap_or(default)
            };
            if own.is_empty() { instance() } else { own }.to_owned()
        };
        let zone = or_instance(time_zone, "glide.sys.default.tz", "UTC");
        let date = or_instance(date, "glide.sys.date_format", "yyyy-MM-dd");
        let time = or_instance(time, "glide.sys.time_format", "HH:mm:ss");
        Format {
            time_zone: TimeZone::get(&zone).unwrap_or(TimeZone::UTC),
            date_format: Pattern::parse(&date),
            time_format: Pattern::parse(&time),
        }
    }

    async fn lock_of(&self, no: UserNo, locked_out: bool) -> Result<Lock, StoreError> {
        if !locked_out {
            return Ok(Lock::Open);
        }
        let since = self.locked_by_guesses_since(no).await?;
        Ok(since.map_or(Lock::ByAdministrator, Lock::ByGuesses))
    }

    async fn tokens_valid_from(&self, no: UserNo) -> Result<UnixMillis, StoreError> {
        let statement = Statement::new(
            "SELECT valid_from FROM sg_user_tokens WHERE user_no = $1",
            [Value::Int(no.0.into())],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let first = rows.first().and_then(Rows::first);
        Ok(UnixMillis(first.map_or(0, |row| row.int(0))))
    }
}

fn corrupt(row: Row<'_>, column: &str) -> StoreError {
    StoreError::Corrupt {
        table: "sys_user".into(),
        row: row.text(0).into(),
        column: column.into(),
    }
}
