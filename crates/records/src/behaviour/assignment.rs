//! Every change of the assignment, group or person or both, counts once (§14.2).

use super::Row;
use crate::Value;

pub(super) fn count(row: &mut Row<'_>) {
    let reassigned = row.moves("assignment_group") || row.moves("assigned_to");
    if reassigned && !row.is_new() {
        let count = row.number_before("reassignment_count").unwrap_or(0);
        row.set("reassignment_count", Value::Int(count.saturating_add(1)));
    }
}
