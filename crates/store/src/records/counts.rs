//! How many rows a query has, kept until one of its tables is written: whoever turns pages asks for the same number
//! with each.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use quick_cache::unsync::Cache;
use snowglobe_records::{
    Table, Value,
    name::database_name,
    plan::Plan,
    query::{Joins, Predicate},
};

use crate::{Store, sql::Statement};

/// The numbers that were counted lately.
pub(crate) struct Counts(Mutex<Cache<Question, Counted>>);

/// The text and the parameters of a statement that counts.
type Question = (Arc<str>, Vec<Value>);

/// A number, and what [`crate::backend::Backend::writes_to`] said before it was counted.
#[derive(Debug, Clone, Copy)]
struct Counted {
    writes: u64,
    total: u64,
}

/// A number that is wanted.
#[derive(Debug)]
pub(super) struct Wanted {
    /// What counts it.
    pub(super) statement: Statement,
    writes: Option<u64>,
}

impl Counts {
    pub(crate) fn new() -> Self {
        const QUESTIONS: usize = 1024;
        Self(Mutex::new(Cache::new(QUESTIONS)))
    }
}

impl Store {
    /// Returns the number of a plan's rows as counted before, or else what counts it.
    pub(super) fn counted(&self, plan: &Plan, statement: Statement) -> Result<u64, Wanted> {
        let mut names = Vec::with_capacity(1);
        let Plan {
            table,
            joins,
            predicate,
            ..
        } = plan;
        each_table((table, joins, predicate), &mut |table| {
            names.push(database_name(table.root()));
        });
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        let writes = self.backend.writes_to(&names);
        let question = (Arc::clone(&statement.sql), statement.params.clone());
        let counts = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get(&question) {
            Some(known) if Some(known.writes) == writes => Ok(known.total),
            _ => Err(Wanted { statement, writes }),
        }
    }

    /// Keeps a number that was counted.
    pub(super) fn keep_count(&self, wanted: Wanted, total: u64) {
        let Some(writes) = wanted.writes else { return };
        let Statement { sql, params } = wanted.statement;
        let mut counts = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.insert((sql, params), Counted { writes, total });
    }
}

/// Hands over each table that is read for the rows of one.
pub(super) fn each_table(
    (table, joins, predicate): (&Arc<Table>, &Joins, &Predicate),
    visit: &mut dyn FnMut(&Arc<Table>),
) {
    visit(table);
    let joins = joins.as_slice().iter();
    joins.for_each(|join| visit(&join.table));
    predicate.each_related_table(visit);
}

impl fmt::Debug for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Counts")
    }
}
