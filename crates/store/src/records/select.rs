//! The store's own look-ups of records: by one value, without a caller, secrets and row keys included.
//!
//! Tables that `ServiceNow` shows as records *are* records; the typed reads of clients, users and rules look at
//! the same columns through this one door.

use std::sync::Arc;

use snowglobe_records::{
    Dictionary, Value,
    query::{Comparison, Joins, Path, Predicate},
};

use crate::{
    Store,
    backend::{Cost, StoreError},
    sql::{Builder, Rows},
};

/// Which rows.
#[derive(Debug, Clone)]
pub(crate) enum Find<'a> {
    /// All of the table.
    All,
    /// Those whose column has this value.
    By(&'a str, Value),
    /// The one with this row key.
    Row(i64),
}

impl Store {
    /// Reads these fields, dotted paths too, of the rows that are found; the row key is the last cell.
    pub(crate) async fn select(
        &self,
        dictionary: &Dictionary,
        table: &str,
        find: Find<'_>,
        fields: &[&str],
    ) -> Result<Rows, StoreError> {
        let missing =
            |name: &str| StoreError::Driver(format!("the dictionary has no {table}.{name}"));
        let table = dictionary.table(table).ok_or_else(|| missing("*"))?;
        let mut joins = Joins::default();
        let mut builder = Builder::new(self.backend.dialect());
        builder.push("SELECT ");
        for field in fields {
            let path = joins
                .walk(dictionary, table, field)
                .ok_or_else(|| missing(field))?;
            builder.push_column(&path).push(", ");
        }
        builder.push("t0.sys_row").push_from(table, &joins);
        let cost = if matches!(find, Find::All) {
            Cost::Scan
        } else {
            Cost::Point
        };
        match find {
            Find::All => builder.push_where(table, &Predicate::True),
            Find::Row(key) => builder.push(" WHERE t0.sys_row = ").bind(Value::Int(key)),
            Find::By(element, value) => {
                let column = table.column(element).ok_or_else(|| missing(element))?;
                let path = Path {
                    table: 0,
                    column: Arc::clone(column),
                };
                let found = Predicate::Compare(path, Comparison::Equal, value);
                builder.push_where(table, &found)
            }
        };
        let mut answers = self.backend.read(cost, &[builder.finish()]).await?;
        Ok(answers.pop().unwrap_or_default())
    }
}
