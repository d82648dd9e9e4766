//! Keys of the records that every instance has: the same on every instance and in every version.

use crate::SysId;

/// Returns the key of a built-in record: a hash of its table and of what names it there.
///
/// Upgrades find a record again by this key, so the function must never change: it is FNV-1a with 128 bits.
#[must_use]
pub fn derived_id(table: &str, key: &str) -> SysId {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let bytes = table.bytes().chain([0]).chain(key.bytes());
    let hash = bytes.fold(OFFSET, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(PRIME)
    });
    SysId::from_bytes(hash.to_be_bytes())
}

/// Returns the key of a record that samples and clients know by it (`rest-and-records.md` §15).
pub(crate) fn known_id(text: &'static str) -> SysId {
    // Only constants come here, and all of them are ids; the other way keeps the function total.
    SysId::parse(text).unwrap_or_else(|_| derived_id("", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_changes() {
        assert_eq!(
            derived_id("sys_db_object", "incident").as_str(),
            "2611173f397ba48aef930b8f46bcf36d"
        );
        assert_ne!(derived_id("a", "bc"), derived_id("ab", "c"));
    }
}
