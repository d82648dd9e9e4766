//! The columns that every hierarchy has without declaring them (`rest-and-records.md` §13.3).

use std::sync::Arc;

use crate::{
    Column, Dictionary,
    dictionary::{Definition, TableRow},
    name::Name,
};

/// Returns the system columns, `sys_class_name` among them, as [`Dictionary::build`] makes them: it is asked for
/// a table that declares nothing, so that they are written down in one place only.
pub(super) fn columns() -> Vec<Arc<Column>> {
    let Ok(name) = Name::parse("sys_metadata") else {
        return Vec::new();
    };
    let bare = TableRow {
        sys_id: None,
        name: name.clone(),
        label: "".into(),
        super_class: None,
        is_extendable: true,
        ws_access: true,
        audit: false,
    };
    let (dictionary, _) = Dictionary::build(&Definition {
        tables: vec![bare],
        ..Definition::default()
    });
    dictionary
        .table(&name)
        .map(|table| table.columns().to_vec())
        .unwrap_or_default()
}

/// The one that only hierarchies with classes have.
pub(super) const CLASS: &str = "sys_class_name";
