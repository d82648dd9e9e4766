//! Rows as a list shows them: pure, from a permitted plan and its rows.

use std::sync::Arc;

use snowglobe_records::{
    Column, ValueRef,
    dictionary::{Kind, reference_key},
    plan::Output,
};
use snowglobe_store::sql::{Row, Rows};

use super::{Asked, filter};
use crate::records::Reader;

/// The head of a column.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::pages::console) struct Header {
    pub(in crate::pages::console) label: String,
    /// The same list sorted by this column; none where it cannot be.
    pub(in crate::pages::console) href: Option<String>,
    /// `ascending`, `descending` or `none`, as `aria-sort` has it.
    pub(in crate::pages::console) sorted: &'static str,
}

/// A row.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::pages::console) struct Line {
    pub(in crate::pages::console) sys_id: String,
    pub(in crate::pages::console) cells: Vec<Cell>,
}

/// What a row shows in a column.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::pages::console) struct Cell {
    pub(in crate::pages::console) text: String,
    pub(in crate::pages::console) href: Option<String>,
}

/// Returns the heads of the columns that a plan shows.
pub(in crate::pages::console) fn headers<'c>(
    table: &str,
    asked: &Asked,
    columns: impl Iterator<Item = &'c Arc<Column>>,
) -> Vec<Header> {
    let order = filter::first_order(&asked.query);
    let header = |column: &Arc<Column>| {
        let element = column.element.as_str();
        let sorted = match order {
            Some((field, false)) if field == element => "ascending",
            Some((field, true)) if field == element => "descending",
            _ => "none",
        };
        let sortable = !matches!(column.kind, Kind::Journal(_) | Kind::Secret(_));
        Header {
            label: column.label.to_string(),
            href: sortable.then(|| {
                let query = filter::sorted_by(&asked.query, element, sorted == "ascending");
                asked.with_query(query).href(table)
            }),
            sorted,
        }
    };
    columns.map(header).collect()
}

/// Returns the rows. The last output is the row's key and is not shown; the first column leads to the record.
pub(in crate::pages::console) fn lines(
    table: &str,
    outputs: &[Output],
    rows: &Rows,
    reader: &Reader<'_>,
) -> Vec<Line> {
    let Some((_, shown)) = outputs.split_last() else {
        return Vec::new();
    };
    let line = |row: Row<'_>| {
        let sys_id = row.text(shown.len()).to_owned();
        let cells = cells(table, &sys_id, shown, row, reader);
        Line { sys_id, cells }
    };
    rows.iter().map(line).collect()
}

/// Returns the cells of a row of `table`.
pub(in crate::pages::console) fn cells(
    table: &str,
    sys_id: &str,
    outputs: &[Output],
    row: Row<'_>,
    reader: &Reader<'_>,
) -> Vec<Cell> {
    let cell = |(at, output): (usize, &Output)| {
        let column = &output.path.column;
        let value = match column.kind {
            // Its cell is the key of the record, which says nothing here.
            Kind::Journal(_) => ValueRef::Null,
            _ => row.get(at),
        };
        let text = reader.text(column, value);
        if at == 0 {
            return Cell {
                text: or(text, "(empty)"),
                href: Some(record_href(table, sys_id)),
            };
        }
        reference(column, value, text)
    };
    outputs.iter().enumerate().map(cell).collect()
}

/// Returns the URL of a record.
pub(in crate::pages::console) fn record_href(table: &str, sys_id: &str) -> String {
    let sys_id: String = form_urlencoded::byte_serialize(sys_id.as_bytes()).collect();
    format!("/{table}.do?sys_id={sys_id}")
}

/// A reference leads to what it names.
fn reference(column: &Column, value: ValueRef<'_>, text: String) -> Cell {
    let target = column
        .reference
        .as_deref()
        .filter(|_| column.kind == Kind::Reference && reference_key(column) == "sys_id");
    match (target, value) {
        (Some(target), ValueRef::Text(key)) if !text.is_empty() => Cell {
            text,
            href: Some(record_href(target, key)),
        },
        _ => Cell { text, href: None },
    }
}

fn or(text: String, instead: &str) -> String {
    if text.is_empty() {
        instead.to_owned()
    } else {
        text
    }
}
