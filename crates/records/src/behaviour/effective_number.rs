//! `task_effective_number` equals `number` (§14.1). A number that is still to be drawn reaches both columns
//! through [`crate::write::Insert::assign_number`].

use super::Row;

pub(super) fn follow(row: &mut Row<'_>) {
    if row.moves("number") {
        row.copy("number", "task_effective_number");
    }
}
