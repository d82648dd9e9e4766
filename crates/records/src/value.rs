//! Stored values: what a database cell can hold.
//!
//! A cell is nothing, a whole number or text. Empty text is stored as nothing, because the wire does not tell
//! them apart (`rest-and-records.md` §2.3). How a column's type maps to these is [`crate::dictionary::Kind`]'s subject.

use std::sync::Arc;

use jiff::{Timestamp, tz::Offset};

/// A stored value that owns its text, or shares it: a default is in every row, and a row that is written is also
/// answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Value {
    /// Nothing; `""` on the wire.
    #[default]
    Null,
    /// A whole number; also booleans (0, 1) and decimals, scaled by their column's digits.
    Int(i64),
    /// Text; never empty when it comes from a record's column.
    Text(Arc<str>),
}

/// A stored value whose text is borrowed from a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueRef<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(&'a str),
}

impl Value {
    /// Returns the value without its ownership.
    #[must_use]
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Int(*n),
            Self::Text(text) => ValueRef::Text(text),
        }
    }

    /// Returns text as it is stored: empty text is [`Value::Null`].
    #[must_use]
    pub fn text(text: &str) -> Self {
        if text.is_empty() {
            Self::Null
        } else {
            Self::Text(text.into())
        }
    }

    /// Returns a moment as date-time columns store it: `yyyy-MM-dd HH:mm:ss`, UTC, to the second. It is written
    /// for each row and each token, so without the machinery of a format string.
    #[must_use]
    pub fn date_time(moment: Timestamp) -> Self {
        let civil = Offset::UTC.to_datetime(moment);
        let mut text = *b"0000-00-00 00:00:00";
        let mut put = |at: usize, number: i16| {
            for (place, digit) in text
                .iter_mut()
                .skip(at)
                .zip([number / 10 % 10, number % 10])
            {
                *place = b'0' + digit.unsigned_abs().to_le_bytes()[0];
            }
        };
        put(0, civil.year() / 100);
        put(2, civil.year());
        put(5, civil.month().into());
        put(8, civil.day().into());
        put(11, civil.hour().into());
        put(14, civil.minute().into());
        put(17, civil.second().into());
        Self::text(str::from_utf8(&text).unwrap_or_default())
    }
}

impl<'a> ValueRef<'a> {
    /// Returns the text, if it is text.
    #[must_use]
    pub fn as_text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Int(_) => None,
        }
    }

    /// Returns the number, if it is one.
    #[must_use]
    pub fn as_int(self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(n),
            Self::Null | Self::Text(_) => None,
        }
    }

    /// Returns a copy that owns its text.
    #[must_use]
    pub fn to_owned(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Int(n) => Value::Int(n),
            Self::Text(text) => Value::Text(text.into()),
        }
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Int(b.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        if text.is_empty() {
            Self::Null
        } else {
            Self::Text(text.into())
        }
    }
}

impl From<crate::SysId> for Value {
    fn from(id: crate::SysId) -> Self {
        Self::Text(id.as_str().into())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_columns_store_them() {
        for (moment, text) in [
            (0, "1970-01-01 00:00:00"),
            (1_795_309_323_999, "2026-11-22 01:02:03"),
            (253_402_128_000_000, "9999-12-30 00:00:00"),
        ] {
            let moment = Timestamp::from_millisecond(moment).unwrap();
            assert_eq!(Value::date_time(moment), Value::text(text));
        }
    }
}
