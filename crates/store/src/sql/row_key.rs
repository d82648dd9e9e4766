//! A `sys_id` that is the row key in another spelling: the row is found by its key, and no index of the `sys_id`
//! has to be kept.

use snowglobe_records::Column;

/// Tells whether a column spells the key of its row. Tokens do so: their rows come by the thousand, and an index
/// of their `sys_id`s would cost as much as the rows (`oauth/changes.rs` writes both).
pub(crate) fn is_spelt_by(column: &Column) -> bool {
    column.element == "sys_id" && column.declared_in == "oauth_credential"
}

/// Tells whether the row key has the order of a column: a token's id begins with the moment it was made.
pub(super) fn orders_like(column: &Column) -> bool {
    column.element == "sys_created_on" && column.declared_in == "oauth_credential"
}

/// Returns the row key that a `sys_id` spells: 16 hex digits, and zeros after them.
pub(crate) fn of(sys_id: &str) -> Option<i64> {
    let (digits, rest) = sys_id.split_at_checked(16)?;
    let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if !hex || rest != "0000000000000000" {
        return None;
    }
    let key = i64::from_str_radix(digits, 16).ok()?;
    (key > 0).then_some(key)
}

#[cfg(test)]
mod tests {
    use snowglobe_records::SysId;

    use super::of;

    #[test]
    fn a_key_is_read_from_the_sys_id_that_spells_it() {
        for key in [1, 0x0123_4567_89ab_cdef, i64::MAX] {
            let sys_id = SysId::in_order(key.cast_unsigned(), 0);
            assert_eq!(of(sys_id.as_str()), Some(key));
            assert_eq!(of(&sys_id.as_str().to_ascii_uppercase()), Some(key));
        }
    }

    #[test]
    fn another_sys_id_spells_no_key() {
        for sys_id in [
            "",
            "global",
            "019aa0000000000000000000000000ff",
            "ffffffffffffffff0000000000000000",
            "00000000000000000000000000000000",
            "+0000000000000010000000000000000",
        ] {
            assert_eq!(of(sys_id), None, "{sys_id}");
        }
    }
}
