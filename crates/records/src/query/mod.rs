//! The encoded query language (`rest-and-records.md` §3): from text to a [`Predicate`] over known columns.
//!
//! ```text
//! "active=true^ORDERBYnumber" --parse--> clauses --resolve, with the dictionary--> Query
//! ```
//! The language has no separator between field and operator, so the parser keeps each condition whole and
//! [`resolve`](resolve()) splits it with the dictionary in hand. Neither ever fails: what cannot be understood
//! is dropped and reported ([`Dropped`]), as the real thing drops it (§3.5). Plain `name=value` parameters take
//! the same road from the middle on: [`filter`].

mod context;
mod describe;
mod filters;
mod journal;
mod matches;
mod measure;
mod operators;
mod parse;
mod path;
mod predicate;
mod print;
mod related;
mod resolve;
mod script;
mod search;
mod tags;
mod terms;
mod zone;

pub use context::Context;
pub use describe::{describe, dotted};
pub use filters::filter;
pub use matches::Cells;
pub use measure::{BEFORE_1970, DAY, END, FIRST, Measure};
pub use operators::{Family, Lower, OPERATORS, Operator, Referenced, Split, split};
pub(crate) use operators::{ME, MY_GROUPS};
pub use parse::{Clause, parse};
pub use path::{Join, Joins, Path};
pub use predicate::{Change, Comparison, Match, Predicate};
pub use print::print;
pub use related::{Below, Related};
pub use resolve::{Dropped, Fields, Reason, Resolved, resolve};
pub(crate) use script::evaluate;
pub use zone::Zone;

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
