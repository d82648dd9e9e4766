//! The encoded query language (`rest-and-records.md` §3): from text to a [`Predicate`] over known columns.
//!
//! ```text
//! "active=true^ORDERBYnumber" --parse--> clauses --resolve, with the dictionary--> Query
//! ```
//! The language has no separator between field and operator, so the parser keeps each condition whole and
//! [`resolve`](resolve()) splits it with the dictionary in hand.

mod path;
mod predicate;

pub use path::{Join, Joins, Path};
pub use predicate::{Comparison, Match, Predicate};

/// A query whose every field exists.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// The tables that dot-walked fields reach.
    pub joins: Joins,
    /// Which rows.
    pub predicate: Predicate,
    /// In which order; the store adds its own key last, so that paging is stable.
    pub order: Vec<Order>,
}

/// One sort key.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// By this column.
    pub path: Path,
    /// Largest first.
    pub descending: bool,
}
