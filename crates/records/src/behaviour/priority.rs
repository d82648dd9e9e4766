//! The priority matrix (`def-prio-lookup-rules`, §14.2): of incidents and problems impact and urgency decide, and a
//! written priority is overwritten. Any other task has the priority that somebody gives it.

use super::Row;

pub(super) fn look_up(row: &mut Row<'_>) {
    let asked = row.is_new()
        || ["impact", "urgency", "priority"]
            .iter()
            .any(|e| row.moves(e));
    if let (true, Some(impact), Some(urgency)) =
        (asked, row.number("impact"), row.number("urgency"))
        && (1..=3).contains(&impact)
        && (1..=3).contains(&urgency)
    {
        // 1 and 1 is 1, Critical; every step down in either is one step down in priority.
        row.set_number("priority", impact + urgency - 1);
    }
}
