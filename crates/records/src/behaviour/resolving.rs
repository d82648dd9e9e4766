//! An incident or a problem that is resolved says by whom and when (§14.2, §14.3).

use super::{Row, states::RESOLVED};

/// Of a problem.
const PROBLEM_RESOLVED: i64 = 106;

pub(super) fn stamp(row: &mut Row<'_>) {
    stamp_in(row, RESOLVED);
}

pub(super) fn stamp_problem(row: &mut Row<'_>) {
    stamp_in(row, PROBLEM_RESOLVED);
}

fn stamp_in(row: &mut Row<'_>, resolved: i64) {
    if row.number("state") != Some(resolved) || row.number_before("state") == Some(resolved) {
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
