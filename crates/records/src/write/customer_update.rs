//! What a change of an application file leaves behind, beside the change: a version of the file (`sys_update_version`)
//! and its place in an update set (`sys_update_xml`). Tools that compare or carry instances read these.
//!
//! Application files are the rows of `sys_metadata`; nothing is asked about any other row but its table's root.

use std::{fmt::Write as _, sync::Arc};

use super::{Insert, RowCells};
use crate::{
    body::xml,
    dictionary::{Column, Kind, Table},
    value::{Value, ValueRef},
};

/// One state of an application file, as an update set carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerUpdate {
    /// The file's name in every instance: `sys_script_include_<sys_id>`.
    pub name: Box<str>,
    /// What the file's class is called.
    pub class: Box<str>,
    /// What the file is shown by.
    pub target_name: Box<str>,
    /// `INSERT_OR_UPDATE` or `DELETE`.
    pub action: &'static str,
    /// The key of the file's application.
    pub application: Box<str>,
    /// The whole file as XML, without its secrets.
    pub payload: Box<str>,
}

impl CustomerUpdate {
    /// Returns what a new row leaves; nothing, unless it is an application file.
    #[must_use]
    pub fn of_insert(new: &Insert) -> Option<Self> {
        Self::of(&new.table, "INSERT_OR_UPDATE", |element| new.value(element))
    }

    /// Returns what a change of a row leaves.
    pub(super) fn of_update(row: &RowCells, changes: &[(Arc<Column>, Value)]) -> Option<Self> {
        Self::of(row.table(), "INSERT_OR_UPDATE", |element| {
            let changed = changes.iter().find(|(column, _)| column.element == element);
            changed.map_or_else(|| row.value(element), |(_, value)| value.as_ref())
        })
    }

    /// Returns what the deletion of a row leaves.
    pub(super) fn of_delete(row: &RowCells) -> Option<Self> {
        Self::of(row.table(), "DELETE", |element| row.value(element))
    }

    fn of<'v>(
        table: &Table,
        action: &'static str,
        value: impl Fn(&str) -> ValueRef<'v>,
    ) -> Option<Self> {
        if !is_application_file(table) {
            return None;
        }
        let text = |element: &str| value(element).as_text().unwrap_or_default();
        let name = match text("sys_update_name") {
            // Rows that an instance starts with are not named until somebody changes them.
            "" => update_name(table, &value),
            name => name.into(),
        };
        let display = table.display().map(|column| text(&column.element));
        Some(Self {
            class: table.label().into(),
            target_name: display.unwrap_or_default().into(),
            action,
            application: text("sys_scope").into(),
            payload: payload(table, action, &value).into(),
            name,
        })
    }
}

impl Insert {
    /// Gives an application file the name that update sets know it by.
    pub fn assign_update_name(&mut self) {
        let table = Arc::clone(&self.table);
        if !is_application_file(&table) || self.value("sys_update_name") != ValueRef::Null {
            return;
        }
        if let Some(column) = table.column("sys_update_name") {
            let name = update_name(&table, &|element: &str| self.value(element));
            self.put(Arc::clone(column), Value::text(&name));
        }
    }
}

fn is_application_file(table: &Table) -> bool {
    *table.root() == *"sys_metadata"
}

/// A file is known by its class and key; a column and a label by what they are about, which is alike in every instance.
pub(crate) fn update_name<'v>(table: &Table, value: &impl Fn(&str) -> ValueRef<'v>) -> Box<str> {
    let text = |element: &str| value(element).as_text().filter(|text| !text.is_empty());
    let class = table.name();
    let of_column = || {
        let (name, element) = (text("name")?, text("element").unwrap_or("null"));
        Some(format!("{class}_{name}_{element}"))
    };
    let name = match class.as_str() {
        "sys_dictionary" => of_column(),
        "sys_documentation" => {
            of_column().map(|name| format!("{name}_{}", text("language").unwrap_or("en")))
        }
        _ => None,
    };
    let by_key = || format!("{class}_{}", text("sys_id").unwrap_or_default());
    name.unwrap_or_else(by_key).into()
}

/// Writes the row as update sets carry it. Secrets stay where they are: whoever reads update sets is not who may have
/// them.
fn payload<'v>(table: &Table, action: &str, value: &impl Fn(&str) -> ValueRef<'v>) -> String {
    let class = table.name();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <record_update table=\"{class}\"><{class} action=\"{action}\">"
    );
    for column in table.columns() {
        if !matches!(column.kind, Kind::Secret(_) | Kind::Journal(_)) {
            push_field(column, value(&column.element), &mut out);
        }
    }
    let _ = write!(out, "</{class}></record_update>"); // writing to a String cannot fail
    out
}

fn push_field(column: &Column, value: ValueRef<'_>, out: &mut String) {
    let element = &column.element;
    let mut text = String::new();
    column.kind.write(value, &mut text);
    if text.is_empty() {
        let _ = write!(out, "<{element}/>");
        return;
    }
    let _ = write!(out, "<{element}>");
    xml::escape(&text, out);
    let _ = write!(out, "</{element}>");
}
