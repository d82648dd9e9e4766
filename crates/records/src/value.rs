//! Stored values: what a database cell can hold.
//!
//! A cell is nothing, a whole number or text. Empty text is stored as nothing, because the wire does not tell
//! them apart (`rest-and-records.md` §2.3). How a column's type maps to these is [`crate::dictionary::Kind`]'s subject.

/// A stored value that owns its text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Value {
    /// Nothing; `""` on the wire.
    #[default]
    Null,
    /// A whole number; also booleans (0, 1) and decimals, scaled by their column's digits.
    Int(i64),
    /// Text; never empty when it comes from a record's column.
    Text(Box<str>),
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
