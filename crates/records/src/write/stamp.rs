//! Who writes and when, as it is left in the system columns (`rest-and-records.md` §13.3).

use jiff::Timestamp;

use crate::{SysId, Value};

/// Time and author of a write.
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'a> {
    /// The time of the write.
    pub now: Timestamp,
    /// `sys_user.user_name`, or `system` where no user acts.
    pub user_name: &'a str,
    /// The user's key, where a user acts.
    pub user_sys_id: Option<SysId>,
}

impl Stamp<'_> {
    /// Returns the time as date-time columns store it: UTC, to the second.
    pub(crate) fn now(&self) -> Value {
        Value::date_time(self.now)
    }

    pub(crate) fn user(&self) -> Value {
        self.user_sys_id.into()
    }
}
