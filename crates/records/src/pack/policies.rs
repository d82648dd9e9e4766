//! The data policies of a new instance (`rest-and-records.md` §14.2).

use crate::base::{Seed, derived_id};

/// A resolved incident says how it was resolved.
const INCIDENT: &str = "Resolution information of incidents";

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
    std::iter::once(policy).chain(fields)
}
