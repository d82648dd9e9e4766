//! Conditions of declared rules: encoded queries, held against the row as it will be.

use std::sync::Arc;

use super::{Row, Surroundings};
use crate::{
    dictionary::Table,
    query::{self, Cells, Path, Predicate},
    value::ValueRef,
};

/// Returns what a condition asks of a row of `table`; `None` where a part of it is not understood or reaches another
/// row.
fn predicate(text: &str, table: &Arc<Table>, around: Surroundings<'_>) -> Option<Predicate> {
    let clauses = query::parse(text);
    let resolved = query::resolve(&clauses, around.dictionary, table, around.context);
    let whole = resolved.dropped.is_empty() && resolved.query.joins.as_slice().is_empty();
    let predicate = resolved.query.predicate;
    (whole && is_about_one(&predicate)).then_some(predicate)
}

/// Tells whether a condition looks at nothing but the row; the entries of a journal are other rows.
fn is_about_one(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::And(list) | Predicate::Or(list) | Predicate::Search(list) => {
            list.iter().all(is_about_one)
        }
        Predicate::Related(_) | Predicate::Below(_) => false,
        _ => true,
    }
}

/// Tells whether a condition is understood whole.
pub(super) fn is_understood(text: &str, table: &Arc<Table>, around: Surroundings<'_>) -> bool {
    predicate(text, table, around).is_some()
}

/// Tells whether the row will satisfy a condition; one that is not understood holds for no row.
pub(super) fn holds(text: &str, row: &Row<'_>, around: Surroundings<'_>) -> bool {
    predicate(text, row.table(), around).is_some_and(|predicate| predicate.holds(&Writing(row)))
}

/// A row while it is written: what it will hold, and what it held (`CHANGESFROM` asks).
struct Writing<'r, 'a>(&'r Row<'a>);

impl Cells for Writing<'_, '_> {
    fn cell(&self, path: &Path) -> ValueRef<'_> {
        self.0.value(&path.column.element)
    }

    fn before(&self, path: &Path) -> Option<ValueRef<'_>> {
        Some(self.0.before(&path.column.element))
    }
}
