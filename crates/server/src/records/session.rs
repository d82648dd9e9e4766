//! One call: who calls, and the snapshots that it sees from start to end.

use std::sync::Arc;

use jiff::Timestamp;
use snowglobe_records::{
    Dictionary, SysId,
    acl::{Access, RuleSet},
    query::Context,
    write::{Declared, Stamp},
};
use snowglobe_store::{User, records::Displays};

use super::Reader;
use crate::app::App;

/// 1 is Sunday, 2 is Monday (`rest-and-records.md` §3.4).
const FIRST_DAY_OF_WEEK: &str = "glide.ui.filter.first_day_of_week";

/// A call by a user who is known.
pub(crate) struct Session {
    pub(crate) app: App,
    pub(crate) user: Arc<User>,
    pub(crate) dictionary: Arc<Dictionary>,
    rules: Arc<RuleSet>,
    declared: Arc<Declared>,
    now: Timestamp,
}

impl Session {
    /// Begins a call of a user who is known, and takes the snapshots.
    pub(crate) fn of(app: App, user: Arc<User>) -> Self {
        Self {
            user,
            dictionary: app.store.dictionary(),
            rules: app.store.rules(),
            declared: app.store.declared(),
            now: app.clock.now(),
            app,
        }
    }

    /// Takes the snapshots again: a write may have changed them, and its answer shows what is now.
    pub(crate) fn refreshed(self) -> Self {
        Self {
            dictionary: self.app.store.dictionary(),
            rules: self.app.store.rules(),
            declared: self.app.store.declared(),
            ..self
        }
    }

    /// Returns who reads cells here, with the names of the records that a page refers to.
    pub(crate) fn reader<'a>(&'a self, displays: &'a Displays) -> Reader<'a> {
        Reader {
            dictionary: &self.dictionary,
            displays,
            format: &self.user.format,
        }
    }

    /// Returns what `javascript:` values mean in this call.
    pub(crate) fn context(&self) -> Context<'_> {
        let properties = self.app.store.properties();
        Context {
            user_sys_id: &self.user.account.sys_id,
            user_name: &self.user.account.user_name,
            user_display_name: &self.user.name,
            groups: &self.user.groups,
            now: self.now,
            first_day_of_week: u8::try_from(properties.number(FIRST_DAY_OF_WEEK, 2)).unwrap_or(2),
            time_zone: self.user.format.time_zone.clone(),
            invalid_returns_no_rows: properties.flag("glide.invalid_query.returns_no_rows", false),
        }
    }

    /// Returns what decides for this caller.
    pub(crate) fn access<'a>(&'a self, context: &'a Context<'a>) -> Access<'a> {
        Access {
            caller: &self.user.caller,
            rules: &self.rules,
            declared: &self.declared,
            dictionary: &self.dictionary,
            context,
        }
    }

    /// Returns time and author of a write.
    pub(crate) fn stamp(&self) -> Stamp<'_> {
        Stamp {
            now: self.now,
            user_name: &self.user.account.user_name,
            user_sys_id: SysId::parse(&self.user.account.sys_id).ok(),
        }
    }
}
