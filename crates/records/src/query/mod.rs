//! The encoded query language (`rest-and-records.md` §3): from text to a [`Predicate`] over known columns.
//!
//! ```text
//! "active=true^ORDERBYnumber" --parse--> clauses --resolve, with the dictionary--> Query
//! ```
//! The language has no separator between field and operator, so the parser keeps each condition whole and
//! [`resolve`](resolve()) splits it with the dictionary in hand. Neither ever fails: what cannot be understood
//! is dropped and reported ([`Dropped`]), as the real thing drops it (§3.5). Plain `name=value` parameters take
//! the same road from the middle on: [`filter`].

mod filters;
mod operators;
mod parse;
mod path;
mod predicate;
mod print;
mod resolve;
mod script;

pub use filters::filter;
pub use operators::{Family, Lower, OPERATORS, Operator, Referenced, Split, split};
pub use parse::{Clause, parse};
pub use path::{Join, Joins, Path};
pub use predicate::{Comparison, Match, Predicate};
pub use print::print;
pub use resolve::{Dropped, Reason, Resolved, resolve};

/// Who asks and when: what `javascript:` values may name, and how strictly a query is taken.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The caller's `sys_id`.
    pub user_sys_id: &'a str,
    /// The caller's `sys_user.user_name`.
    pub user_name: &'a str,
    /// The time of the request.
    pub now: jiff::Timestamp,
    /// The caller's zone, in which days, weeks and months begin.
    pub time_zone: jiff::tz::TimeZone,
    /// `glide.invalid_query.returns_no_rows`: a dropped condition leaves no rows instead of more.
    pub invalid_returns_no_rows: bool,
}

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
