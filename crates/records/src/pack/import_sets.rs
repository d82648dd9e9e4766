//! The map that a new instance has: people, found again by their e-mail address (`rest-and-records.md` §7).

use crate::base::{Seed, derived_id};

const MAP: &str = "User";
const FIELDS: [(&str, &str); 5] = [
    ("user_id", "user_name"),
    ("first_name", "first_name"),
    ("last_name", "last_name"),
    ("email", "email"),
    ("title", "title"),
];

pub(super) fn seeds() -> impl Iterator<Item = Seed> {
    let id = derived_id("sys_transform_map", MAP);
    let map = Seed::new("sys_transform_map", id)
        .with("name", MAP)
        .with("source_table", "imp_user")
        .with("target_table", "sys_user");
    let entries = FIELDS.iter().map(move |(source, target)| {
        let key = format!("{MAP} {target}");
        Seed::new(
            "sys_transform_entry",
            derived_id("sys_transform_entry", &key),
        )
        .with_reference("map", id)
        .with("source_table", "imp_user")
        .with("source_field", *source)
        .with("target_table", "sys_user")
        .with("target_field", *target)
        .with_flag("coalesce", *target == "email")
    });
    std::iter::once(map).chain(entries)
}
