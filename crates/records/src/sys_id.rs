//! `sys_id`: the key of every record (`rest-and-records.md` §13.2).
//!
//! Usually 32 lower-case hex digits. A caller may choose another on insert and it is kept as given, and some
//! well-known rows have short ones (`global`, `4`), so the type is text of 1 to 32 characters.
//! The ids we make are in time order, so that a new row lands at the end of every index.

use std::fmt;

/// The key of a record: 1 to 32 ASCII letters, digits, `_`, `-` or `.`; kept as given, compared exactly.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SysId {
    text: [u8; Self::MAX],
    len: u8,
}

/// The text is no `sys_id`: empty, longer than 32 characters or with a character no id has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sys_id is 1 to 32 letters, digits, '_', '-' or '.'")]
pub struct InvalidSysId;

impl SysId {
    const MAX: usize = 32;

    /// Parses an id that came from outside or from the store.
    ///
    /// # Errors
    /// [`InvalidSysId`] when the text cannot be an id.
    pub fn parse(text: &str) -> Result<Self, InvalidSysId> {
        let bytes = text.as_bytes();
        let allowed = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        if bytes.is_empty() || bytes.len() > Self::MAX || !bytes.iter().all(allowed) {
            return Err(InvalidSysId);
        }
        let mut id = Self {
            text: [0; Self::MAX],
            len: 0,
        };
        id.text[..bytes.len()].copy_from_slice(bytes);
        id.len = u8::try_from(bytes.len()).map_err(|_| InvalidSysId)?;
        Ok(id)
    }

    /// Returns the id of 16 bytes as 32 lower-case hex digits.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; Self::MAX];
        for (pair, byte) in text.chunks_exact_mut(2).zip(bytes) {
            pair[0] = HEX[usize::from(byte >> 4)];
            pair[1] = HEX[usize::from(byte & 15)];
        }
        Self { text, len: 32 }
    }

    /// Makes an id whose order is the order of making: `order` (a number that only grows, such as
    /// milliseconds and a sequence) leads, `noise` makes it unguessable and unique across instances.
    #[must_use]
    pub fn in_order(order: u64, noise: u64) -> Self {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&order.to_be_bytes());
        bytes[8..].copy_from_slice(&noise.to_be_bytes());
        Self::from_bytes(bytes)
    }

    /// Returns the id as it is written on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII is ever stored, so the text is valid UTF-8.
        std::str::from_utf8(&self.text[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl fmt::Display for SysId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SysId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for SysId {
    type Err = InvalidSysId;
    fn from_str(text: &str) -> Result<Self, InvalidSysId> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_a_caller_chose() {
        for text in ["AAAABBBBCCCCDDDDEEEEFFFF00001111", "global", "4"] {
            assert_eq!(
                SysId::parse(text).map(|id| id.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn refuses_what_is_no_id() {
        for text in ["", "é", "a b", "a'", "000000000000000000000000000000000"] {
            assert_eq!(SysId::parse(text), Err(InvalidSysId), "{text:?}");
        }
    }

    #[test]
    fn made_ids_sort_in_the_order_of_making() {
        assert!(SysId::in_order(1, u64::MAX) < SysId::in_order(2, 0));
        assert_eq!(
            SysId::in_order(258, 1).as_str(),
            "00000000000001020000000000000001"
        );
    }
}
