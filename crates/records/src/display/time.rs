//! Dates, times and durations. What is stored but is no date is shown as it is stored.

use std::fmt::Write as _;

use jiff::{
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

use super::Format;

/// A stored UTC date-time, in the caller's zone.
pub(super) fn write_date_time(text: &str, format: &Format, out: &mut String) {
    let stored: Result<DateTime, _> = text.parse();
    let Ok(utc) = stored.and_then(|stored| TimeZone::UTC.to_timestamp(stored)) else {
        return out.push_str(text);
    };
    let local = format.time_zone.to_datetime(utc);
    format.date_format.write(local, out);
    out.push(' ');
    format.time_format.write(local, out);
}

/// A stored date; it has no zone.
pub(super) fn write_date(text: &str, format: &Format, out: &mut String) {
    match text.parse::<Date>() {
        Ok(date) => format
            .date_format
            .write(date.to_datetime(Time::midnight()), out),
        Err(_) => out.push_str(text),
    }
}

/// A stored time of day; it has no zone.
pub(super) fn write_time(text: &str, format: &Format, out: &mut String) {
    match text.parse::<Time>() {
        Ok(time) => format
            .time_format
            .write(Date::constant(1970, 1, 1).to_datetime(time), out),
        Err(_) => out.push_str(text),
    }
}

/// A stored duration in words (§4.1): days, hours and minutes; seconds only when there is nothing longer.
pub(super) fn write_duration(text: &str, out: &mut String) {
    let stored: Result<DateTime, _> = text.parse();
    let Ok(end) = stored.and_then(|stored| TimeZone::UTC.to_timestamp(stored)) else {
        return out.push_str(text);
    };
    let seconds = end.as_second().unsigned_abs();
    if end.as_second() < 0 {
        out.push('-');
    }
    if seconds < 60 {
        return write_count(seconds, "Second", out);
    }
    let parts = [
        (seconds / 86_400, "Day"),
        (seconds / 3600 % 24, "Hour"),
        (seconds / 60 % 60, "Minute"),
    ];
    let mut separator = "";
    for (count, unit) in parts.into_iter().filter(|(count, _)| *count > 0) {
        out.push_str(separator);
        write_count(count, unit, out);
        separator = " ";
    }
}

fn write_count(count: u64, unit: &str, out: &mut String) {
    let plural = if count == 1 { "" } else { "s" };
    let _ = write!(out, "{count} {unit}{plural}"); // writing to a String cannot fail
}
