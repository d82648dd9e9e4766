//! Conditions of declared rules: encoded queries, held against the row as it will be.

use std::sync::Arc;

use super::{Row, Surroundings};
use crate::{
    dictionary::Table,
    query::{self, Path, Predicate},
};

/// Returns what a condition asks of a row of `table`; `None` where a part of it is not understood or reaches another
/// row.
fn predicate(text: &str, table: &Arc<Table>, around: Surroundings<'_>) -> Option<Predicate> {
    let clauses = query::parse(text);
    let resolved = query::resolve(&clauses, around.dictionary, table, around.context);
    let whole = resolved.dropped.is_empty() && resolved.query.joins.as_slice().is_empty();
    whole.then_some(resolved.query.predicate)
}

/// Tells whether a condition is understood whole.
pub(super) fn is_understood(text: &str, table: &Arc<Table>, around: Surroundings<'_>) -> bool {
    predicate(text, table, around).is_some()
}

/// Tells whether the row will satisfy a condition; one that is not understood holds for no row.
pub(super) fn holds(text: &str, row: &Row<'_>, around: Surroundings<'_>) -> bool {
    predicate(text, row.table(), around)
        .is_some_and(|predicate| predicate.matches(&|path: &Path| row.value(&path.column.element)))
}
