//! An incident that leaves Resolved or Closed for an earlier state was reopened (§14.2).

use super::{
    Row,
    states::{CLOSED, RESOLVED},
};
use crate::Value;

pub(super) fn count(row: &mut Row<'_>) {
    let was_done = matches!(row.number_before("state"), Some(RESOLVED | CLOSED));
    let is_open = row.number("state").is_some_and(|state| state < RESOLVED);
    if was_done && is_open {
        let stamp = row.stamp();
        let count = row.number_before("reopen_count").unwrap_or(0);
        row.set("reopen_count", Value::Int(count.saturating_add(1)));
        row.set("reopened_by", stamp.user());
        row.set("reopened_time", stamp.now());
    }
}
