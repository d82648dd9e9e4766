//! Many inserts of one row each as inserts of many rows.
//!
//! A statement that adds many rows finds the end of the table and of each index once and stays there; as many
//! statements would each begin at the root. So inserts of the same text that follow each other in a group, such
//! as those of tokens, are run [`TOGETHER`] at a time.

use std::{fmt, sync::Arc};

use quick_cache::unsync::Cache;
use rusqlite::Connection;

use super::cells;
use crate::{
    queue::Write,
    sql::{Expect, Guarded, RowInsert},
};

/// Rows of one statement: more gain nothing, and fewer writes come together at once.
const TOGETHER: usize = 32;

/// The texts that insert many rows, by the text that inserts one.
pub(super) struct Merge(Cache<Arc<str>, Option<Arc<str>>>);

/// What became of the rows that were tried together.
pub(super) enum Inserted {
    /// So many writes are done.
    All(usize),
    /// Some rows yielded to what was there; which, only trying each by itself can tell.
    Some,
    /// Nothing was done.
    None,
}

impl Merge {
    pub(super) fn new() -> Self {
        const TEXTS: usize = 64;
        Self(Cache::new(TEXTS))
    }

    /// Inserts the rows of the first writes of a group, if those can be one insert; otherwise nothing was done,
    /// and each is to be tried by itself.
    pub(super) fn insert(&mut self, connection: &Connection, group: &[Write]) -> Inserted {
        let Some((many, together)) = self.alike(group) else {
            return Inserted::None;
        };
        let rows = together.iter().filter_map(only);
        let values = rows.flat_map(|row| &row.statement.params);
        match cells::execute_all(connection, &many, values) {
            Ok(n) if n == TOGETHER as u64 => Inserted::All(TOGETHER),
            Ok(_) => Inserted::Some,
            // A statement that fails has done nothing.
            Err(_) => Inserted::None,
        }
    }

    fn alike<'g>(&mut self, group: &'g [Write]) -> Option<(Arc<str>, &'g [Write])> {
        let together = group.get(..TOGETHER)?;
        let sql = &only(together.first()?)?.statement.sql;
        let alike = |write: &Write| {
            let unguarded = only(write).filter(|one| one.expect == Expect::Any);
            unguarded.is_some_and(|one| same(&one.statement.sql, sql))
        };
        let many = self.many(sql)?;
        together.iter().all(alike).then_some((many, together))
    }

    fn many(&mut self, sql: &Arc<str>) -> Option<Arc<str>> {
        if let Some(many) = self.0.get(sql) {
            return many.clone();
        }
        let insert = RowInsert::parse(sql);
        let many = insert.map(|insert| Arc::from(insert.of_rows(TOGETHER)));
        self.0.insert(Arc::clone(sql), many.clone());
        many
    }
}

fn only(write: &Write) -> Option<&Guarded> {
    match write.batch.statements.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// Texts that are used often are shared.
fn same(one: &Arc<str>, other: &Arc<str>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

impl fmt::Debug for Merge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Merge({} texts)", self.0.len())
    }
}
