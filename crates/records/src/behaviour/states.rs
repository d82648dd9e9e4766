//! `state` and the older column beside it stay equal: writing either moves the other (§14.2, §14.3). Where both
//! are written and differ, `state` wins, as measured.

use super::Row;

/// Of an incident.
pub(super) const ON_HOLD: i64 = 3;
/// Of an incident.
pub(super) const RESOLVED: i64 = 6;
/// Of an incident.
pub(super) const CLOSED: i64 = 7;

pub(super) fn pair_incident(row: &mut Row<'_>) {
    pair(row, "incident_state");
}

pub(super) fn pair_problem(row: &mut Row<'_>) {
    pair(row, "problem_state");
}

fn pair(row: &mut Row<'_>, older: &str) {
    if row.moves("state") {
        row.copy("state", older);
    } else if row.moves(older) {
        row.copy(older, "state");
    } else if row.is_new() {
        row.copy("state", older);
    }
}
