//! What developers find on a new instance: the update set that takes what nobody sorts elsewhere.

use crate::base::{Seed, derived_id};

pub(super) fn seeds() -> impl Iterator<Item = Seed> {
    let set = Seed::new("sys_update_set", derived_id("sys_update_set", "Default"))
        .with("name", "Default")
        .with(
            "description",
            "The default update set of the global application",
        )
        .with("is_default", "true");
    std::iter::once(set)
}
