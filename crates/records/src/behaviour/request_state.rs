//! A request is closed by its `request_state` or by its `state`; either moves the other (§14.3).

use super::Row;

/// `request_state` and the state of tasks.
const CLOSED: [(&str, &str); 5] = [
    ("closed_complete", "3"),
    ("closed_incomplete", "4"),
    ("closed_cancelled", "4"),
    ("closed_rejected", "4"),
    ("closed_skipped", "7"),
];

pub(super) fn pair(row: &mut Row<'_>) {
    // What is ordered here needs nobody's approval: a request that is submitted is under way.
    if row.moves("request_state") && row.value("request_state").as_text() == Some("submitted") {
        row.set_wire("request_state", "in_process");
        row.set_wire("approval", "approved");
    }
    if row.moves("request_state") {
        let written = row.value("request_state").as_text().unwrap_or_default();
        let state = CLOSED.iter().find(|(request, _)| *request == written);
        if let Some((_, state)) = state
            && !row.moves("state")
        {
            row.set_wire("state", state);
        }
    } else if row.moves("state") {
        let state = row.number("state").map(|state| state.to_string());
        let closed = CLOSED.iter().find(|(_, of)| Some(*of) == state.as_deref());
        if let Some((request, _)) = closed {
            row.set_wire("request_state", request);
        }
    }
}
