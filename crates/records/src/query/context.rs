//! Who asks and when.

use jiff::{Timestamp, tz::TimeZone};

/// Who asks and when: what `javascript:` values may name, and how strictly a query is taken.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The caller's `sys_id`.
    pub user_sys_id: &'a str,
    /// The caller's `sys_user.user_name`.
    pub user_name: &'a str,
    /// The caller's `sys_user.name`.
    pub user_display_name: &'a str,
    /// Keys of the groups that the caller is a member of.
    pub groups: &'a [Box<str>],
    /// The time of the request.
    pub now: Timestamp,
    /// The caller's zone, in which days, weeks and months begin.
    pub time_zone: TimeZone,
    /// `glide.ui.filter.first_day_of_week`: 1 is Sunday, 2 is Monday, which is the default.
    pub first_day_of_week: u8,
    /// `glide.invalid_query.returns_no_rows`: a dropped condition leaves no rows instead of more.
    pub invalid_returns_no_rows: bool,
}

impl Context<'static> {
    /// Returns the context of nobody in particular, in UTC.
    #[must_use]
    pub fn anybody(now: Timestamp) -> Self {
        Self {
            user_sys_id: "",
            user_name: "",
            user_display_name: "",
            groups: &[],
            now,
            time_zone: TimeZone::UTC,
            first_day_of_week: 2,
            invalid_returns_no_rows: false,
        }
    }
}

impl Context<'_> {
    /// How many days after Monday a week begins.
    pub(super) fn days_after_monday(&self) -> u8 {
        (self.first_day_of_week.clamp(1, 7) + 5) % 7
    }
}
