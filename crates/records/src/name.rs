//! Names of tables and columns: what may stand in the dictionary, and so what may ever stand in SQL.

use std::{collections::HashMap, fmt, sync::Arc};

use foldhash::fast::RandomState;

/// A table or column name: a lower-case letter or `_`, then lower-case letters, digits and `_`; at most 80 characters.
///
/// Every name in a [`crate::Dictionary`] is one, so text that is no name cannot reach a statement.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Arc<str>);

/// The text is no table or column name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no name: use lower-case letters, digits and '_', starting with a letter, at most 80"
)]
pub struct InvalidName(Box<str>);

impl Name {
    const MAX: usize = 80;

    /// Parses a name.
    ///
    /// # Errors
    /// [`InvalidName`] when the text cannot be one.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let starts = |b: u8| b.is_ascii_lowercase() || b == b'_';
        let goes_on = |b: u8| starts(b) || b.is_ascii_digit();
        let bytes = text.as_bytes();
        match bytes {
            [first, rest @ ..]
                if bytes.len() <= Self::MAX
                    && starts(*first)
                    && rest.iter().all(|b| goes_on(*b)) =>
            {
                Ok(Self(text.into()))
            }
            _ => Err(InvalidName(text.chars().take(Self::MAX).collect())),
        }
    }

    /// Returns the name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text itself, shared rather than copied.
    #[must_use]
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

/// What is found by a name. Only the dictionary puts names in, and each request asks a hundred times, so the hash is
/// a fast one that does not withstand chosen keys.
pub(crate) type ByName<T> = HashMap<Name, T, RandomState>;

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl std::ops::Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

/// Returns a name for the database: PostgreSQL cuts names at 63 bytes, so longer ones end in a hash of the whole.
#[must_use]
pub fn database_name(full: &str) -> Box<str> {
    const LONGEST: usize = 63;
    const HASH: usize = 11;
    match full.get(..LONGEST - HASH) {
        Some(start) if full.len() > LONGEST => format!("{start}~{:010x}", fnv1a(full) >> 24).into(),
        _ => full.into(),
    }
}

/// FNV-1a: the hash is part of the schema, so it must never change with a library.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_database_names_stay_distinct() {
        let (one, other) = (
            format!("{}1", "x".repeat(70)),
            format!("{}2", "x".repeat(70)),
        );
        assert_eq!(
            database_name("incident.category"),
            "incident.category".into()
        );
        assert_eq!(database_name(&one).len(), 63);
        assert_ne!(database_name(&one), database_name(&other));
    }

    #[test]
    fn only_identifiers_are_names() {
        for good in ["incident", "u_test_2", "_x"] {
            assert!(Name::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "Incident",
            "2fa",
            "a.b",
            "a\"b",
            "a b",
            "é",
            &"a".repeat(81),
        ] {
            assert!(Name::parse(bad).is_err(), "{bad}");
        }
    }
}
