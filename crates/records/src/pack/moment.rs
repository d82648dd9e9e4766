//! Times before the moment a pack is made for, as wire text.

use jiff::{Timestamp, tz::TimeZone};

pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// A time in whole seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(i64);

impl Moment {
    pub(super) fn of(timestamp: Timestamp) -> Self {
        Self(timestamp.as_second())
    }

    pub(super) fn earlier(self, seconds: i64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    pub(super) fn later(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Returns the seconds that have passed since an earlier moment.
    pub(super) fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Returns `yyyy-MM-dd HH:mm:ss`, UTC.
    pub(super) fn date_time(self) -> String {
        self.format("%Y-%m-%d %H:%M:%S")
    }

    /// Returns `yyyy-MM-dd`, UTC.
    pub(super) fn date(self) -> String {
        self.format("%Y-%m-%d")
    }

    fn format(self, pattern: &str) -> String {
        let timestamp = Timestamp::from_second(self.0).unwrap_or_default();
        timestamp
            .to_zoned(TimeZone::UTC)
            .strftime(pattern)
            .to_string()
    }
}

/// Returns a span as a duration is written: the moment that lies so long after the beginning of 1970.
pub(super) fn duration(seconds: i64) -> String {
    Moment(seconds.max(0)).date_time()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_the_wire_expects() {
        let moment = Moment::of(Timestamp::from_second(1_795_000_000).unwrap());
        assert_eq!(moment.date_time(), "2026-11-18 11:06:40");
        assert_eq!(moment.earlier(DAY).date(), "2026-11-17");
        assert_eq!(moment.since(moment.earlier(HOUR)), HOUR);
        assert_eq!(duration(137), "1970-01-01 00:02:17");
    }
}
