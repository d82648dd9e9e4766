//! Row conditions of rules: from encoded queries to one predicate, in a plan or on a row in memory.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    decide::Access,
    gate::{Asked, Condition, Terms, Verdict},
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
        let terms = match verdict {
            Verdict::Denied => return Predicate::False,
            Verdict::Granted => return Predicate::True,
            Verdict::When(terms) => terms,
        };
        let mut rows = |text: &str| Some(graft(self.resolve(text, table)?, joins));
        terms.of(&mut rows, &Algebra::PREDICATE)
    }

    /// Tells whether a row at hand satisfies a verdict. A condition that reaches other rows fails.
    pub(super) fn satisfies(
        &self,
        table: &Arc<Table>,
        verdict: &Verdict<'_>,
        cell: &Cell<'_>,
    ) -> bool {
        match verdict {
            Verdict::Denied => false,
            Verdict::Granted => true,
            Verdict::When(terms) => {
                let mut holds = |text: &str| self.condition_holds(table, text, cell);
                terms.of(&mut holds, &Algebra::TRUTH)
            }
        }
    }

    /// Tells whether the row at hand matches an encoded query; `None` if that cannot be told from the row alone.
    fn condition_holds(&self, table: &Arc<Table>, text: &str, cell: &Cell<'_>) -> Option<bool> {
        let query = self.resolve(text, table)?;
        let alone = query.joins.as_slice().is_empty() && !asks_other_rows(&query.predicate);
        let of_row = |path: &Path| cell(&path.column.element);
        alone.then(|| query.predicate.matches(&of_row))
    }

    fn resolve(&self, text: &str, table: &Arc<Table>) -> Option<Query> {
        resolve(text, table, self.dictionary, self.context)
    }
}

/// What conditions are joined into: predicates for the rows of a list, or what is true of the row at hand.
struct Algebra<T> {
    every: T,
    none: T,
    and: fn(T, T) -> T,
    or: fn(T, T) -> T,
    not: fn(T) -> T,
}

impl Algebra<Predicate> {
    const PREDICATE: Self = Self {
        every: Predicate::True,
        none: Predicate::False,
        and: Predicate::and,
        or: Predicate::or,
        not: Predicate::negated,
    };
}

impl Algebra<bool> {
    const TRUTH: Self = Self {
        every: true,
        none: false,
        and: |one, other| one && other,
        or: |one, other| one || other,
        not: |one| !one,
    };
}

impl Terms<'_> {
    /// Joins what is asked. Where a text means nothing (`rows` gives `None`), no row passes its rule.
    fn of<T: Clone>(&self, rows: &mut impl FnMut(&str) -> Option<T>, algebra: &Algebra<T>) -> T {
        let Algebra {
            every,
            none,
            and,
            or,
            not,
        } = algebra;
        let required = self
            .deny_unless
            .iter()
            .fold(every.clone(), |required, asked| {
                let condition = asked.condition_of(rows, algebra);
                let Some(text) = asked.applies_to else {
                    return and(required, condition);
                };
                let passes = rows(text).map_or(none.clone(), |applies| or(not(applies), condition));
                and(required, passes)
            });
        if self.allow_if.is_empty() {
            return required;
        }
        let allowed = self.allow_if.iter().fold(none.clone(), |allowed, asked| {
            let applies = asked.applies_to.map_or(Some(every.clone()), &mut *rows);
            let condition = asked.condition_of(rows, algebra);
            or(
                allowed,
                applies.map_or(none.clone(), |applies| and(applies, condition)),
            )
        });
        and(required, allowed)
    }
}

impl Asked<'_> {
    fn condition_of<T: Clone>(
        &self,
        rows: &mut impl FnMut(&str) -> Option<T>,
        algebra: &Algebra<T>,
    ) -> T {
        match self.condition {
            Condition::Nothing => algebra.every.clone(),
            Condition::Never => algebra.none.clone(),
            Condition::Query(text) => rows(text).unwrap_or(algebra.none.clone()),
        }
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
        Predicate::Not(one) => asks_for_changes(one),
        Predicate::Related(related) => asks_for_changes(&related.predicate),
        Predicate::Changed(..) => true,
        _ => false,
    }
}

/// Tells whether a condition is about other rows than the one at hand.
fn asks_other_rows(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::And(list) | Predicate::Or(list) | Predicate::Search(list) => {
            list.iter().any(asks_other_rows)
        }
        Predicate::Not(one) => asks_other_rows(one),
        Predicate::Related(_) | Predicate::Below(_) => true,
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
