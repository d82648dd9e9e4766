//! A table with everything it inherits.

use std::{fmt::Write as _, sync::Arc};

use super::column::Column;
use crate::{
    SysId,
    name::{ByName, Name},
    value::Value,
};

/// A table: its place in the hierarchy, all its columns and how it numbers its rows.
#[derive(Debug)]
pub struct Table {
    pub(super) name: Name,
    pub(super) sys_id: Option<SysId>,
    pub(super) label: Box<str>,
    pub(super) ancestors: Vec<Name>,
    pub(super) descendants: Vec<Name>,
    pub(super) columns: Vec<Arc<Column>>,
    pub(super) by_element: ByName<usize>,
    /// The columns that have a default.
    pub(super) defaults: Box<[Defaulted]>,
    /// The places of those whose default is the table's next number.
    pub(super) numbered: Box<[usize]>,
    /// The display column that it, or the nearest table above it, declares.
    pub(super) declared_display: Option<Name>,
    pub(super) display: Option<Arc<Column>>,
    pub(super) number: Option<NumberFormat>,
    pub(super) ws_access: bool,
    pub(super) audited: bool,
}

/// A column that has a default. Each new row passes all of them, so what they need is here and not with the columns.
#[derive(Debug)]
pub(crate) struct Defaulted {
    /// Its place among the columns.
    pub(crate) at: usize,
    /// What it is, where it is the same for each row.
    pub(crate) literal: Option<Value>,
}

/// How a table numbers its rows (`sys_number`, `rest-and-records.md` §13.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFormat {
    /// The table it was made for; a child without a format of its own is counted with it.
    pub category: Name,
    /// What stands before the digits.
    pub prefix: Arc<str>,
    /// The number before the first one.
    pub base: i64,
    /// The digits are padded with zeros to this width.
    pub digits: u8,
}

impl NumberFormat {
    /// Returns the number as it is stored: `INC0010001`.
    #[must_use]
    pub fn render(&self, n: i64) -> String {
        let width = usize::from(self.digits);
        let mut number = String::with_capacity(self.prefix.len() + width.max(20));
        let _ = write!(number, "{}{n:0width$}", self.prefix); // writing to a String cannot fail
        number
    }
}

impl Table {
    /// Returns the table's name, which is also the class of its rows.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Returns the key of its `sys_db_object` record; a table that only the bootstrap knows has none yet.
    #[must_use]
    pub fn sys_id(&self) -> Option<SysId> {
        self.sys_id
    }

    /// Returns the name a person reads.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Returns the table it extends.
    #[must_use]
    pub fn parent(&self) -> Option<&Name> {
        self.ancestors.first()
    }

    /// Returns the tables it extends, nearest first.
    #[must_use]
    pub fn ancestors(&self) -> &[Name] {
        &self.ancestors
    }

    /// Returns every table that extends it, directly or not.
    #[must_use]
    pub fn descendants(&self) -> &[Name] {
        &self.descendants
    }

    /// Returns the table that owns the storage: the last ancestor, or itself.
    #[must_use]
    pub fn root(&self) -> &Name {
        self.ancestors.last().unwrap_or(&self.name)
    }

    /// Tells whether rows carry their class, because the hierarchy has or may have more than one.
    #[must_use]
    pub fn has_classes(&self) -> bool {
        self.column("sys_class_name").is_some()
    }

    /// Tells whether a row of `class` is a row of this table.
    #[must_use]
    pub fn includes(&self, class: &str) -> bool {
        self.name == *class || self.descendants.iter().any(|name| *name == *class)
    }

    /// Returns all columns, inherited ones too, ordered by element.
    #[must_use]
    pub fn columns(&self) -> &[Arc<Column>] {
        &self.columns
    }

    /// Returns the column of this name.
    #[must_use]
    pub fn column(&self, element: &str) -> Option<&Arc<Column>> {
        self.by_element.get(element).map(|at| &self.columns[*at])
    }

    /// Returns the place of the column of this name among [`Self::columns`].
    pub(crate) fn place(&self, element: &str) -> Option<usize> {
        self.by_element.get(element).copied()
    }

    /// Returns the columns that have a default.
    pub(crate) fn defaults(&self) -> &[Defaulted] {
        &self.defaults
    }

    /// Returns the columns that a new row's number goes into, if nothing else does.
    pub(crate) fn numbered(&self) -> impl DoubleEndedIterator<Item = &Arc<Column>> {
        self.numbered.iter().filter_map(|at| self.columns.get(*at))
    }

    /// Returns the column that stands for a row where it is referenced.
    #[must_use]
    pub fn display(&self) -> Option<&Arc<Column>> {
        self.display.as_ref()
    }

    /// Returns how its rows are numbered.
    #[must_use]
    pub fn number(&self) -> Option<&NumberFormat> {
        self.number.as_ref()
    }

    /// Tells whether web services may reach it at all (`sys_db_object.ws_access`).
    #[must_use]
    pub fn ws_access(&self) -> bool {
        self.ws_access
    }

    /// Tells whether updates leave a trace in `sys_audit`.
    #[must_use]
    pub fn is_audited(&self) -> bool {
        self.audited
    }
}
