//! The data policies and business rules of a new instance (`rest-and-records.md` §14.2, §14.3).

use crate::{
    SysId,
    base::{Seed, derived_id},
};

/// A resolved incident says how it was resolved.
const INCIDENT: &str = "Resolution information of incidents";

/// From which state a change request goes to which; all else is a jump. One that is closed or canceled stays so.
const TRANSITIONS: [(i64, &[i64]); 8] = [
    (-5, &[-4, -3, -2, 4]),
    (-4, &[-5, -3, 4]),
    (-3, &[-5, -4, -2, 4]),
    (-2, &[-5, -4, -1, 4]),
    (-1, &[0, 4]),
    (0, &[-1, 3, 4]),
    (3, &[]),
    (4, &[]),
];

/// Returns the states that a change goes to from this one.
#[must_use]
pub fn change_goes_to(state: i64) -> &'static [i64] {
    let known = TRANSITIONS.iter().find(|(from, _)| *from == state);
    known.map_or(&[], |(_, to)| to)
}

/// Returns the key by which a transition between two states of a change is known.
#[must_use]
pub fn change_transition(from: &str, to: &str) -> SysId {
    derived_id("sttrm_state_transition", &format!("{from} {to}"))
}

/// The condition under which a change is refused to go where it wants to.
fn jumps() -> String {
    let jump = |(from, to): &(i64, &[i64])| {
        let stays: Vec<String> = [from]
            .into_iter()
            .chain(*to)
            .map(ToString::to_string)
            .collect();
        let left = format!("stateCHANGESFROM{from}");
        if to.is_empty() {
            left
        } else {
            format!("{left}^stateNOT IN{}", stays.join(","))
        }
    };
    let jumps: Vec<String> = TRANSITIONS.iter().map(jump).collect();
    jumps.join("^NQ")
}

fn transitions() -> Seed {
    Seed::new("sys_script", derived_id("sys_script", "change transitions"))
        .with("name", "Change Model: Check State Transition")
        .with("collection", "change_request")
        .with("when", "before")
        .with("order", "50")
        .with_flag("action_update", true)
        .with("filter_condition", jumps())
        .with_flag("abort_action", true)
        .with_flag("add_message", true)
        .with(
            "message",
            "The change cannot go to this state from where it is.",
        )
}

pub(super) fn seeds() -> impl Iterator<Item = Seed> {
    let policy = derived_id("sys_data_policy2", INCIDENT);
    let fields = ["close_code", "close_notes"].map(|field| {
        Seed::new(
            "sys_data_policy_rule",
            derived_id("sys_data_policy_rule", field),
        )
        .with_reference("sys_data_policy", policy)
        .with("table", "incident")
        .with("field", field)
        .with("mandatory", "true")
    });
    let policy = Seed::new("sys_data_policy2", policy)
        .with("short_description", INCIDENT)
        .with("model_table", "incident")
        .with("conditions", "state=6");
    [transitions(), policy].into_iter().chain(fields)
}
