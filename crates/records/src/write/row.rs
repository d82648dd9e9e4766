//! A row as it is now, for rules and conditions to look at.

use std::sync::Arc;

use crate::{
    SysId,
    dictionary::{Column, Table},
    value::{Value, ValueRef},
};

/// All columns of one stored row.
#[derive(Debug, Clone)]
pub struct RowCells {
    table: Arc<Table>,
    /// Ordered by element.
    cells: Vec<(Arc<Column>, Value)>,
    sys_id: SysId,
    mod_count: i64,
}

impl RowCells {
    /// Collects a row of `table`, which is the row's own class; `None` if `sys_id` is not among the cells.
    #[must_use]
    pub fn new(table: Arc<Table>, mut cells: Vec<(Arc<Column>, Value)>) -> Option<Self> {
        cells.sort_by(|(one, _), (other, _)| one.element.cmp(&other.element));
        let sys_id = SysId::parse(find(&cells, "sys_id").as_text()?).ok()?;
        let mod_count = find(&cells, "sys_mod_count").as_int().unwrap_or(0);
        Some(Self {
            table,
            cells,
            sys_id,
            mod_count,
        })
    }

    /// Returns the row's class.
    #[must_use]
    pub fn table(&self) -> &Arc<Table> {
        &self.table
    }

    /// Returns the row's key.
    #[must_use]
    pub fn sys_id(&self) -> SysId {
        self.sys_id
    }

    /// Returns how often the row was updated.
    #[must_use]
    pub fn mod_count(&self) -> i64 {
        self.mod_count
    }

    /// Returns elements and texts of what it holds, without secrets and journals: what a flow starts from.
    #[must_use]
    pub fn texts(&self) -> Vec<(Box<str>, Box<str>)> {
        texts(&self.table, |element| self.value(element))
    }

    /// Returns the value of a field; a field the row does not have is empty.
    #[must_use]
    pub fn value(&self, element: &str) -> ValueRef<'_> {
        find(&self.cells, element)
    }
}

/// Returns elements and texts of a row that holds these values.
pub(crate) fn texts<'v>(
    table: &Table,
    value: impl Fn(&str) -> ValueRef<'v>,
) -> Vec<(Box<str>, Box<str>)> {
    let text = |column: &Arc<Column>| {
        let mut text = String::new();
        column.kind.write(value(&column.element), &mut text);
        (!text.is_empty()).then(|| (column.element.as_str().into(), text.into()))
    };
    table.columns().iter().filter_map(text).collect()
}

fn find<'c>(cells: &'c [(Arc<Column>, Value)], element: &str) -> ValueRef<'c> {
    cells
        .binary_search_by(|(column, _)| column.element.as_str().cmp(element))
        .ok()
        .and_then(|at| cells.get(at))
        .map_or(ValueRef::Null, |(_, value)| value.as_ref())
}
