//! A row while it is being written: the stored values, if there are any, under the new ones.

use std::sync::Arc;

use crate::{
    dictionary::{Column, Kind, Table},
    name::Name,
    value::{Value, ValueRef},
    write::{RowCells, Stamp},
};

/// A row that is about to be inserted or updated.
pub(crate) struct Row<'a> {
    table: Arc<Table>,
    current: Option<&'a RowCells>,
    /// The places of the columns that were sent.
    written: Vec<usize>,
    /// The new value of each column of the table, if it has one: rules look at many.
    values: Vec<Option<Value>>,
    /// Columns whose new content is not a value of the row: journal entries, secrets.
    beside: Vec<Name>,
    /// Journal entries that rules add.
    notes: Vec<(Arc<Column>, Box<str>)>,
    /// Flows that the write starts: keys and names.
    starts: Vec<(Box<str>, Box<str>)>,
    stamp: &'a Stamp<'a>,
}

impl<'a> Row<'a> {
    /// Begins a new row with what was sent.
    pub(crate) fn new(
        table: &Arc<Table>,
        sent: impl IntoIterator<Item = (Arc<Column>, Value)>,
        stamp: &'a Stamp<'a>,
    ) -> Self {
        let mut written = Vec::new();
        let mut values = vec![None; table.columns().len()];
        for (column, value) in sent {
            let slot = table.place(&column.element);
            if let Some((at, slot)) = slot.and_then(|at| Some((at, values.get_mut(at)?))) {
                *slot = Some(value);
                written.push(at);
            }
        }
        Self {
            table: Arc::clone(table),
            current: None,
            written,
            values,
            beside: Vec::new(),
            notes: Vec::new(),
            starts: Vec::new(),
            stamp,
        }
    }

    /// Names columns that get something which is no value of the row.
    pub(crate) fn with_beside(self, beside: Vec<Name>) -> Self {
        Self { beside, ..self }
    }

    /// Begins the update of a stored row with what was sent.
    pub(crate) fn changing(
        current: &'a RowCells,
        values: Vec<(Arc<Column>, Value)>,
        stamp: &'a Stamp<'a>,
    ) -> Self {
        Self {
            current: Some(current),
            ..Self::new(current.table(), values, stamp)
        }
    }

    pub(crate) fn table(&self) -> &Arc<Table> {
        &self.table
    }

    pub(crate) fn stamp(&self) -> &'a Stamp<'a> {
        self.stamp
    }

    /// Returns the new values, ordered by element, each column at most once.
    pub(crate) fn into_values(self) -> Vec<(Arc<Column>, Value)> {
        /// What comes to a row later: its number, in two columns of a task.
        const LATER: usize = 2;
        let count = self.values.iter().flatten().count();
        let mut new = Vec::with_capacity(count + LATER);
        let columns = self.table.columns().iter().zip(self.values);
        new.extend(columns.filter_map(|(column, value)| Some((Arc::clone(column), value?))));
        new
    }

    pub(super) fn is_new(&self) -> bool {
        self.current.is_none()
    }

    /// Tells whether the row's class is this table or extends it.
    pub(crate) fn is_a(&self, table: &str) -> bool {
        *self.table.name() == *table || self.table.ancestors().iter().any(|name| *name == *table)
    }

    /// Returns what the column will hold.
    pub(crate) fn value(&self, element: &str) -> ValueRef<'_> {
        let slot = self.table.place(element).and_then(|at| self.values.get(at));
        match slot {
            Some(Some(value)) => value.as_ref(),
            _ => self.before(element),
        }
    }

    /// Returns what the column holds now; nothing in a new row.
    pub(crate) fn before(&self, element: &str) -> ValueRef<'_> {
        self.current
            .map_or(ValueRef::Null, |row| row.value(element))
    }

    /// Tells whether somebody moves the column: in a new row by sending it, in a stored one by changing it.
    pub(super) fn moves(&self, element: &str) -> bool {
        if self.is_new() {
            let place = self.table.place(element);
            place.is_some_and(|at| self.written.contains(&at))
        } else {
            self.value(element) != self.before(element)
        }
    }

    /// Returns what the column will hold as a number; states are numbers whatever their column's type.
    pub(super) fn number(&self, element: &str) -> Option<i64> {
        number(self.value(element))
    }

    /// Returns what the column holds now as a number.
    pub(super) fn number_before(&self, element: &str) -> Option<i64> {
        number(self.before(element))
    }

    /// Adds an entry to a journal; empty text is none.
    pub(super) fn note(&mut self, journal: Arc<Column>, text: &str) {
        if !text.is_empty() {
            self.beside.push(journal.element.clone());
            self.notes.push((journal, text.into()));
        }
    }

    /// Takes out the journal entries that rules added.
    pub(crate) fn take_notes(&mut self) -> Vec<(Arc<Column>, Box<str>)> {
        std::mem::take(&mut self.notes)
    }

    /// Notes the flows that the write starts.
    pub(super) fn start(&mut self, flows: Vec<(Box<str>, Box<str>)>) {
        self.starts = flows;
    }

    /// Takes out the flows that the write starts.
    pub(crate) fn take_starts(&mut self) -> Vec<(Box<str>, Box<str>)> {
        std::mem::take(&mut self.starts)
    }

    /// Tells whether the column will hold nothing, and gets nothing beside the row either.
    pub(super) fn stays_empty(&self, element: &str) -> bool {
        self.value(element) == ValueRef::Null && !self.beside.iter().any(|name| *name == *element)
    }

    /// Sets a column, if the table has it.
    pub(crate) fn set(&mut self, element: &str, value: Value) {
        let place = self.table.place(element);
        if let Some(slot) = place.and_then(|at| self.values.get_mut(at)) {
            *slot = Some(value);
        }
    }

    /// Gives each column with a default that has no new value, not even an empty one, that default; `value` says what
    /// it is where it differs from row to row.
    pub(crate) fn fill(&mut self, value: impl Fn(&Column, &Stamp<'_>) -> Option<Value>) {
        let columns = self.table.columns();
        for default in self.table.defaults() {
            if let Some(slot @ None) = self.values.get_mut(default.at) {
                let differs = || value(columns.get(default.at)?, self.stamp);
                *slot = default.literal.clone().or_else(differs);
            }
        }
    }

    /// Sets a column from its wire form, which is the same for columns of different types.
    pub(super) fn set_wire(&mut self, element: &str, wire: &str) {
        let value = self
            .table
            .column(element)
            .and_then(|column| column.kind.parse(wire).ok());
        if let Some(value) = value {
            self.set(element, value);
        }
    }

    /// Sets a column that would stay empty.
    pub(crate) fn set_if_empty(&mut self, element: &str, value: impl FnOnce() -> Value) {
        if self.value(element) == ValueRef::Null {
            self.set(element, value());
        }
    }

    /// Sets a column to a number, whatever its type.
    pub(super) fn set_number(&mut self, element: &str, number: i64) {
        match self.table.column(element).map(|column| column.kind) {
            Some(Kind::Integer) => self.set(element, Value::Int(number)),
            _ => self.set_wire(element, &number.to_string()),
        }
    }

    /// Sets a column to another's new value.
    pub(super) fn copy(&mut self, from: &str, to: &str) {
        let kind = |element| self.table.column(element).map(|column| column.kind);
        let (Some(from_kind), Some(to_kind)) = (kind(from), kind(to)) else {
            return;
        };
        if from_kind == to_kind {
            self.set(to, self.value(from).to_owned());
        } else {
            let mut wire = String::new();
            from_kind.write(self.value(from), &mut wire);
            self.set_wire(to, &wire);
        }
    }
}

fn number(value: ValueRef<'_>) -> Option<i64> {
    match value {
        ValueRef::Int(n) => Some(n),
        ValueRef::Text(text) => text.parse().ok(),
        ValueRef::Null => None,
    }
}
