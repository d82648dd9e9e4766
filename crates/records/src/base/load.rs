//! From the rows of an instance's dictionary tables back to a [`Definition`]: the way of [`super::records()`],
//! walked backwards, after people have added and changed what they like.
//!
//! The store selects [`Source::elements`] of each [`Source::table`], in any order of rows. A cell that holds
//! nothing means its column's default, so rows that name little are enough.

use std::collections::HashMap;

use super::system;
use crate::{
    SysId,
    dictionary::{ChoiceRow, ColumnRow, Definition, NumberRow, OverrideRow, TableRow},
    name::Name,
    value::{Value, ValueRef},
};

/// Which elements of which table a definition is read from.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The table.
    pub table: &'static str,
    /// Its elements, in the order of the cells; the first is `sys_id`.
    pub elements: &'static [&'static str],
}

/// Where tables are read from.
pub const TABLES: Source = Source {
    table: "sys_db_object",
    elements: &[
        "sys_id",
        "name",
        "label",
        "super_class",
        "is_extendable",
        "ws_access",
        "audit",
    ],
};
/// Where columns are read from.
pub const COLUMNS: Source = Source {
    table: "sys_dictionary",
    elements: &[
        "sys_id",
        "name",
        "element",
        "column_label",
        "internal_type",
        "max_length",
        "reference",
        "default_value",
        "mandatory",
        "read_only",
        "unique",
        "display",
        "indexed",
        "choice",
        "active",
        "attributes",
    ],
};
/// Where overrides are read from.
pub const OVERRIDES: Source = Source {
    table: "sys_dictionary_override",
    elements: &[
        "sys_id",
        "name",
        "element",
        "default_value_override",
        "default_value",
    ],
};
/// Where choices are read from.
pub const CHOICES: Source = Source {
    table: "sys_choice",
    elements: &[
        "sys_id", "name", "element", "value", "label", "sequence", "inactive",
    ],
};
/// Where number formats are read from.
pub const NUMBERS: Source = Source {
    table: "sys_number",
    elements: &["sys_id", "category", "prefix", "number", "maximum_digits"],
};

/// All of them, in the order of [`DictionaryRows`].
pub const SOURCES: [Source; 5] = [TABLES, COLUMNS, OVERRIDES, CHOICES, NUMBERS];

/// One row of a [`Source`].
pub trait Cells {
    /// Returns the cell at this place, counted from 0; one that is not there is nothing.
    fn cell(&self, at: usize) -> ValueRef<'_>;
}

impl Cells for Vec<Value> {
    fn cell(&self, at: usize) -> ValueRef<'_> {
        self.get(at).map_or(ValueRef::Null, Value::as_ref)
    }
}

/// The rows of all five sources.
#[derive(Debug, Clone, Default)]
pub struct DictionaryRows<I> {
    /// Rows of [`TABLES`].
    pub tables: I,
    /// Rows of [`COLUMNS`].
    pub columns: I,
    /// Rows of [`OVERRIDES`].
    pub overrides: I,
    /// Rows of [`CHOICES`].
    pub choices: I,
    /// Rows of [`NUMBERS`].
    pub numbers: I,
}

/// A row that says nothing a dictionary could use; the rest of the definition does without it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {table} record {sys_id} is left out: '{text}' is no usable {element}")]
pub struct Unusable {
    /// The row's table.
    pub table: &'static str,
    /// The row's key.
    pub sys_id: Box<str>,
    /// What is wrong with it.
    pub element: &'static str,
    /// What stands there.
    pub text: Box<str>,
}

/// Reads a definition, and says which rows had to be left out.
pub fn definition<I>(rows: DictionaryRows<I>) -> (Definition, Vec<Unusable>)
where
    I: IntoIterator<Item: Cells>,
{
    let mut unusable = Vec::new();
    let tables = read(TABLES, rows.tables, table, &mut unusable);
    let system = system::columns();
    let mut columns = read(COLUMNS, rows.columns, column, &mut unusable);
    columns.retain(|row| !system.iter().any(|column| column.element == row.element));
    let definition = Definition {
        tables: resolve_parents(tables, &mut unusable),
        columns,
        overrides: read(OVERRIDES, rows.overrides, default_override, &mut unusable),
        choices: read(CHOICES, rows.choices, choice, &mut unusable),
        numbers: read(NUMBERS, rows.numbers, number, &mut unusable),
    };
    (definition, unusable)
}

/// `Ok(None)` is a row that is sound and declares nothing.
fn read<T, R: Cells>(
    source: Source,
    rows: impl IntoIterator<Item = R>,
    parse: impl Fn(&Record<'_, R>) -> Result<Option<T>, Unusable>,
    unusable: &mut Vec<Unusable>,
) -> Vec<T> {
    let mut parsed = Vec::new();
    for row in rows {
        match parse(&Record { source, row: &row }) {
            Ok(one) => parsed.extend(one),
            Err(why) => unusable.push(why),
        }
    }
    parsed
}

/// `super_class` is a `sys_id` in the record and a name in the definition.
fn resolve_parents(tables: Vec<Declared>, unusable: &mut Vec<Unusable>) -> Vec<TableRow> {
    let names: HashMap<Box<str>, Name> = tables
        .iter()
        .filter_map(|declared| {
            Some((
                declared.row.sys_id?.as_str().into(),
                declared.row.name.clone(),
            ))
        })
        .collect();
    let mut resolved = Vec::with_capacity(tables.len());
    for Declared {
        mut row,
        super_class,
    } in tables
    {
        row.super_class = names.get(&super_class).cloned();
        if row.super_class.is_some() || super_class.is_empty() {
            resolved.push(row);
        } else {
            unusable.push(Unusable {
                table: TABLES.table,
                sys_id: row.sys_id.map(|id| id.as_str().into()).unwrap_or_default(),
                element: "super_class",
                text: super_class,
            });
        }
    }
    resolved
}

/// A table whose parent is not yet known by name.
struct Declared {
    row: TableRow,
    super_class: Box<str>,
}

fn table<R: Cells>(record: &Record<'_, R>) -> Result<Option<Declared>, Unusable> {
    let row = TableRow {
        sys_id: SysId::parse(record.text("sys_id")).ok(),
        name: record.name("name")?,
        label: record.text("label").into(),
        super_class: None,
        is_extendable: record.flag("is_extendable", false),
        ws_access: record.flag("ws_access", true),
        audit: record.flag("audit", false),
    };
    Ok(Some(Declared {
        row,
        super_class: record.text("super_class").into(),
    }))
}

fn column<R: Cells>(record: &Record<'_, R>) -> Result<Option<ColumnRow>, Unusable> {
    if record.text("internal_type") == "collection" && record.text("element").is_empty() {
        return Ok(None);
    }
    if restates(record.text("attributes")) {
        return Ok(None);
    }
    Ok(Some(ColumnRow {
        name: record.name("name")?,
        element: record.name("element")?,
        label: record.text("column_label").into(),
        internal_type: record.text_or("internal_type", "string").into(),
        max_length: u32::try_from(record.integer("max_length", 0)).unwrap_or_default(),
        reference: record.optional_name("reference")?,
        default_value: record.text("default_value").into(),
        mandatory: record.flag("mandatory", false),
        read_only: record.flag("read_only", false),
        unique: record.flag("unique", false),
        display: record.flag("display", false),
        indexed: record.flag("indexed", false),
        choice: u8::try_from(record.integer("choice", 0)).unwrap_or_default(),
        active: record.flag("active", true),
    }))
}

/// Whether a row's attributes say that it repeats, for readers, what another table declares.
fn restates(attributes: &str) -> bool {
    attributes.split(',').any(|attribute| {
        let name = attribute
            .split_once('=')
            .map_or(attribute, |(name, _)| name);
        name.trim() == super::INHERITED
    })
}

fn default_override<R: Cells>(record: &Record<'_, R>) -> Result<Option<OverrideRow>, Unusable> {
    if !record.flag("default_value_override", false) {
        return Ok(None);
    }
    Ok(Some(OverrideRow {
        name: record.name("name")?,
        element: record.name("element")?,
        default_value: record.text("default_value").into(),
    }))
}

fn choice<R: Cells>(record: &Record<'_, R>) -> Result<Option<ChoiceRow>, Unusable> {
    Ok(Some(ChoiceRow {
        name: record.name("name")?,
        element: record.name("element")?,
        value: record.text("value").into(),
        label: record.text("label").into(),
        sequence: record.integer("sequence", 0),
        inactive: record.flag("inactive", false),
    }))
}

fn number<R: Cells>(record: &Record<'_, R>) -> Result<Option<NumberRow>, Unusable> {
    /// More digits than a counter can have are only zeros.
    const MOST_DIGITS: i64 = 20;
    let digits = record.integer("maximum_digits", 7).clamp(0, MOST_DIGITS);
    Ok(Some(NumberRow {
        category: record.name("category")?,
        prefix: record.text("prefix").into(),
        number: record.integer("number", 1000),
        maximum_digits: u8::try_from(digits).unwrap_or_default(),
    }))
}

/// A row whose cells are asked for by element.
struct Record<'r, R> {
    source: Source,
    row: &'r R,
}

impl<R: Cells> Record<'_, R> {
    fn value(&self, element: &str) -> ValueRef<'_> {
        let at = self
            .source
            .elements
            .iter()
            .position(|name| *name == element);
        at.map_or(ValueRef::Null, |at| self.row.cell(at))
    }

    fn text(&self, element: &str) -> &str {
        self.value(element).as_text().unwrap_or_default()
    }

    fn text_or<'s>(&'s self, element: &str, default: &'s str) -> &'s str {
        self.value(element).as_text().unwrap_or(default)
    }

    fn integer(&self, element: &str, default: i64) -> i64 {
        self.value(element).as_int().unwrap_or(default)
    }

    fn flag(&self, element: &str, default: bool) -> bool {
        self.value(element).as_int().map_or(default, |n| n != 0)
    }

    fn name(&self, element: &'static str) -> Result<Name, Unusable> {
        Name::parse(self.text(element)).map_err(|_| Unusable {
            table: self.source.table,
            sys_id: self.text("sys_id").into(),
            element,
            text: self.text(element).into(),
        })
    }

    fn optional_name(&self, element: &'static str) -> Result<Option<Name>, Unusable> {
        if self.text(element).is_empty() {
            Ok(None)
        } else {
            self.name(element).map(Some)
        }
    }
}
