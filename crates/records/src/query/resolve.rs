//! Clauses to a query over known columns (§3.1, §3.5).
//!
//! What cannot be understood is dropped, and what that does to the rest is fixed by measurement:
//!
//! | dropped | stays |
//! |---|---|
//! | a condition | the others |
//! | a later member of an OR chain | the chain without it |
//! | the head of an OR chain | the query without the chain |
//! | every condition of a group (`^NQ`) | the other groups |
//! | everything | all rows |

use std::sync::Arc;

use super::{
    Context, Order, Path, Predicate, Query,
    operators::{self, Family},
    parse::Clause,
};
use crate::dictionary::{Dictionary, Kind, Table};

/// A query, and what was left out of it.
#[derive(Debug, Clone)]
pub struct Resolved<'a> {
    /// What can be run.
    pub query: Query,
    /// In the order of the text.
    pub dropped: Vec<Dropped<'a>>,
}

/// A clause that has no part in the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dropped<'a> {
    /// The condition, or the field of an `ORDERBY` or `GROUPBY`.
    pub clause: &'a str,
    /// Why.
    pub reason: Reason,
}

impl std::fmt::Display for Dropped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in '{}'", self.reason, self.clause)
    }
}

/// Why a clause was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// No such column; a secret one is not admitted to exist.
    #[error("unknown field")]
    UnknownField,
    /// No operator stands after the field.
    #[error("unknown operator")]
    UnknownOperator,
    /// The operator says nothing about columns of this type.
    #[error("the operator does not apply to the field's type")]
    Inapplicable,
    /// A journal: its entries are rows of `sys_journal_field`, and have no order among the fields of a row.
    #[error("the field cannot be queried so")]
    Unqueryable,
    /// No such table.
    #[error("unknown table")]
    UnknownTable,
    /// No such dynamic filter option.
    #[error("unknown dynamic filter option")]
    UnknownOption,
    /// The value is not written as the operator wants it.
    #[error("the value is not in the operator's form")]
    Malformed,
    /// More conditions on related rows than one query may have, or deeper.
    #[error("too many conditions on related rows")]
    TooMany,
    /// A `javascript:` value that is none of the known calls (§3.4).
    #[error("the script cannot be evaluated")]
    Script,
    /// The first condition of its OR chain was dropped.
    #[error("the head of its OR chain was dropped")]
    Headless,
}

/// Resolves the clauses of a query on `table`.
#[must_use]
pub fn resolve<'a>(
    clauses: &[Clause<'a>],
    dictionary: &Dictionary,
    table: &Arc<Table>,
    context: &Context<'_>,
) -> Resolved<'a> {
    run(
        clauses,
        &mut Fields::new(dictionary, table, context),
        context.invalid_returns_no_rows,
    )
}

/// Resolves the clauses of a query inside another.
pub(super) fn resolve_within<'a>(
    clauses: &[Clause<'a>],
    around: &mut Fields<'_>,
    table: &Arc<Table>,
) -> Resolved<'a> {
    let mut fields = Fields::new(around.dictionary, table, around.context);
    fields.depth = around.depth + 1;
    fields.related = around.related;
    let resolved = run(clauses, &mut fields, false);
    around.related = fields.related;
    resolved
}

fn run<'a>(
    clauses: &[Clause<'a>],
    fields: &mut Fields<'_>,
    invalid_returns_no_rows: bool,
) -> Resolved<'a> {
    let mut rows = Rows::default();
    let mut dropped = Vec::new();
    let mut rest = clauses;
    while let Some((clause, after)) = rest.split_first() {
        rest = after;
        let (text, result) = match *clause {
            Clause::EndQuery => continue,
            Clause::And(term) => {
                let (more, after) = rest.split_at(fields.joined_too(term, rest));
                rest = after;
                (term, rows.and(fields.condition_with(term, more)))
            }
            Clause::Or(term) => (term, rows.or(|| fields.condition(term))),
            Clause::NewQuery("") => {
                rows.end_group();
                continue;
            }
            Clause::NewQuery(term) => {
                rows.end_group();
                (term, rows.and(fields.condition(term)))
            }
            Clause::OrderBy { field, descending } => (field, fields.order_by(field, descending)),
            Clause::GroupBy(field) => (field, fields.group_by(field)),
        };
        dropped.extend(result.err().map(|reason| Dropped {
            clause: text,
            reason,
        }));
    }
    let invalid = rows.invalid && invalid_returns_no_rows;
    let mut query = std::mem::take(&mut fields.query);
    query.predicate = if invalid {
        Predicate::False
    } else {
        rows.finish()
    };
    Resolved { query, dropped }
}

/// Finds columns and collects the joins and sort keys they need.
#[derive(Debug)]
pub struct Fields<'r> {
    pub(super) dictionary: &'r Dictionary,
    pub(super) table: &'r Arc<Table>,
    pub(super) context: &'r Context<'r>,
    pub(super) query: Query,
    /// Queries around this one.
    depth: usize,
    /// Conditions on related rows so far.
    related: usize,
}

impl<'r> Fields<'r> {
    pub(super) fn new(
        dictionary: &'r Dictionary,
        table: &'r Arc<Table>,
        context: &'r Context<'r>,
    ) -> Self {
        Self {
            dictionary,
            table,
            context,
            query: Query::default(),
            depth: 0,
            related: 0,
        }
    }
}

impl Fields<'_> {
    /// Walks to a field that has a value to compare.
    pub(super) fn walk(&mut self, field: &str) -> Result<Path, Reason> {
        let path = self.walk_to(field)?;
        if Family::of(&path.column) == Some(Family::Journal) {
            return Err(Reason::Unqueryable);
        }
        Ok(path)
    }

    /// Walks to a field that may be asked about.
    pub(super) fn walk_to(&mut self, field: &str) -> Result<Path, Reason> {
        // §3.3 sets no limit and recommends three; ours keeps one field from joining without end.
        const MOST_HOPS: usize = 8;
        if field.bytes().filter(|b| *b == b'.').count() > MOST_HOPS {
            return Err(Reason::UnknownField);
        }
        let path = self.query.joins.walk(self.dictionary, self.table, field);
        match path {
            // A secret is not admitted to exist.
            Some(path) if Family::of(&path.column).is_some() => Ok(path),
            _ => Err(Reason::UnknownField),
        }
    }

    /// Counts one more condition on related rows: each is a query within the query.
    pub(super) fn count_related(&mut self) -> Result<(), Reason> {
        const MOST: usize = 100;
        const DEEPEST: usize = 3;
        self.related += 1;
        if self.related > MOST || self.depth > DEEPEST {
            return Err(Reason::TooMany);
        }
        Ok(())
    }

    /// Reads a condition to which the clauses after it belong.
    fn condition_with(&mut self, term: &str, more: &[Clause<'_>]) -> Result<Predicate, Reason> {
        if more.is_empty() {
            return self.condition(term);
        }
        let mut whole = term.to_owned();
        for clause in more {
            whole.push('^');
            whole.push_str(&clause.to_string());
        }
        self.condition(&whole)
    }

    fn condition(&mut self, term: &str) -> Result<Predicate, Reason> {
        // §3.2: a list's "go to" is the condition behind it.
        let term = term.strip_prefix("GOTO").unwrap_or(term);
        if let Some(condition) = self
            .related_term(term)
            .or_else(|| self.search_term(term))
            .or_else(|| self.tag_term(term))
        {
            return condition;
        }
        let split = operators::split(term);
        let path = self.walk_to(split.field)?;
        let operator = split.operator.ok_or(Reason::UnknownOperator)?;
        if Family::of(&path.column) == Some(Family::Journal) {
            return self.journal(&path, operator, split.value);
        }
        operator.condition(path, split.value, self)
    }

    /// Follows references to what a person reads: the display column may be a reference itself (a group member's
    /// user). A reference without a display column stays what it is.
    pub(super) fn shown(&mut self, mut path: Path) -> Path {
        const MOST: usize = 3;
        for _ in 0..MOST {
            if path.column.kind != Kind::Reference {
                break;
            }
            match self.query.joins.display(self.dictionary, &path) {
                Some(shown) => path = shown,
                None => break,
            }
        }
        path
    }

    /// References sort by what a person reads.
    fn sort_key(&mut self, field: &str, descending: bool) -> Result<Order, Reason> {
        let path = self.walk(field)?;
        let path = self.shown(path);
        Ok(Order { path, descending })
    }

    fn order_by(&mut self, field: &str, descending: bool) -> Result<(), Reason> {
        let key = self.sort_key(field, descending)?;
        if !self.query.order.iter().any(|order| order.path == key.path) {
            self.query.order.push(key);
        }
        Ok(())
    }

    /// Grouping only brings equal values together, so it is the first thing sorted by.
    fn group_by(&mut self, field: &str) -> Result<(), Reason> {
        let key = self.sort_key(field, false)?;
        self.query.order.retain(|order| order.path != key.path);
        self.query.order.insert(0, key);
        Ok(())
    }
}

/// Conditions on their way to one predicate: chains of ORs, in groups of ANDs, of which one must hold.
#[derive(Default)]
struct Rows {
    groups: Option<Predicate>,
    group: Option<Predicate>,
    chain: Chain,
    invalid: bool,
}

/// The condition that an `^OR` would join.
#[derive(Default)]
enum Chain {
    #[default]
    None,
    Open(Predicate),
    Headless,
}

impl Rows {
    fn and(&mut self, condition: Result<Predicate, Reason>) -> Result<(), Reason> {
        self.end_chain();
        match condition {
            Ok(predicate) => {
                self.chain = Chain::Open(predicate);
                Ok(())
            }
            Err(reason) => {
                self.chain = Chain::Headless;
                self.invalid = true;
                Err(reason)
            }
        }
    }

    fn or(&mut self, condition: impl FnOnce() -> Result<Predicate, Reason>) -> Result<(), Reason> {
        match std::mem::take(&mut self.chain) {
            Chain::None => self.and(condition()),
            Chain::Headless => {
                self.chain = Chain::Headless;
                Err(Reason::Headless)
            }
            Chain::Open(chain) => {
                let condition = condition();
                self.invalid |= condition.is_err();
                let (chain, result) = match condition {
                    Ok(predicate) => (chain.or(predicate), Ok(())),
                    Err(reason) => (chain, Err(reason)),
                };
                self.chain = Chain::Open(chain);
                result
            }
        }
    }

    fn end_chain(&mut self) {
        if let Chain::Open(chain) = std::mem::take(&mut self.chain) {
            let group = self.group.take().unwrap_or_default(); // True, which `and` leaves out
            self.group = Some(group.and(chain));
        }
    }

    fn end_group(&mut self) {
        self.end_chain();
        self.groups = match (self.groups.take(), self.group.take()) {
            (Some(groups), Some(group)) => Some(groups.or(group)),
            (groups, group) => groups.or(group),
        };
    }

    fn finish(mut self) -> Predicate {
        self.end_group();
        self.groups.unwrap_or_default()
    }
}
