//! The dynamic filter options that every instance has, under the ids that queries name (`rest-and-records.md` §3.2).

use crate::{
    SysId,
    base::Seed,
    query::{ME, MY_GROUPS},
};

/// Returns the options as records.
pub(super) fn seeds() -> impl Iterator<Item = Seed> {
    let option = |id: &str, label, table, script| {
        let seed = Seed::new("sys_filter_option_dynamic", SysId::parse(id).ok()?)
            .with("label", label)
            .with("referenced_table", table)
            .with("filter_script", script);
        Some(seed)
    };
    let [me, _older] = ME;
    [
        option(me, "Me", "sys_user", "gs.getUserID()"),
        option(
            MY_GROUPS,
            "One of my groups",
            "sys_user_group",
            "getMyGroups()",
        ),
    ]
    .into_iter()
    .flatten()
}
