//! How far the caller's zone is from UTC, as a table that both evaluators read: days, months and hours of stored
//! dates begin where the caller is (`rest-and-records.md` §3.4), and no database knows the zone's rules as we do.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};

use crate::value::Value;

/// The offsets of a zone, by the stored form of a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Until when (not included), `yyyy-MM-dd HH:mm:ss` in UTC, and seconds east of UTC; in order of time.
    until: Vec<(Arc<str>, i32)>,
    /// Seconds east of UTC after all of them.
    last: i32,
}

impl Zone {
    /// Returns the offsets of a zone between 1970 and 2038; before and after, those of the edges.
    #[must_use]
    pub fn of(zone: &TimeZone) -> Self {
        const END: Timestamp = Timestamp::constant(2_145_916_800, 0);
        let mut last = zone.to_offset(Timestamp::UNIX_EPOCH).seconds();
        let mut until = Vec::new();
        let changes = zone.following(Timestamp::UNIX_EPOCH);
        for change in changes.take_while(|change| change.timestamp() < END) {
            let offset = change.offset().seconds();
            if offset != last
                && let Value::Text(moment) = Value::date_time(change.timestamp())
            {
                until.push((moment, last));
                last = offset;
            }
        }
        Self { until, last }
    }

    /// UTC itself.
    #[must_use]
    pub fn utc() -> Self {
        Self {
            until: Vec::new(),
            last: 0,
        }
    }

    /// Returns the moments (not included) until which each offset counts.
    #[must_use]
    pub fn until(&self) -> &[(Arc<str>, i32)] {
        &self.until
    }

    /// Returns the offset after all of [`Self::until`].
    #[must_use]
    pub fn last(&self) -> i32 {
        self.last
    }

    /// Returns the offset at a stored moment, in seconds.
    #[must_use]
    pub fn offset(&self, moment: &str) -> i32 {
        let at = self.until.partition_point(|(until, _)| **until <= *moment);
        self.until.get(at).map_or(self.last, |(_, offset)| *offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_time_begins_and_ends() {
        let zone = Zone::of(&TimeZone::get("Europe/Berlin").expect("a zone"));
        for (moment, hours) in [
            ("2026-01-01 00:00:00", 1),
            ("2026-03-29 00:59:59", 1),
            ("2026-03-29 01:00:00", 2),
            ("2026-10-25 00:59:59", 2),
            ("2026-10-25 01:00:00", 1),
            ("1969-01-01 00:00:00", 1),
        ] {
            assert_eq!(zone.offset(moment), hours * 3600, "{moment}");
        }
        assert_eq!(Zone::of(&TimeZone::UTC), Zone::utc());
    }
}
