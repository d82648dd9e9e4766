//! The store's own look-ups of records: by one value, without a caller, secrets and row keys included.
//!
//! Tables that `ServiceNow` shows as records *are* records; the typed reads of clients, users and rules look at
//! the same columns through this one door.

use std::sync::{Arc, atomic::Ordering};

use snowglobe_records::{
    Column, Dictionary, Value,
    query::{Comparison, Joins, Path, Predicate},
};

use crate::{
    Store,
    backend::{Cost, StoreError},
    sql::{Builder, Dialect, Rows, Statement},
};

/// Which rows.
#[derive(Debug, Clone)]
pub(crate) enum Find<'a> {
    /// All of the table.
    All,
    /// Those whose column has this value.
    By(&'a str, Value),
    /// Those whose column has one of these values.
    Among(&'a str, Vec<Value>),
    /// The one with this row key.
    Row(i64),
}

/// One look-up: fields, dotted paths too, of the rows of a table that are found.
#[derive(Debug, Clone)]
pub(crate) struct Look<'a> {
    pub(crate) table: &'a str,
    pub(crate) find: Find<'a>,
    pub(crate) fields: &'a [&'a str],
}

impl Store {
    /// Looks rows up; the row key is the last cell.
    pub(crate) async fn select(
        &self,
        dictionary: &Dictionary,
        table: &str,
        find: Find<'_>,
        fields: &[&str],
    ) -> Result<Rows, StoreError> {
        let look = Look {
            table,
            find,
            fields,
        };
        let mut answers = self.look_up(dictionary, &[look]).await?;
        Ok(answers.pop().unwrap_or_default())
    }

    /// Looks rows up in several tables as of one moment, in one round trip.
    pub(crate) async fn look_up(
        &self,
        dictionary: &Dictionary,
        looks: &[Look<'_>],
    ) -> Result<Vec<Rows>, StoreError> {
        let dialect = self.backend.dialect();
        let mut cost = Cost::Point;
        let mut statements = Vec::with_capacity(looks.len());
        for look in looks {
            let (statement, of_one) = look.statement(dictionary, dialect, self.cost_of_all())?;
            statements.push(statement);
            if of_one == Cost::Scan {
                cost = Cost::Scan;
            }
        }
        self.backend.read(cost, &statements).await
    }

    /// Until the store is open, nobody else waits for the thread that opens it: it reads everything itself.
    pub(crate) fn cost_of_all(&self) -> Cost {
        if self.is_open.load(Ordering::Relaxed) {
            Cost::Scan
        } else {
            Cost::Point
        }
    }
}

impl Look<'_> {
    fn statement(
        &self,
        dictionary: &Dictionary,
        dialect: Dialect,
        cost_of_all: Cost,
    ) -> Result<(Statement, Cost), StoreError> {
        let missing =
            |name: &str| StoreError::Driver(format!("the dictionary has no {}.{name}", self.table));
        let table = dictionary.table(self.table).ok_or_else(|| missing("*"))?;
        let column = |element: &str| table.column(element).ok_or_else(|| missing(element));
        let mut joins = Joins::default();
        let mut builder = Builder::new(dialect);
        builder.push("SELECT ");
        for field in self.fields {
            let path = joins
                .walk(dictionary, table, field)
                .ok_or_else(|| missing(field))?;
            builder.push_column(&path).push(", ");
        }
        builder.push("t0.sys_row").push_from(table, &joins);
        let cost = match &self.find {
            Find::All => {
                builder.push_where(table, &Predicate::True);
                cost_of_all
            }
            Find::Row(key) => {
                builder.push(" WHERE t0.sys_row = ").bind(Value::Int(*key));
                Cost::Point
            }
            Find::By(element, value) => {
                let column = column(element)?;
                let path = path(column);
                let found = Predicate::Compare(path, Comparison::Equal, value.clone());
                builder.push_where(table, &found);
                cost(column)
            }
            Find::Among(element, values) => {
                let column = column(element)?;
                let found = Predicate::In {
                    path: path(column),
                    values: values.clone(),
                    negated: false,
                };
                builder.push_where(table, &found);
                cost(column)
            }
        };
        Ok((builder.finish(), cost))
    }
}

fn path(column: &Arc<Column>) -> Path {
    Path {
        table: 0,
        column: Arc::clone(column),
    }
}

/// A column without an index costs a walk through the whole table.
fn cost(column: &Column) -> Cost {
    if column.indexed || column.unique {
        Cost::Point
    } else {
        Cost::Scan
    }
}
