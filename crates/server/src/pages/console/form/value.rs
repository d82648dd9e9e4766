//! Between what is stored and what a person types: times in the person's own zone, durations as hours.

use jiff::{
    civil::{Date, DateTime},
    tz::TimeZone,
};
use snowglobe_records::{
    Column, ValueRef,
    dictionary::{ChoiceMode, Kind},
};

/// Returns a stored value as a person edits it.
pub(super) fn typed(column: &Column, value: ValueRef<'_>, zone: &TimeZone) -> String {
    match (column.kind, value) {
        (Kind::DateTime, ValueRef::Text(text)) => {
            utc_to_local(text, zone).unwrap_or_else(|| text.to_owned())
        }
        (Kind::Duration, ValueRef::Text(text)) => duration(text).unwrap_or_else(|| text.to_owned()),
        (kind, value) => {
            let mut out = String::new();
            kind.write(value, &mut out);
            out
        }
    }
}

/// Returns the wire form of what a person typed, or why it is no value of the column.
pub(super) fn stored(column: &Column, text: &str, zone: &TimeZone) -> Result<String, String> {
    let refuse = |expected: &str| Err(format!("This takes {expected}."));
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(String::new());
    }
    let listed = column.choice == ChoiceMode::Listed && !column.choices.is_empty();
    if listed && !column.admits(trimmed) {
        return refuse("one of the choices");
    }
    match column.kind {
        Kind::DateTime => match local_to_utc(trimmed, zone) {
            Some(utc) => Ok(utc),
            None => refuse("a date and time such as 2026-12-31 23:59:59"),
        },
        Kind::Duration => match span(trimmed) {
            Some(wire) => Ok(wire),
            None => refuse("hours, minutes and seconds such as 26:30:00"),
        },
        Kind::Date if trimmed.parse::<Date>().is_err() => refuse("a date such as 2026-12-31"),
        Kind::Text if too_long(column, text) => {
            Err(format!("At most {} characters.", column.max_length))
        }
        Kind::Text => Ok(text.to_owned()),
        kind => match kind.parse(trimmed) {
            Ok(_) => Ok(trimmed.to_owned()),
            Err(error) => refuse(&format!("a {}", error.expected)),
        },
    }
}

/// Returns the UTC form of a date and time in a zone; a date alone is its midnight.
pub(in crate::pages::console) fn local_to_utc(text: &str, zone: &TimeZone) -> Option<String> {
    let text = text.trim().replace('T', " ");
    let local: DateTime = match text.parse::<Date>() {
        Ok(date) if text.len() <= 10 => date.at(0, 0, 0, 0),
        _ => text.parse().ok()?,
    };
    let utc = zone.to_timestamp(local).ok()?;
    Some(utc.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

fn utc_to_local(text: &str, zone: &TimeZone) -> Option<String> {
    let utc: DateTime = text.parse().ok()?;
    let local = zone.to_datetime(TimeZone::UTC.to_timestamp(utc).ok()?);
    Some(local.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// A span is stored as the moment that lies so long after 1970 (`rest-and-records.md` §13.7).
fn duration(text: &str) -> Option<String> {
    let end: DateTime = text.parse().ok()?;
    let seconds = TimeZone::UTC.to_timestamp(end).ok()?.as_second();
    let (sign, seconds) = (if seconds < 0 { "-" } else { "" }, seconds.unsigned_abs());
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    Some(format!("{sign}{hours:02}:{minutes:02}:{:02}", seconds % 60))
}

fn span(text: &str) -> Option<String> {
    let mut parts = text.split(':').map(|part| part.parse::<u32>().ok());
    let hours = i64::from(parts.next()??);
    let minutes = i64::from(parts.next().unwrap_or(Some(0))?);
    let seconds = i64::from(parts.next().unwrap_or(Some(0))?);
    if parts.next().is_some() || minutes > 59 || seconds > 59 {
        return None;
    }
    let end = jiff::Timestamp::from_second(hours * 3600 + minutes * 60 + seconds).ok()?;
    Some(end.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

fn too_long(column: &Column, text: &str) -> bool {
    let most = usize::try_from(column.max_length).unwrap_or(usize::MAX);
    most > 0 && text.chars().count() > most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::console::fixture::column;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    #[test]
    fn what_is_shown_for_editing_is_taken_back_as_it_was() {
        for (table, element, wire, shown) in [
            (
                "incident",
                "opened_at",
                "2026-07-01 10:00:00",
                "2026-07-01 12:00:00",
            ),
            (
                "incident",
                "opened_at",
                "2026-12-01 10:00:00",
                "2026-12-01 11:00:00",
            ),
            (
                "task",
                "business_duration",
                "1970-01-02 02:30:05",
                "26:30:05",
            ),
            ("incident", "state", "2", "2"),
            ("incident", "active", "true", "true"),
            (
                "incident",
                "short_description",
                "  two words ",
                "  two words ",
            ),
        ] {
            let column = column(table, element);
            let value = column.kind.parse(wire).unwrap();
            assert_eq!(
                typed(&column, value.as_ref(), &berlin()),
                shown,
                "{element}"
            );
            assert_eq!(
                stored(&column, shown, &berlin()).as_deref(),
                Ok(wire),
                "{element}"
            );
        }
    }

    #[test]
    fn what_is_no_value_is_refused_in_words() {
        let long = "x".repeat(256);
        for (table, element, text, why) in [
            (
                "oauth_entity",
                "access_token_lifespan",
                "soon",
                "whole number",
            ),
            ("oauth_entity", "name", long.as_str(), "255 characters"),
            ("oauth_entity", "token_format", "saml", "one of the choices"),
            ("incident", "opened_at", "2026-13-01", "2026-12-31"),
            ("task", "business_duration", "1:99", "26:30:00"),
            ("task", "business_duration", "1:2:3:4", "26:30:00"),
        ] {
            let refused = stored(&column(table, element), text, &berlin()).unwrap_err();
            assert!(refused.contains(why), "{element} {text}: {refused}");
        }
    }

    #[test]
    fn a_local_time_is_a_moment() {
        for (text, utc) in [
            ("2026-07-01", Some("2026-06-30 22:00:00")),
            ("2026-07-01T00:00:00", Some("2026-06-30 22:00:00")),
            (" 2026-12-31 23:59:59 ", Some("2026-12-31 22:59:59")),
            ("tomorrow", None),
            ("", None),
        ] {
            assert_eq!(local_to_utc(text, &berlin()).as_deref(), utc, "{text}");
        }
    }
}
