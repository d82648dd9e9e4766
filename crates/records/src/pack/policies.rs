//! The data policies and business rules of a new instance (`rest-and-records.md` §14.2, §14.3).

use crate::base::{Seed, derived_id};

/// A resolved incident says how it was resolved.
const INCIDENT: &str = "Resolution information of incidents";

/// From which state a change request goes to which; all else is a jump. One that is closed or canceled stays so.
const TRANSITIONS: &str = "stateCHANGESFROM-5^stateNOT IN-5,-4,-3,-2,4\
    ^NQstateCHANGESFROM-4^stateNOT IN-5,-4,-3,4\
    ^NQstateCHANGESFROM-3^stateNOT IN-5,-4,-3,-2,4\
    ^NQstateCHANGESFROM-2^stateNOT IN-5,-4,-2,-1,4\
    ^NQstateCHANGESFROM-1^stateNOT IN-1,0,4\
    ^NQstateCHANGESFROM0^stateNOT IN-1,0,3,4\
    ^NQstateCHANGESFROM3\
    ^NQstateCHANGESFROM4";

fn transitions() -> Seed {
    Seed::new("sys_script", derived_id("sys_script", "change transitions"))
        .with("name", "Change Model: Check State Transition")
        .with("collection", "change_request")
        .with("when", "before")
        .with("order", "50")
        .with_flag("action_update", true)
        .with("filter_condition", TRANSITIONS)
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
