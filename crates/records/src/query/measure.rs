//! What of a date is compared: its seconds, the day or month it lies in, its hour.
//!
//! Every measure is a whole number, computed alike here and in SQL: seconds since the first day of year 1, which was
//! a Monday, are never negative, so that divisions round the same way everywhere.

use jiff::civil::DateTime;

use super::zone::Zone;
use crate::dictionary::Kind;

/// A number that is read off a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Seconds since the beginning of year 1.
    Seconds,
    /// Days since then.
    Day,
    /// Weeks since then, beginning so many days after Monday.
    Week(u8),
    /// Months since year 0.
    Month,
    /// Quarters since year 0.
    Quarter,
    /// The year.
    Year,
    /// 0 to 23.
    Hour,
    /// 1, Monday, to 7.
    DayOfWeek,
    /// 0 to 53; week 1 begins with the year's first Monday.
    WeekOfYear,
    /// 1 to 12.
    MonthOfYear,
    /// 1 to 4.
    QuarterOfYear,
}

/// Seconds between the beginning of year 1 and 1970.
pub const BEFORE_1970: i64 = 719_162 * DAY;
/// Stored dates before this one have no measure: a zone could move them out of all calendars.
pub const FIRST: &str = "0001-01-02";
/// Stored dates from this one on have no measure.
pub const END: &str = "9999-12-30";
/// Seconds.
pub const DAY: i64 = 86_400;

impl Measure {
    /// Returns the measure of a stored date or date-time; a date lies in no zone.
    #[must_use]
    pub fn of(self, text: &str, kind: Kind, zone: &Zone) -> Option<i64> {
        if !(FIRST..END).contains(&text) {
            return None;
        }
        let (moment, offset) = match kind {
            Kind::Date => (text.parse::<jiff::civil::Date>().ok()?.into(), 0),
            _ => (text.parse::<DateTime>().ok()?, zone.offset(text)),
        };
        let local = moment
            .checked_add(jiff::SignedDuration::from_secs(offset.into()))
            .ok()?;
        Some(self.of_local(local))
    }

    fn of_local(self, local: DateTime) -> i64 {
        let day = i64::from(days(local));
        let (year, month) = (i64::from(local.year()), i64::from(local.month()));
        let quarter = (month + 2) / 3;
        match self {
            Self::Seconds => {
                let time = local.time();
                let hours = i64::from(time.hour());
                day * DAY + hours * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())
            }
            Self::Day => day,
            Self::Week(after_monday) => (day + 7 - i64::from(after_monday)) / 7,
            Self::Month => year * 12 + month,
            Self::Quarter => year * 4 + quarter,
            Self::Year => year,
            Self::Hour => local.hour().into(),
            Self::DayOfWeek => day % 7 + 1,
            Self::WeekOfYear => (i64::from(local.date().day_of_year()) + 6 - day % 7) / 7,
            Self::MonthOfYear => month,
            Self::QuarterOfYear => quarter,
        }
    }
}

/// Days since the beginning of year 1.
fn days(local: DateTime) -> i32 {
    const FIRST: jiff::civil::Date = jiff::civil::date(1, 1, 1);
    let since = local.date().since((jiff::Unit::Day, FIRST));
    since.map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(measure: Measure, text: &str) -> Option<i64> {
        measure.of(text, Kind::DateTime, &Zone::utc())
    }

    #[test]
    fn a_date_is_read_in_parts() {
        // A Sunday.
        let text = "2026-11-22 13:14:15";
        for (measure, number) in [
            (Measure::Hour, 13),
            (Measure::DayOfWeek, 7),
            (Measure::WeekOfYear, 46),
            (Measure::MonthOfYear, 11),
            (Measure::QuarterOfYear, 4),
            (Measure::Year, 2026),
        ] {
            assert_eq!(of(measure, text), Some(number), "{measure:?}");
        }
    }

    #[test]
    fn weeks_begin_where_they_are_said_to() {
        let week = |first, text| of(Measure::Week(first), text);
        let (saturday, sunday, monday) = (
            "2026-11-21 00:00:00",
            "2026-11-22 00:00:00",
            "2026-11-23 00:00:00",
        );
        assert_eq!(week(0, saturday), week(0, sunday));
        assert_ne!(week(0, sunday), week(0, monday));
        assert_ne!(week(6, saturday), week(6, sunday));
        assert_eq!(week(6, sunday), week(6, monday));
    }

    #[test]
    fn seconds_are_counted_from_year_one() {
        assert_eq!(
            of(Measure::Seconds, "1970-01-01 00:00:01"),
            Some(BEFORE_1970 + 1)
        );
        assert_eq!(of(Measure::Seconds, "-0001-01-01 00:00:00"), None);
        assert_eq!(of(Measure::Seconds, "soon"), None);
    }
}
