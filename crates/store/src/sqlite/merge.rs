//! Many inserts of one row each as inserts of many rows.
//!
//! A statement that adds many rows finds the end of the table and of each index once and stays there; as many
//! statements would each begin at the root. So inserts of the same text that follow each other in a group, such
//! as those of tokens, are run together, in as few statements of [`SIZES`] as there can be. What the rows have in
//! common, such as the client of tokens and the second of their making, is handed over once.
//!
//! A row that is refused leaves those before it behind (`OR FAIL`): SQLite need not note how to undo each statement,
//! which costs as much as half of its work. The group is undone whole then, and done again with care.

use std::{fmt, sync::Arc};

use quick_cache::unsync::Cache;
use rusqlite::Connection;

use super::cells;
use crate::{
    queue::Write,
    sql::{Columns, Expect, Guarded, RowInsert},
};

/// How many rows a statement may have. More gain nothing, and each size is a statement to prepare.
const SIZES: [usize; 5] = [32, 16, 8, 4, 2];

/// How many statements are kept for the inserts of one text; each size may have several, by what its rows share.
const VARIANTS: usize = 24;

/// The texts that insert many rows, by the text that inserts one; none for a text that cannot be merged.
pub(super) struct Merge(Cache<Arc<str>, Vec<Variant>>);

/// A text that inserts many rows.
struct Variant {
    rows: usize,
    shared: Columns,
    sql: Arc<str>,
}

/// What became of the rows that were tried together.
pub(super) enum Inserted {
    /// So many writes are done.
    All(usize),
    /// Some rows yielded to what was there, or were refused; which, only trying each by itself can tell.
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
    /// and the first is to be tried by itself.
    pub(super) fn insert(&mut self, connection: &Connection, group: &[Write]) -> Inserted {
        let Some(together) = alike(group) else {
            return Inserted::None;
        };
        let Some((sql, shared)) = self.text(together) else {
            return Inserted::None;
        };
        let mut rows = together.iter().filter_map(only);
        let first = rows.next().map(|row| &row.statement.params);
        let others = rows.flat_map(|row| shared.own(&row.statement.params));
        match cells::execute_all(connection, &sql, first.into_iter().flatten().chain(others)) {
            Ok(n) if n == together.len() as u64 => Inserted::All(together.len()),
            Ok(_) | Err(_) => Inserted::Some,
        }
    }

    /// Returns the text that inserts these rows, and the columns that it takes once.
    fn text(&mut self, together: &[Write]) -> Option<(Arc<str>, Columns)> {
        let sql = &only(together.first()?)?.statement.sql;
        if self.0.get(sql).is_none() {
            let plain = SIZES
                .iter()
                .map_while(|rows| variant(sql, *rows, Columns::default()));
            self.0.insert(Arc::clone(sql), plain.collect());
        }
        let mut variants = self.0.get_mut(sql)?;
        let rows = together.iter().filter_map(only);
        let shared = Columns::shared(rows.map(|row| &*row.statement.params));
        let fits =
            |known: &&Variant| known.rows == together.len() && known.shared.is_within(shared);
        let best = |variants: &[Variant]| {
            let best = variants
                .iter()
                .filter(fits)
                .max_by_key(|known| known.shared.len());
            best.map(|known| (Arc::clone(&known.sql), known.shared))
        };
        let known = best(&variants)?;
        if known.1 == shared || variants.len() >= VARIANTS {
            return Some(known);
        }
        variants.push(variant(sql, together.len(), shared)?);
        best(&variants)
    }
}

fn variant(sql: &str, rows: usize, shared: Columns) -> Option<Variant> {
    let sql = RowInsert::parse(sql)?.of_rows(rows, shared);
    let sql = sql.replacen("INSERT INTO", "INSERT OR FAIL INTO", 1).into();
    Some(Variant { rows, shared, sql })
}

/// Returns the first writes of a group that insert by the same text, as many as one statement may have.
fn alike(group: &[Write]) -> Option<&[Write]> {
    let [most, ..] = SIZES;
    let sql = &only(group.first()?)?.statement.sql;
    let is_alike = |write: &&Write| {
        let unguarded = only(write).filter(|one| one.expect == Expect::Any);
        unguarded.is_some_and(|one| same(&one.statement.sql, sql))
    };
    let run = group.iter().take(most).take_while(is_alike).count();
    let size = SIZES.into_iter().find(|size| *size <= run)?;
    group.get(..size)
}

pub(super) fn only(write: &Write) -> Option<&Guarded> {
    match write.batch.statements.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// Texts that are used often are shared.
pub(super) fn same(one: &Arc<str>, other: &Arc<str>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

impl fmt::Debug for Merge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Merge({} texts)", self.0.len())
    }
}
