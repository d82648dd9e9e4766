//! The built-in tables: what an instance knows before its first record, as constants.
//!
//! [`definition()`] turns them into what a [`Dictionary`](crate::Dictionary) is built from; [`records()`] into the rows
//! of `sys_db_object`, `sys_dictionary` and so on that a new instance starts with; and [`load`] goes back, from the
//! rows of an instance that people have changed.

mod field_class;
mod id;
mod labels;
pub mod load;
mod records;
mod seed;
mod spec;
mod system;
mod tables;

pub use id::derived_id;
pub(crate) use id::known_id;
pub use labels::labels;
pub use records::records;
pub use seed::Seed;

use self::spec::Table;
use crate::dictionary::Definition;

/// References that hold a name in place of a `sys_id` (`rest-and-records.md` §4.1): table and element; what they
/// name is the `name` of the row they point to.
pub const KEYED_BY_NAME: [(&str, &str); 3] = [
    ("sys_dictionary", "internal_type"),
    ("sys_dictionary", "reference"),
    ("sys_number", "category"),
];

/// The attribute of a dictionary row that only repeats, for readers, what the table it names declares.
const INHERITED: &str = "inherited_from";

/// Returns the attribute of a dictionary row that repeats what `table` declares.
#[must_use]
pub fn inherited_from(table: &str) -> String {
    format!("{INHERITED}={table}")
}

/// Returns the built-in tables whose dictionary rows name what they inherit as well.
pub fn restating() -> impl Iterator<Item = &'static str> {
    tables::all()
        .filter(|table| table.restates)
        .map(|table| table.name)
}

/// Tells this version's built-in records from those of any other, and costs nothing: it was computed from the sources
/// of this crate when it was built, so it may also change where the records do not.
#[must_use]
pub fn fingerprint() -> &'static str {
    env!("SOURCES")
}

/// Returns the definition of no more tables than a dictionary is read from, and those above and below them.
#[must_use]
pub fn foundation() -> Definition {
    let is_source = |table: &Table| load::SOURCES.iter().any(|of| of.table == table.name);
    let at_or_below = tables::all().filter(|table| records::hierarchy(table).any(is_source));
    let mut tables: Vec<&Table> = at_or_below.flat_map(records::hierarchy).collect();
    tables.sort_by_key(|table| table.name);
    tables.dedup_by_key(|table| table.name);
    let mut definition = Definition::default();
    for table in tables {
        table.define(&mut definition);
    }
    definition
}

/// Returns the definition of all built-in tables.
#[must_use]
pub fn definition() -> Definition {
    let mut definition = Definition::default();
    for table in tables::all() {
        table.define(&mut definition);
    }
    definition
}
