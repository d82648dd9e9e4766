//! The update sets' side of a change to an application file: its next version, and its place in the update set that
//! whoever writes works in.

use snowglobe_records::{
    Dictionary, SysId, Value,
    write::{CustomerUpdate, Draft, Mode, Origin, Stamp, update},
};

use super::{Find, write::update_row};
use crate::{
    Store,
    backend::StoreError,
    sql::{Batch, Statement},
};

const SET: &str = "sys_update_set";
const PLACE: &str = "sys_update_xml";
const VERSION: &str = "sys_update_version";

impl Store {
    /// Adds what a change of an application file leaves.
    pub(super) async fn push_customer_update(
        &self,
        dictionary: &Dictionary,
        update: &CustomerUpdate,
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        let set = self.update_set_of(dictionary, update, stamp).await?;
        // Versions are sorted by it: the more digits of time, the later.
        let recorded_at = format!("{:x}0000001", stamp.now.as_millisecond());
        self.push_version(dictionary, update, (&set, &recorded_at), stamp, batch);
        self.push_place(dictionary, update, (&set, &recorded_at), stamp, batch)
            .await
    }

    fn push_version(
        &self,
        dictionary: &Dictionary,
        update: &CustomerUpdate,
        (set, recorded_at): (&str, &str),
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) {
        let dialect = self.backend.dialect();
        let mut earlier = format!("UPDATE {VERSION} SET state = $1 WHERE ");
        dialect.push_comparable("name", false, &mut earlier);
        earlier.push_str(" = $2 AND state = $3");
        let name = Value::Text(dialect.comparable(update.name.clone()));
        let params = ["previous".into(), name, "current".into()];
        batch.push(Statement::new(earlier, params));
        let version = [
            ("name", &*update.name),
            ("record_name", &update.target_name),
            ("type", &update.class),
            ("action", update.action),
            ("payload", &update.payload),
            ("application", &update.application),
            ("source_table", SET),
            ("source", set),
            ("state", "current"),
            ("sys_recorded_at", recorded_at),
        ];
        self.push_consequence(dictionary, VERSION, version, stamp, batch);
    }

    /// A file has one place in an update set, whatever becomes of it there.
    async fn push_place(
        &self,
        dictionary: &Dictionary,
        update: &CustomerUpdate,
        (set, recorded_at): (&str, &str),
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        let place = [
            ("name", &*update.name),
            ("target_name", &update.target_name),
            ("type", &update.class),
            ("action", update.action),
            ("payload", &update.payload),
            ("application", &update.application),
            ("update_set", set),
            ("sys_recorded_at", recorded_at),
        ];
        let find = Find::By("name", Value::text(&update.name));
        let fields = ["sys_id", "update_set"];
        let found = self.select(dictionary, PLACE, find, &fields).await?;
        let known = found.iter().find(|row| row.text(1) == set);
        let known = match (known, dictionary.table(PLACE)) {
            (Some(row), Some(table)) => self.row(dictionary, table, row.text(0)).await?,
            _ => None,
        };
        let Some(known) = known else {
            self.push_consequence(dictionary, PLACE, place, stamp, batch);
            return Ok(());
        };
        let mode = Mode {
            origin: Origin::System,
            ..Mode::default()
        };
        let draft = Draft::for_update(known.table(), place, mode);
        if let Some(again) = update::prepare(&known, draft, stamp) {
            batch.push(update_row(&again, self.backend.dialect()));
        }
        Ok(())
    }

    /// Returns the update set that a user works in: the one they chose, as long as it is open, or else the default of
    /// the file's application, or of all.
    async fn update_set_of(
        &self,
        dictionary: &Dictionary,
        update: &CustomerUpdate,
        stamp: &Stamp<'_>,
    ) -> Result<Box<str>, StoreError> {
        let chosen = match stamp.user_sys_id {
            Some(user) => self.chosen_update_set(dictionary, user).await?,
            None => None,
        };
        let fields = ["sys_id", "is_default", "application", "state"];
        let sets = self.select(dictionary, SET, Find::All, &fields).await?;
        let open: Vec<_> = sets
            .iter()
            .filter(|set| set.text(3) == "in progress")
            .collect();
        let is_default = |application: &str| {
            open.iter()
                .find(|set| set.int(1) == 1 && set.text(2) == application)
        };
        let found = open
            .iter()
            .find(|set| chosen.as_deref() == Some(set.text(0)))
            .or_else(|| is_default(&update.application))
            .or_else(|| is_default("global"));
        Ok(found.map(|set| set.text(0).into()).unwrap_or_default())
    }

    /// Returns what a user's preference `sys_update_set` names.
    async fn chosen_update_set(
        &self,
        dictionary: &Dictionary,
        user: SysId,
    ) -> Result<Option<Box<str>>, StoreError> {
        let find = Find::By("name", Value::text(SET));
        let fields = ["user", "value"];
        let preferences = self
            .select(dictionary, "sys_user_preference", find, &fields)
            .await?;
        let own = preferences
            .iter()
            .find(|row| row.text(0) == user.as_str())
            .map(|row| row.text(1).into());
        Ok(own)
    }
}
