//! Conditions on other rows than the one that is asked about: those that refer to it, and those above it.

use std::sync::Arc;

use super::{
    path::{Joins, Path},
    predicate::{Comparison, Predicate},
};
use crate::{
    dictionary::{Column, Table},
    value::Value,
};

/// So many rows of another table belong to the row (`RLQUERY`, `JOIN`, `SUBQUERY`, journal entries, tags).
#[derive(Debug, Clone)]
pub struct Related {
    /// The column of the row at hand that the others name.
    pub of: Path,
    /// The table of the others. The paths below start there.
    pub table: Arc<Table>,
    /// What those paths reach.
    pub joins: Joins,
    /// The column of the others that names the row at hand.
    pub key: Path,
    /// Which of the others count.
    pub predicate: Predicate,
    /// How their number compares …
    pub comparison: Comparison,
    /// … with this one.
    pub count: i64,
    /// The column of the row at hand that the others are the content of, such as a journal: whoever may read the
    /// column may ask for them. Without one, the rules of the other table decide.
    pub content_of: Option<Path>,
}

impl Predicate {
    /// Hands over each table whose rows decide besides those of the table at hand and its joins.
    pub fn each_related_table(&self, visit: &mut dyn FnMut(&Arc<Table>)) {
        match self {
            Self::And(all) | Self::Or(all) => {
                for one in all {
                    one.each_related_table(visit);
                }
            }
            Self::Not(one) => one.each_related_table(visit),
            Self::Related(related) => {
                visit(&related.table);
                let joins = related.joins.as_slice().iter();
                joins.for_each(|join| visit(&join.table));
                related.predicate.each_related_table(visit);
            }
            _ => {}
        }
    }
}

impl PartialEq for Related {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.table, &other.table)
            && (&self.of, &self.key, &self.predicate) == (&other.of, &other.key, &other.predicate)
            && (self.comparison, self.count) == (other.comparison, other.count)
            && self.content_of == other.content_of
    }
}

impl Related {
    /// Tells whether that many rows are what is asked for.
    #[must_use]
    pub fn holds(&self, count: i64) -> bool {
        self.comparison.orders(count.cmp(&self.count))
    }
}

/// The row that a reference leads to lies in a hierarchy at or below one of these (`IN_HIERARCHY`).
#[derive(Debug, Clone)]
pub struct Below {
    /// The reference.
    pub path: Path,
    /// Where it leads.
    pub table: Arc<Table>,
    /// The column of that table that names the row above.
    pub parent: Arc<Column>,
    /// Keys of the rows at the top.
    pub tops: Vec<Value>,
}

impl PartialEq for Below {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
            && Arc::ptr_eq(&self.parent, &other.parent)
            && self.tops == other.tops
    }
}
