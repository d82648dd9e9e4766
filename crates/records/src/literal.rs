//! Numbers, dates and times as clients write them; each is stored in one form (`rest-and-records.md` §13.7).
//!
//! A real instance reads them with Java, which takes `2026-11-9 8:05:00` for what it means; dates are cut together by
//! many a client without leading zeros. What ISO 8601 writes is read, too, its offset included (our choice: the
//! documentation is silent).

use std::borrow::Cow;

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

use crate::value::Value;

/// Reads a whole number, its thousands perhaps set apart and nothing but zeros after the point: what a client that
/// computes with floating point sends.
pub(crate) fn integer(text: &str) -> Option<Value> {
    let text = without_commas(text.trim());
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|digit| digit == b'0') => whole,
        Some(_) => return None,
        None => &text,
    };
    whole.parse().ok().map(Value::Int)
}

/// Reads a decimal as a whole number of its smallest unit; further digits are cut. An amount may have its currency
/// with it, as it is shown (`$1,200.50`, §4.1) or as scripts set it (`USD;1200.50`).
pub(crate) fn scaled(text: &str, digits: u8) -> Option<Value> {
    let text = text.rsplit_once(';').map_or(text, |(_, amount)| amount);
    let text = without_commas(text.trim());
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let text = text.strip_prefix('$').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |part: &str| part.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let mut unit: i64 = match whole {
        "" => 0,
        whole => whole.parse().ok()?,
    };
    let kept = fraction.bytes().chain(std::iter::repeat(b'0'));
    for digit in kept.take(digits.into()) {
        unit = unit.checked_mul(10)?.checked_add((digit - b'0').into())?;
    }
    Some(Value::Int(if negative { -unit } else { unit }))
}

/// Most numbers have none, and are not copied.
fn without_commas(text: &str) -> Cow<'_, str> {
    if text.contains(',') {
        text.replace(',', "").into()
    } else {
        text.into()
    }
}

/// Reads a date; what follows it is its time of day and left out.
pub(crate) fn date(text: &str) -> Option<Date> {
    let date = text.trim().split([' ', 'T']).next()?;
    let [year, month, day] = numbers(date, '-')?;
    // A year of two digits could be of any century.
    let is_whole = date.find('-') == Some(4);
    is_whole.then(|| Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok())?
}

/// Reads a date and a time of day, in UTC where no offset says otherwise; a bare date is its midnight (§4.2).
pub(crate) fn date_time(text: &str) -> Option<DateTime> {
    let text = text.trim();
    let utc = text.trim_end_matches('Z');
    civil(utc).or_else(|| {
        let with_offset: Timestamp = text.parse().ok()?;
        Some(TimeZone::UTC.to_datetime(with_offset))
    })
}

fn civil(text: &str) -> Option<DateTime> {
    let date = date(text)?;
    let time = text.split_once([' ', 'T']).map(|(_, time)| time.trim());
    let time = match time {
        None | Some("") => Time::midnight(),
        Some(time) => self::time(time)?,
    };
    Some(date.to_datetime(time))
}

/// Reads a time of day; seconds and their fraction may be left out.
pub(crate) fn time(text: &str) -> Option<Time> {
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    let [hour, minute, second] = match text.matches(':').count() {
        1 => {
            let [hour, minute] = numbers(text, ':')?;
            [hour, minute, 0]
        }
        _ => numbers(text, ':')?,
    };
    let part = |number: i16| i8::try_from(number).ok();
    let is_number = fraction.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok())?
}

/// Returns the numbers between the separators, when there are so many of them.
pub(crate) fn numbers<const N: usize>(text: &str, separator: char) -> Option<[i16; N]> {
    let mut numbers = [0; N];
    let mut parts = text.trim().split(separator);
    for number in &mut numbers {
        let part = parts.next()?;
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        *number = is_number.then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Option<String> {
        date_time(text).map(|when| when.strftime("%Y-%m-%d %H:%M:%S").to_string())
    }

    #[test]
    fn leading_zeros_seconds_and_the_time_may_be_left_out() {
        for (text, stored) in [
            ("2026-11-09 08:05:00", "2026-11-09 08:05:00"),
            ("2026-11-9", "2026-11-09 00:00:00"),
            ("2026-1-9 8:5:7", "2026-01-09 08:05:07"),
            (" 2026-11-09 8:05:00 ", "2026-11-09 08:05:00"),
            ("2026-11-09 8:05", "2026-11-09 08:05:00"),
            ("2026-11-09  8:05", "2026-11-09 08:05:00"),
            ("2026-11-09T8:05:00Z", "2026-11-09 08:05:00"),
            ("2026-11-09 08:05:00.0", "2026-11-09 08:05:00"),
            ("2026-11-09T08:05:00.123456Z", "2026-11-09 08:05:00"),
            ("2026-11-09T08:05:00+02:00", "2026-11-09 06:05:00"),
            ("2026-11-09T08:05:00.5-0500", "2026-11-09 13:05:00"),
            ("2026-11-09T23:59:59-05", "2026-11-10 04:59:59"),
        ] {
            assert_eq!(moment(text).as_deref(), Some(stored), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_not_guessed() {
        for text in [
            "",
            "soon",
            "26-11-09",
            "2026-11",
            "2026-11-31",
            "2026-11-09 8",
            "2026-11-09 24:00:00",
            "2026-11-09 08:05:61",
            "2026-11-09 08:05:00:00",
            "2026-11-09 08:05:00.x",
            "2026-11-09 -8:05:00",
            "2026-11-+9",
            "2026-11-09T08:05:00 EST",
            "20261-1-09",
            "99999999999-1-1",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_may_come_as_floating_point_and_with_thousands_set_apart() {
        for (text, number) in [("3", 3), (" +3 ", 3), ("3.0", 3), ("-1,021.00", -1021)] {
            assert_eq!(integer(text), Some(Value::Int(number)), "{text}");
        }
        for text in ["3.5", ".", ".0", "1e3", "0x10", "--1"] {
            assert_eq!(integer(text), None, "{text}");
        }
        for (text, number) in [
            ("1,234.5", 123_450),
            ("+.05", 5),
            ("-0.019", -1),
            ("$1,200.50", 120_050),
            ("-$3", -300),
            ("USD;1200.50", 120_050),
        ] {
            assert_eq!(scaled(text, 2), Some(Value::Int(number)), "{text}");
        }
    }
}
