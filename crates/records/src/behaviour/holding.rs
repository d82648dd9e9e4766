//! An incident that is no longer on hold waits for nothing (§14.2).

use super::{Row, states::ON_HOLD};
use crate::Value;

pub(super) fn end(row: &mut Row<'_>) {
    let was_held = row.number_before("state") == Some(ON_HOLD);
    if was_held && row.number("state") != Some(ON_HOLD) && !row.moves("hold_reason") {
        row.set("hold_reason", Value::Null);
    }
}
