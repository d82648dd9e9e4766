//! What the database has, as it tells itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{Dialect, Rows, Statement, creation};

/// The tables, columns and indexes of a database.
#[derive(Debug, Default)]
pub struct Schema {
    /// Whether a column holds numbers, by column and table.
    tables: BTreeMap<Box<str>, BTreeMap<Box<str>, bool>>,
    indexes: BTreeSet<Box<str>>,
}

impl Schema {
    /// Returns the queries whose answers make a schema.
    #[must_use]
    pub fn queries(dialect: Dialect) -> [Statement; 2] {
        let [columns, indexes] = match dialect {
            Dialect::Sqlite => [
                "SELECT name, sql FROM sqlite_master WHERE type = 'table'",
                "SELECT name FROM sqlite_master WHERE type = 'index'",
            ],
            Dialect::Postgres => [
                "SELECT table_name::text, column_name::text, data_type = 'bigint' \
                 FROM information_schema.columns WHERE table_schema = current_schema()",
                "SELECT indexname::text FROM pg_indexes WHERE schemaname = current_schema()",
            ],
        };
        [columns, indexes].map(|sql| Statement::new(sql, []))
    }

    /// Reads the answers.
    #[must_use]
    pub fn of(dialect: Dialect, answers: &[Rows]) -> Self {
        let mut schema = Self::default();
        for row in answers.first().into_iter().flat_map(Rows::iter) {
            let table = schema.tables.entry(row.text(0).into()).or_default();
            match dialect {
                Dialect::Sqlite => table.extend(creation::columns(row.text(1))),
                Dialect::Postgres => drop(table.insert(row.text(1).into(), row.int(2) != 0)),
            }
        }
        let indexes = answers.get(1).into_iter().flat_map(Rows::iter);
        schema.indexes = indexes.map(|row| row.text(0).into()).collect();
        schema
    }

    /// Tells whether there is such a table.
    #[must_use]
    pub fn has_table(&self, table: &str) -> bool {
        self.tables.contains_key(table)
    }

    /// Tells whether there is such an index.
    #[must_use]
    pub fn has_index(&self, index: &str) -> bool {
        self.indexes.contains(index)
    }

    /// Tells whether a column holds numbers; `None` if there is no such column.
    #[must_use]
    pub fn numeric(&self, table: &str, column: &str) -> Option<bool> {
        self.tables.get(table)?.get(column).copied()
    }
}
