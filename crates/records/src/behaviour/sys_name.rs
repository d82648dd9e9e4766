//! `sys_metadata.sys_name` repeats what an application file is shown by: clients list files of all classes by it.
//! A file that an instance starts with gets it, and its name in update sets, when somebody changes the file.

use super::Row;
use crate::{ValueRef, dictionary::Kind, write::update_name};

pub(super) fn follow(row: &mut Row<'_>) {
    if !row.is_new() && row.value("sys_update_name") == ValueRef::Null {
        let name = update_name(row.table(), &|element: &str| row.value(element));
        row.set("sys_update_name", name.as_ref().into());
    }
    let display = row.table().display().filter(|it| it.kind == Kind::Text);
    let Some(display) = display.map(|column| column.element.clone()) else {
        return;
    };
    if row.moves(&display) || row.value("sys_name") == ValueRef::Null {
        row.copy(&display, "sys_name");
    }
}
