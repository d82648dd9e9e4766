//! Row conditions of rules: from encoded queries to one predicate, in a plan or on a row in memory.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    decide::Access,
    gate::{Conditions, Terms, Verdict},
};
use crate::{
    Dictionary, Table, ValueRef,
    query::{self, Clause, Context, Joins, Path, Predicate, Query},
};

/// The value of a field of a row at hand.
pub(super) type Cell<'c> = dyn Fn(&str) -> ValueRef<'c> + 'c;

impl Access<'_> {
    /// Returns which rows of `table` a verdict leaves, joining what its conditions reach.
    pub(super) fn predicate(
        &self,
        table: &Arc<Table>,
        verdict: &Verdict<'_>,
        joins: &mut Joins,
    ) -> Predicate {
        let Terms { all, any } = match verdict {
            Verdict::Denied => return Predicate::False,
            Verdict::Granted => return Predicate::True,
            Verdict::When(terms) => terms,
        };
        let mut every = |conditions: &Conditions<'_>| {
            conditions.iter().fold(Predicate::True, |rows, text| {
                match self.resolve(text, table) {
                    Some(query) => rows.and(graft(query, joins)),
                    None => Predicate::False,
                }
            })
        };
        let required = all
            .iter()
            .map(&mut every)
            .fold(Predicate::True, Predicate::and);
        if any.is_empty() {
            return required;
        }
        required.and(
            any.iter()
                .map(&mut every)
                .fold(Predicate::False, Predicate::or),
        )
    }

    /// Tells whether a row at hand satisfies a verdict. A condition that reaches other rows fails.
    pub(super) fn satisfies(
        &self,
        table: &Arc<Table>,
        verdict: &Verdict<'_>,
        cell: &Cell<'_>,
    ) -> bool {
        let every = |conditions: &Conditions<'_>| {
            conditions
                .iter()
                .all(|text| self.condition_holds(table, text, cell))
        };
        match verdict {
            Verdict::Denied => false,
            Verdict::Granted => true,
            Verdict::When(Terms { all, any }) => {
                all.iter().all(every) && (any.is_empty() || any.iter().any(every))
            }
        }
    }

    fn condition_holds(&self, table: &Arc<Table>, text: &str, cell: &Cell<'_>) -> bool {
        self.resolve(text, table).is_some_and(|query| {
            query.joins.as_slice().is_empty()
                && query
                    .predicate
                    .matches(&|path: &Path| cell(&path.column.element))
        })
    }

    fn resolve(&self, text: &str, table: &Arc<Table>) -> Option<Query> {
        resolve(text, table, self.dictionary, self.context)
    }
}

/// Resolves a condition; `None` if any part of it was dropped, because what is left would be wider.
fn resolve(
    text: &str,
    table: &Arc<Table>,
    dictionary: &Dictionary,
    context: &Context<'_>,
) -> Option<Query> {
    let resolved = query::resolve(&query::parse(text), dictionary, table, context);
    let whole = resolved.dropped.is_empty() && !asks_for_changes(&resolved.query.predicate);
    whole.then_some(resolved.query)
}

/// `VALCHANGES` and its like are for triggers; a list ignores them, and a rule that did would let everything through.
fn asks_for_changes(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::And(list) | Predicate::Or(list) | Predicate::Search(list) => {
            list.iter().any(asks_for_changes)
        }
        Predicate::Related(related) => asks_for_changes(&related.predicate),
        Predicate::Changed(..) => true,
        _ => false,
    }
}

/// Tells whether a condition can be resolved, whoever the caller and whatever the time.
pub(super) fn resolves(text: &str, table: &Arc<Table>, dictionary: &Dictionary) -> bool {
    let anybody = Context::anybody(Timestamp::UNIX_EPOCH);
    resolve(text, table, dictionary, &anybody).is_some()
}

/// Tells whether an encoded query asks anything of a row; a form leaves `^EQ` where nothing was entered.
pub(super) fn asks(text: &str) -> bool {
    let is_condition = |clause: &Clause<'_>| match clause {
        Clause::And(term) | Clause::Or(term) | Clause::NewQuery(term) => !term.is_empty(),
        Clause::EndQuery | Clause::OrderBy { .. } | Clause::GroupBy(_) => false,
    };
    query::parse(text).iter().any(is_condition)
}

/// Takes a query's joins into those of a plan and returns its predicate with the paths it has there.
fn graft(query: Query, joins: &mut Joins) -> Predicate {
    let mut tables = vec![0];
    let moved = |tables: &[usize], table: usize| tables.get(table).copied().unwrap_or(table);
    for join in query.joins.as_slice() {
        let column = Arc::clone(&join.from.column);
        let from = Path {
            table: moved(&tables, join.from.table),
            column,
        };
        tables.push(joins.step(&from, &join.table));
    }
    let mut predicate = query.predicate;
    predicate.each_path_mut(&mut |path| path.table = moved(&tables, path.table));
    predicate
}
