//! A task that enters a closed state is inactive and says who closed it and when; one that leaves it is active
//! again (§14.2, §14.3).

use super::Row;

pub(super) fn close_or_open(row: &mut Row<'_>) {
    let closed_states = closed_states(row);
    let is_closed = |state: Option<i64>| state.is_some_and(|state| closed_states.contains(&state));
    match (
        is_closed(row.number_before("state")),
        is_closed(row.number("state")),
    ) {
        (false, true) => close(row),
        (true, false) => row.set("active", true.into()),
        _ => {}
    }
}

fn close(row: &mut Row<'_>) {
    let stamp = row.stamp();
    row.set("active", false.into());
    if !row.moves("closed_at") {
        row.set("closed_at", stamp.now());
    }
    if !row.moves("closed_by") {
        row.set("closed_by", stamp.user());
    }
}

/// The states of the nearest table that has its own.
fn closed_states(row: &Row<'_>) -> &'static [i64] {
    const OWN: [(&str, &[i64]); 5] = [
        ("incident", &[7, 8]),
        ("change_request", &[3, 4]),
        ("change_task", &[3, 4]),
        ("problem", &[107]),
        ("problem_task", &[157]),
    ];
    const TASK: &[i64] = &[3, 4, 7];
    OWN.iter()
        .find(|(table, _)| row.is_a(table))
        .map_or(TASK, |(_, states)| states)
}
