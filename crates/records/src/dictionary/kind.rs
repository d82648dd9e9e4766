//! What a column's type means for storing, comparing and writing on the wire (`rest-and-records.md` §13.7).

use crate::{
    literal,
    value::{Value, ValueRef},
};
use std::fmt::Write as _;

/// The behaviour of a column: several `internal_type`s share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, compared without regard to ASCII case.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`, stored as 1 and 0.
    Boolean,
    /// A decimal with this many digits after the point, stored as a whole number of its smallest unit.
    Scaled(u8),
    /// `yyyy-MM-dd`.
    Date,
    /// `yyyy-MM-dd HH:mm:ss`, always UTC.
    DateTime,
    /// `HH:mm:ss`.
    Time,
    /// A span, written as the date-time that lies so long after 1970-01-01 00:00:00.
    Duration,
    /// The `sys_id` (or, for a few dictionary columns, the name) of a row in [`super::Column::reference`].
    Reference,
    /// Comma-joined `sys_id`s.
    List,
    /// Entries kept in `sys_journal_field`; the column itself stays empty.
    Journal(Journal),
    /// Written, never read.
    Secret(Secrecy),
}

/// Which journal a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Journal {
    /// `journal_input`: what is written becomes an entry.
    Input,
    /// `journal`, `journal_list`: a view of entries; not written.
    View,
}

/// How a secret is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrecy {
    /// `password`: a one-way hash (a person's password).
    Hashed,
    /// `password2`: what must be recovered is sealed, what need not (an inbound client's secret) is hashed.
    Sealed,
}

/// The text is no value of the column's type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is no {expected}")]
pub struct InputError {
    /// The beginning of what was given.
    pub text: Box<str>,
    /// What the column takes.
    pub expected: &'static str,
}

impl Kind {
    /// Returns the behaviour of an `internal_type`; unknown ones are text, as they are on a real instance.
    #[must_use]
    pub fn of(internal_type: &str) -> Self {
        match internal_type {
            "integer" | "longint" | "count" | "order_index" => Self::Integer,
            "boolean" => Self::Boolean,
            "decimal" => Self::Scaled(2),
            "currency" | "price" | "currency2" => Self::Scaled(4),
            "float" => Self::Scaled(7),
            "glide_date" => Self::Date,
            "glide_date_time" | "due_date" => Self::DateTime,
            "glide_time" => Self::Time,
            "glide_duration" | "timer" => Self::Duration,
            "reference" | "domain_id" => Self::Reference,
            "glide_list" => Self::List,
            "journal_input" => Self::Journal(Journal::Input),
            "journal" | "journal_list" => Self::Journal(Journal::View),
            "password" => Self::Secret(Secrecy::Hashed),
            "password2" => Self::Secret(Secrecy::Sealed),
            _ => Self::Text,
        }
    }

    /// Tells whether cells hold numbers rather than text.
    #[must_use]
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Boolean | Self::Scaled(_))
    }

    /// Parses the wire form into the stored form; empty text is nothing.
    ///
    /// # Errors
    /// [`InputError`] when the text is no value of this kind.
    pub fn parse(self, text: &str) -> Result<Value, InputError> {
        let refuse = |expected| InputError {
            text: text.chars().take(80).collect(),
            expected,
        };
        if text.is_empty() {
            return Ok(Value::Null);
        }
        match self {
            Self::Integer => literal::integer(text).ok_or_else(|| refuse("whole number")),
            Self::Boolean => match text {
                "1" => Ok(Value::Int(1)),
                "0" => Ok(Value::Int(0)),
                // Python writes a capital.
                _ if text.eq_ignore_ascii_case("true") => Ok(Value::Int(1)),
                _ if text.eq_ignore_ascii_case("false") => Ok(Value::Int(0)),
                _ => Err(refuse("boolean ('true' or 'false')")),
            },
            Self::Scaled(digits) => literal::scaled(text, digits).ok_or_else(|| refuse("number")),
            Self::Date => literal::date(text)
                .map(|date| date.to_string().into())
                .ok_or_else(|| refuse("date (yyyy-MM-dd)")),
            Self::DateTime | Self::Duration => literal::date_time(text)
                .map(|moment| moment.strftime("%Y-%m-%d %H:%M:%S").to_string().into())
                .ok_or_else(|| refuse("date-time (yyyy-MM-dd HH:mm:ss, UTC)")),
            Self::Time => literal::time(text.strip_prefix("1970-01-01 ").unwrap_or(text))
                .map(|time| time.strftime("%H:%M:%S").to_string().into())
                .ok_or_else(|| refuse("time (HH:mm:ss)")),
            Self::Text | Self::Reference | Self::List | Self::Journal(_) | Self::Secret(_) => {
                Ok(Value::text(text))
            }
        }
    }

    /// Appends the wire form of a stored value; nothing is `""`, and so is whatever may not be read back.
    pub fn write(self, value: ValueRef<'_>, out: &mut String) {
        match (self, value) {
            (Self::Secret(_) | Self::Journal(_), _) | (_, ValueRef::Null) => {}
            (Self::Boolean, ValueRef::Int(n)) => {
                out.push_str(if n == 0 { "false" } else { "true" });
            }
            (Self::Scaled(digits), ValueRef::Int(n)) => write_scaled(n, digits, out),
            (_, ValueRef::Int(n)) => {
                let _ = write!(out, "{n}"); // writing to a String cannot fail
            }
            (_, ValueRef::Text(text)) => out.push_str(text),
        }
    }
}

fn write_scaled(n: i64, digits: u8, out: &mut String) {
    let unit = 10_u64.pow(digits.into());
    let size = n.unsigned_abs();
    let sign = if n < 0 { "-" } else { "" };
    let width = usize::from(digits);
    let _ = write!(out, "{sign}{}.{:0width$}", size / unit, size % unit);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(kind: Kind, text: &str) -> String {
        let mut out = String::new();
        kind.write(kind.parse(text).expect("a valid value").as_ref(), &mut out);
        out
    }

    #[test]
    fn every_kind_reads_back_as_the_wire_writes_it() {
        for (internal_type, text, wire) in [
            ("string", "Ünïcode", "Ünïcode"),
            ("integer", "1,021,970", "1021970"),
            ("boolean", "1", "true"),
            ("decimal", "12.3", "12.30"),
            ("decimal", "-0.05", "-0.05"),
            ("currency", "12.5", "12.5000"),
            ("boolean", "True", "true"),
            ("glide_date", "2026-11-22", "2026-11-22"),
            ("glide_date", "2026-1-2 08:00:00", "2026-01-02"),
            (
                "glide_date_time",
                "2026-11-22 01:02:03",
                "2026-11-22 01:02:03",
            ),
            (
                "glide_date_time",
                "2026-11-22T01:02:03Z",
                "2026-11-22 01:02:03",
            ),
            ("glide_date_time", "2026-11-22", "2026-11-22 00:00:00"),
            (
                "glide_duration",
                "1970-01-01 00:02:17",
                "1970-01-01 00:02:17",
            ),
            ("glide_time", "1970-01-01 08:00:00", "08:00:00"),
            ("glide_time", "8:00", "08:00:00"),
            ("glide_list", "a,b", "a,b"),
            ("string", "", ""),
        ] {
            assert_eq!(
                round_trip(Kind::of(internal_type), text),
                wire,
                "{internal_type} {text}"
            );
        }
    }

    #[test]
    fn refuses_what_is_no_value() {
        for (internal_type, text) in [
            ("integer", "one"),
            ("boolean", "yes"),
            ("decimal", "1.2.3"),
            ("decimal", "."),
            ("decimal", "--1"),
            ("decimal", "99999999999999999999"),
            ("glide_date", "2026-13-01"),
            ("glide_date_time", "soon"),
            ("glide_time", "25:00:00"),
        ] {
            assert!(
                Kind::of(internal_type).parse(text).is_err(),
                "{internal_type} {text}"
            );
        }
    }

    #[test]
    fn secrets_are_never_written() {
        let mut out = String::new();
        Kind::of("password2").write(ValueRef::Text("hash"), &mut out);
        assert_eq!(out, "");
    }
}
