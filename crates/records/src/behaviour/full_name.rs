//! `sys_user.name` is computed from its parts; a name without parts is kept as it is.

use super::Row;

const PARTS: [&str; 3] = ["first_name", "middle_name", "last_name"];

pub(super) fn compute(row: &mut Row<'_>) {
    if !row.moves("name") && !PARTS.iter().any(|part| row.moves(part)) {
        return;
    }
    let parts: Vec<&str> = PARTS
        .iter()
        .filter_map(|part| row.value(part).as_text())
        .collect();
    if !parts.is_empty() {
        let name = parts.join(" ");
        row.set("name", name.into());
    }
}
