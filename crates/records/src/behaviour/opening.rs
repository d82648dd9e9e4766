//! Who opened a task and when (§14.1): now and the caller, unless the body says otherwise.

use super::Row;

pub(super) fn stamp(row: &mut Row<'_>) {
    if row.is_new() {
        let stamp = row.stamp();
        row.set_if_empty("opened_at", || stamp.now());
        row.set_if_empty("opened_by", || stamp.user());
    }
}
