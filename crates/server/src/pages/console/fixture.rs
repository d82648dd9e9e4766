//! The built-in tables, for the tests of what pages show.

use std::sync::Arc;

use snowglobe_records::{Column, Dictionary, base};

pub(super) fn dictionary() -> Dictionary {
    Dictionary::build(&base::definition()).0
}

pub(super) fn column(table: &str, element: &str) -> Arc<Column> {
    let dictionary = dictionary();
    let column = dictionary.table(table).unwrap().column(element);
    Arc::clone(column.unwrap())
}
