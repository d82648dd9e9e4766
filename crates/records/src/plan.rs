//! One read of one table, decided but not yet permitted (`rest-and-records.md` §2.2).

use std::sync::Arc;

use crate::{
    dictionary::{Column, Dictionary, Table},
    query::{Joins, Order, Path, Predicate, Query},
};

/// Which rows and columns of a table to read, in which order, and which page of them.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The table.
    pub table: Arc<Table>,
    /// What the paths below reach.
    pub joins: Joins,
    /// Which rows.
    pub predicate: Predicate,
    /// In which order; ties are broken by the order of creation.
    pub order: Vec<Order>,
    /// Which columns, in the order of the answer's keys.
    pub outputs: Vec<Output>,
    /// Which page.
    pub window: Window,
    /// Whether all matching rows are to be counted, not just the page.
    pub count: bool,
}

/// A column of the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The key: an element, or a dotted path as it was asked for.
    pub key: Arc<str>,
    /// Where its value is read.
    pub path: Path,
}

/// A page: rows `offset..offset + limit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// At most so many rows.
    pub limit: u32,
    /// Rows to skip.
    pub offset: u64,
}

impl Window {
    /// The Table API's own page when none is asked for (§1.8).
    pub const DEFAULT: Self = Self {
        limit: 10_000,
        offset: 0,
    };
}

impl Plan {
    /// Plans a read of the rows that `query` selects; `fields` are elements and dotted paths, of which unknown
    /// ones are dropped (§2.2), and `None` asks for every column.
    #[must_use]
    pub fn new<'a>(
        dictionary: &Dictionary,
        table: &Arc<Table>,
        query: Query,
        fields: Option<impl IntoIterator<Item = &'a str>>,
        window: Window,
    ) -> Self {
        let mut joins = query.joins;
        let outputs = match fields {
            None => all_columns(table),
            Some(fields) => {
                let fields = fields.into_iter();
                let mut outputs: Vec<Output> = Vec::with_capacity(fields.size_hint().0.max(8));
                for key in fields {
                    // A JSON object has each name once.
                    if outputs.iter().any(|output| *output.key == *key) {
                        continue;
                    }
                    if let Some(path) = joins.walk(dictionary, table, key) {
                        let element = &path.column.element;
                        let key = if *element == *key {
                            element.shared()
                        } else {
                            key.into()
                        };
                        outputs.push(Output { key, path });
                    }
                }
                outputs
            }
        };
        Self {
            table: Arc::clone(table),
            joins,
            predicate: query.predicate,
            order: query.order,
            outputs,
            window,
            count: false,
        }
    }
}

fn all_columns(table: &Table) -> Vec<Output> {
    let output = |column: &Arc<Column>| Output {
        key: column.element.shared(),
        path: Path {
            table: 0,
            column: Arc::clone(column),
        },
    };
    table.columns().iter().map(output).collect()
}
