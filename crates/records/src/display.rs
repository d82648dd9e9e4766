//! Display values (`rest-and-records.md` §4): what a person reads in place of what is stored.
//!
//! Three look-ups are left to whoever has the rows: a reference's and a list's names, a journal's entries, and the
//! label of a class ([`class_label`]). Everything else is in the column, the value and the caller's [`Format`].

mod number;
mod pattern;
#[cfg(test)]
mod tests;
mod time;

use pattern::Found;
pub use pattern::Pattern;

use jiff::{
    civil::{Date, DateTime},
    tz::TimeZone,
};

use crate::{
    dictionary::{Column, Dictionary, Kind},
    value::ValueRef,
};

/// How a caller reads dates and times (`sys_user.time_zone`, `date_format`, `time_format`).
#[derive(Debug, Clone)]
pub struct Format {
    /// Date-times are shown in this zone.
    pub time_zone: TimeZone,
    /// `glide.sys.date_format`.
    pub date_format: Pattern,
    /// `glide.sys.time_format`.
    pub time_format: Pattern,
}

impl Format {
    /// Reads a date-time as this caller writes it, and returns it in UTC.
    pub(crate) fn read_date_time(&self, text: &str) -> Option<DateTime> {
        let mut found = Found::default();
        let time = self.date_format.read(text.trim(), &mut found)?;
        let rest = match time.strip_prefix([' ', 'T']) {
            Some(time) => self.time_format.read(time, &mut found)?,
            None => time,
        };
        let local = found.moment().filter(|_| rest.is_empty())?;
        let utc = self.time_zone.to_timestamp(local).ok()?;
        Some(TimeZone::UTC.to_datetime(utc))
    }

    /// Reads a date as this caller writes it.
    pub(crate) fn read_date(&self, text: &str) -> Option<Date> {
        let mut found = Found::default();
        let rest = self.date_format.read(text.trim(), &mut found)?;
        Some(found.moment().filter(|_| rest.is_empty())?.date())
    }
}

impl Default for Format {
    /// The system's own format, in UTC.
    fn default() -> Self {
        Self {
            time_zone: TimeZone::UTC,
            date_format: Pattern::parse("yyyy-MM-dd"),
            time_format: Pattern::parse("HH:mm:ss"),
        }
    }
}

/// What is shown of a secret (§4.1).
pub const MASK: &str = "********";

/// Appends the display value of a cell; nothing is `""`. References and lists come as they are stored.
pub fn display(column: &Column, value: ValueRef<'_>, format: &Format, out: &mut String) {
    let start = out.len();
    match (column.kind, value) {
        (Kind::Journal(_), _) | (_, ValueRef::Null) => {}
        // §4.1: masked alike whatever is kept.
        (Kind::Secret(_), _) => out.push_str(MASK),
        (kind, _) if !column.choices.is_empty() => {
            kind.write(value, out);
            relabel(column, start, out);
        }
        (kind, ValueRef::Int(_)) => {
            number::write(kind, &column.internal_type, value, out);
        }
        (Kind::DateTime, ValueRef::Text(text)) => time::write_date_time(text, format, out),
        (Kind::Date, ValueRef::Text(text)) => time::write_date(text, format, out),
        (Kind::Time, ValueRef::Text(text)) => time::write_time(text, format, out),
        (Kind::Duration, ValueRef::Text(text)) => time::write_duration(text, out),
        (_, ValueRef::Text(text)) => out.push_str(text),
    }
}

/// Replaces the stored choice that was written from `start` by its label, if it has one.
fn relabel(column: &Column, start: usize, out: &mut String) {
    let label = out
        .get(start..)
        .and_then(|stored| column.choice_label(stored));
    if let Some(label) = label {
        out.truncate(start);
        out.push_str(label);
    }
}

/// Returns what a class is called: the display value of a `sys_class_name`.
#[must_use]
pub fn class_label<'d>(dictionary: &'d Dictionary, name: &str) -> Option<&'d str> {
    dictionary.table(name).map(|table| table.label())
}
