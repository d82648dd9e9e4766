//! An incident that enters state 6 says who resolved it and when (§14.2).

use super::{Row, states::RESOLVED};

pub(super) fn stamp(row: &mut Row<'_>) {
    let resolved = row.number("state") == Some(RESOLVED);
    if !resolved || row.number_before("state") == Some(RESOLVED) {
        return;
    }
    let stamp = row.stamp();
    if !row.moves("resolved_at") {
        row.set("resolved_at", stamp.now());
    }
    if !row.moves("resolved_by") {
        row.set("resolved_by", stamp.user());
    }
}
