//! How a built-in table is written down: constants, checked when they are compiled, turned into records on demand.

pub(super) mod column;
pub(super) mod table;

pub(super) use column::{Choice, Column};
pub(super) use table::Table;
