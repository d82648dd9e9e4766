//! The system log of an instance that has been up for a while.

use super::{
    chance::Chance,
    moment::{DAY, Moment},
};
use crate::base::{Seed, derived_id};

/// Clients' tests page through more than 600 rows (`rest-and-records.md` §15.4).
const ROWS: usize = 640;

/// Level, source and message.
const MESSAGES: &[(&str, &str, &str)] = &[
    ("0", "oauth", "Access token issued to 'Demo service'"),
    ("0", "oauth", "Access token issued to 'Demo client'"),
    ("0", "oauth", "Expired credentials removed"),
    ("0", "rest", "Table API: 200 in 12 ms"),
    ("0", "rest", "Table API: 201 in 18 ms"),
    (
        "0",
        "import",
        "Import set finished: 14 rows inserted, 3 updated",
    ),
    ("0", "scheduler", "Resolved incidents closed"),
    ("0", "email", "Notification sent"),
    (
        "1",
        "rest",
        "Table API: 403, the caller may not write the field",
    ),
    ("1", "scheduler", "Job took longer than its interval"),
    (
        "1",
        "email",
        "Mailbox unavailable, trying again in ten minutes",
    ),
    (
        "2",
        "import",
        "Row skipped: no user matches the e-mail address",
    ),
];

pub(super) fn seeds(now: Moment) -> impl Iterator<Item = Seed> {
    let mut chance = Chance::new(5);
    (0..ROWS).map(move |n| {
        let (level, source, message) = MESSAGES[chance.below(MESSAGES.len())];
        let step = 14 * DAY / i64::try_from(ROWS).unwrap_or(1);
        let at = now.earlier(14 * DAY - step * i64::try_from(n).unwrap_or_default());
        Seed::new("syslog", derived_id("syslog", &n.to_string()))
            .with("level", level)
            .with("source", source)
            .with("message", message)
            .with("sequence", n.to_string())
            .with("sys_created_on", at.date_time())
    })
}
