//! Conditions on related rows: `RLQUERY`, `JOIN` and `SUBQUERY` (§3.2), each one condition of the query around it.
//!
//! ```text
//! RLQUERYincident.problem_id,>=1,priority=1^active=true^ENDRLQUERY     at least one incident names the row
//! JOINsys_user.sys_id=sys_user_group.manager!active=true               some active group names the user
//! SUBQUERYcaller_id,sys_id,sys_user^active=true^ENDSUBQUERY            the caller is an active user
//! ```
//! What stands inside is a query of its own. If any part of it means nothing, the whole condition is dropped: what
//! would be left is wider than what was asked.

use std::sync::Arc;

use super::{
    Comparison, Path, Predicate, operators,
    parse::{Clause, parse},
    related::Related,
    resolve::{Fields, Reason, resolve_within},
};
use crate::dictionary::{Kind, Table};

impl Fields<'_> {
    /// Reads a condition that begins with one of the words; `None` if it does not.
    pub(super) fn related_term(&mut self, term: &str) -> Option<Result<Predicate, Reason>> {
        if let Some(rest) = term.strip_prefix("RLQUERY") {
            let body = rest.strip_suffix("^ENDRLQUERY").unwrap_or(rest);
            return Some(self.related_list(body));
        }
        if let Some(rest) = term.strip_prefix("SUBQUERY") {
            let body = rest.strip_suffix("^ENDSUBQUERY").unwrap_or(rest);
            return Some(self.subquery(body));
        }
        Some(self.join(term.strip_prefix("JOIN")?))
    }

    /// `<table>.<reference>,<operator><count>[,m2m][,<condition>]…[^<condition>]…`
    fn related_list(&mut self, body: &str) -> Result<Predicate, Reason> {
        let (head, conditions) = body.split_once('^').unwrap_or((body, ""));
        let (whose, rest) = head.split_once(',').ok_or(Reason::Malformed)?;
        let (count, rest) = rest.split_once(',').unwrap_or((rest, ""));
        let (comparison, count) = counted(count).ok_or(Reason::Malformed)?;
        // A many-to-many list is asked for as any other: by its own rows.
        let rest = match rest.strip_prefix("m2m") {
            Some(rest) => rest.strip_prefix(',').unwrap_or(rest),
            None => rest,
        };
        let (table, element) = whose.split_once('.').ok_or(Reason::Malformed)?;
        let table = self.other_table(table)?;
        let mut inner = at_conditions(rest, &table);
        if !inner.is_empty() && !conditions.is_empty() {
            inner.push('^');
        }
        inner.push_str(conditions);
        let of = self.own_column("sys_id")?;
        self.related(of, &table, element, &inner, (comparison, count))
    }

    /// `<table>.<column>=<other>.<column>!<condition>`
    fn join(&mut self, body: &str) -> Result<Predicate, Reason> {
        let (columns, condition) = body.split_once('!').unwrap_or((body, ""));
        let (own, other) = columns.split_once('=').ok_or(Reason::Malformed)?;
        let (own_table, own_column) = own.split_once('.').ok_or(Reason::Malformed)?;
        let (other, element) = other.split_once('.').ok_or(Reason::Malformed)?;
        let is_this = *self.table.name() == *own_table
            || self.table.includes(own_table)
            || self.table.ancestors().iter().any(|it| *it == *own_table);
        if !is_this {
            return Err(Reason::UnknownField);
        }
        let table = self.other_table(other)?;
        let of = self.own_column(own_column)?;
        self.related(of, &table, element, condition, AT_LEAST_ONE)
    }

    /// How many of the clauses after a `JOIN` belong to it. Nothing closes a `JOIN`, and clients (`PySNC`) write its
    /// further conditions behind it: those on columns that only the joined table has are its own.
    pub(super) fn joined_too(&self, term: &str, after: &[Clause<'_>]) -> usize {
        let Some(body) = term.strip_prefix("JOIN") else {
            return 0;
        };
        let other = body.split_once('=').map_or("", |(_, other)| other);
        let other = other.split('.').next().unwrap_or_default();
        let Some(table) = self.dictionary.table(other) else {
            return 0;
        };
        let is_its_own = |clause: &&Clause<'_>| {
            let (Clause::And(term) | Clause::Or(term)) = clause else {
                return false;
            };
            let field = operators::split(term).field;
            let first = field.split('.').next().unwrap_or_default();
            table.column(first).is_some() && self.table.column(first).is_none()
        };
        after.iter().take_while(is_its_own).count()
    }

    /// `<field>,<column>,<table>^<condition>…`
    fn subquery(&mut self, body: &str) -> Result<Predicate, Reason> {
        let (head, conditions) = body.split_once('^').unwrap_or((body, ""));
        let mut words = head.split(',').map(str::trim);
        let (Some(field), Some(element), Some(table), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(Reason::Malformed);
        };
        let of = self.walk(field)?;
        let table = self.other_table(table)?;
        self.related(of, &table, element, conditions, AT_LEAST_ONE)
    }

    fn other_table(&self, name: &str) -> Result<Arc<Table>, Reason> {
        let table = self.dictionary.table(name);
        table.map(Arc::clone).ok_or(Reason::UnknownTable)
    }

    fn own_column(&mut self, element: &str) -> Result<Path, Reason> {
        if element.contains('.') {
            return Err(Reason::UnknownField);
        }
        self.walk(element)
    }

    fn related(
        &mut self,
        of: Path,
        table: &Arc<Table>,
        element: &str,
        conditions: &str,
        (comparison, count): (Comparison, i64),
    ) -> Result<Predicate, Reason> {
        self.count_related()?;
        let clauses = parse(conditions);
        let inner = resolve_within(&clauses, self, table);
        if let Some(dropped) = inner.dropped.first() {
            return Err(dropped.reason);
        }
        let mut joins = inner.query.joins;
        let key = joins.walk(self.dictionary, table, element);
        let key = key.filter(|key| key.table == 0 && names_rows(key, &of));
        let key = key.ok_or(Reason::UnknownField)?;
        Ok(Predicate::Related(Box::new(Related {
            of,
            table: Arc::clone(table),
            joins,
            key,
            predicate: inner.query.predicate,
            comparison,
            count,
            content_of: None,
        })))
    }
}

/// Tells whether a column may name the rows of another: it can be read, and holds the same sort of value.
fn names_rows(key: &Path, of: &Path) -> bool {
    let (key, of) = (key.column.kind, of.column.kind);
    !matches!(key, Kind::Secret(_) | Kind::Journal(_)) && key.is_numeric() == of.is_numeric()
}

const AT_LEAST_ONE: (Comparison, i64) = (Comparison::GreaterOrEqual, 1);

/// Reads `>=1`, `=0`, `!=2`; a bare number is a smallest one.
fn counted(text: &str) -> Option<(Comparison, i64)> {
    const SPELLINGS: [(&str, Comparison); 7] = [
        (">=", Comparison::GreaterOrEqual),
        ("<=", Comparison::LessOrEqual),
        ("!=", Comparison::NotEqual),
        (">", Comparison::Greater),
        ("<", Comparison::Less),
        ("=", Comparison::Equal),
        ("", Comparison::GreaterOrEqual),
    ];
    let text = text.trim();
    let found = SPELLINGS
        .iter()
        .find_map(|(spelling, comparison)| Some((*comparison, text.strip_prefix(spelling)?)));
    let (comparison, number) = found?;
    Some((comparison, number.trim().parse().ok()?))
}

/// Conditions between commas to an encoded query: a comma is one of a list where no condition of the table follows.
fn at_conditions(text: &str, table: &Table) -> String {
    let mut query = String::with_capacity(text.len());
    for piece in text.split(',') {
        let split = operators::split(piece);
        let first = split.field.split('.').next().unwrap_or_default();
        let begins = split.operator.is_some() && table.column(first).is_some();
        if !query.is_empty() {
            query.push(if begins { '^' } else { ',' });
        }
        query.push_str(piece);
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_compared() {
        for (text, comparison, count) in [
            (">=1", Comparison::GreaterOrEqual, 1),
            (">0", Comparison::Greater, 0),
            ("=0", Comparison::Equal, 0),
            ("!=3", Comparison::NotEqual, 3),
            ("<2", Comparison::Less, 2),
            ("1", Comparison::GreaterOrEqual, 1),
        ] {
            assert_eq!(counted(text), Some((comparison, count)), "{text}");
        }
        assert_eq!(counted(">"), None);
    }
}
