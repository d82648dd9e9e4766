//! Decisions about tables, rows and fields that the permits are made of (`rest-and-records.md` §16.2).

use std::sync::Arc;

use super::{
    caller::Caller,
    condition::Cell,
    gate::{Gate, Verdict},
    rule::Operation,
    rules::RuleSet,
};
use crate::{
    behaviour::declared::Declared,
    dictionary::{Dictionary, Table},
    query::{Comparison, Context, Join, Joins, Path, Predicate},
    value::Value,
};

/// Everything a decision looks at besides its object; it lives as long as one request.
#[derive(Debug, Clone, Copy)]
pub struct Access<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// What protects the tables.
    pub rules: &'a RuleSet,
    /// What people declared to happen on writes.
    pub declared: &'a Declared,
    /// The tables.
    pub dictionary: &'a Dictionary,
    /// What the `javascript:` values of conditions mean.
    pub context: &'a Context<'a>,
}

impl<'a> Access<'a> {
    /// Tells whether the caller may read any row of the table, or of a class below it, at all (E10).
    #[must_use]
    pub fn may_read_table(&self, table: &Table) -> bool {
        let gates = self.rules.gates(Operation::Read, table.name());
        gates.rows.judge(self.caller) != Verdict::Denied
            || gates
                .row_classes
                .iter()
                .any(|class| self.row_verdict(Operation::Read, class) != Verdict::Denied)
    }

    /// Tells whether the caller may read the field, whatever the row.
    #[must_use]
    pub fn may_read_field(&self, table: &Table, element: &str) -> bool {
        self.field_is_open(Operation::Read, table, element)
    }

    /// Tells whether the caller may read the column at the end of a path from `table`: the column, and for a
    /// dot-walk also the reference it came through and every row of the table it lies in.
    #[must_use]
    pub fn may_read_path(&self, table: &Table, joins: &Joins, path: &Path) -> bool {
        match through(joins, path) {
            Via::Direct => self.may_read_field(table, &path.column.element),
            Via::Join(join) => {
                self.may_read_field(&join.table, &path.column.element)
                    && self.reads_every_row(&join.table)
                    && self.may_read_path(table, joins, &join.from)
            }
            Via::Unknown => false,
        }
    }

    /// Tells whether the caller may filter (`QueryMatch`) or sort (`QueryRange`) by a path: query rules decide
    /// where there are any, else reading does (§3.6).
    pub(super) fn may_query_path(
        &self,
        operation: Operation,
        table: &Table,
        joins: &Joins,
        path: &Path,
    ) -> bool {
        match through(joins, path) {
            Via::Direct => self.may_query_field(operation, table, path),
            Via::Join(join) => {
                self.may_query_field(operation, &join.table, path)
                    && self.reads_every_row(&join.table)
                    && self.may_read_path(table, joins, &join.from)
            }
            Via::Unknown => false,
        }
    }

    /// Returns which rows of `table` the caller may read. Rows of a class below it are judged by that class.
    pub(super) fn readable_rows(&self, table: &Arc<Table>, joins: &mut Joins) -> Predicate {
        let gates = self.rules.gates(Operation::Read, table.name());
        let own = gates.rows.judge(self.caller);
        let others: Vec<_> = gates
            .row_classes
            .iter()
            .map(|class| (class, self.row_verdict(Operation::Read, class)))
            .filter(|(_, verdict)| *verdict != own)
            .collect();
        let rows = self.predicate(table, &own, joins);
        let class = match table.column("sys_class_name") {
            Some(column) if !others.is_empty() => Path {
                table: 0,
                column: Arc::clone(column),
            },
            _ => return rows,
        };
        let values = others.iter().map(|(name, _)| Value::text(name)).collect();
        let rest = Predicate::In {
            path: class.clone(),
            values,
            negated: true,
        };
        others.iter().fold(rest.and(rows), |rows, (name, verdict)| {
            let Some(table) = self.dictionary.table(name) else {
                return rows;
            };
            let name = Value::text(name);
            let of_class = Predicate::Compare(class.clone(), Comparison::Equal, name);
            rows.or(of_class.and(self.predicate(table, verdict, joins)))
        })
    }

    /// Tells whether a row at hand passes the table gate.
    pub(super) fn row_passes(
        &self,
        operation: Operation,
        table: &Arc<Table>,
        cell: &Cell<'_>,
    ) -> bool {
        self.satisfies(table, &self.row_verdict(operation, table.name()), cell)
    }

    /// Tells whether a field of a row at hand may be written; on an insert the rules for `create` decide where
    /// there are any, else those for `write` (§16.2, `glide.security.granular.create`).
    pub(super) fn field_passes(
        &self,
        operation: Operation,
        table: &Arc<Table>,
        element: &str,
        cell: &Cell<'_>,
    ) -> bool {
        let gate = self
            .rules
            .gates(operation, table.name())
            .field(element)
            .or_else(|| {
                (operation == Operation::Create).then(|| {
                    self.rules
                        .gates(Operation::Write, table.name())
                        .field(element)
                })?
            });
        gate.is_none_or(|gate| self.satisfies(table, &gate.judge(self.caller), cell))
    }

    /// Tells whether some row of the table passes the rules for `create`.
    pub(super) fn may_create_some(&self, table: &Table) -> bool {
        self.row_verdict(Operation::Create, table.name()) != Verdict::Denied
    }

    fn row_verdict(&self, operation: Operation, table: &str) -> Verdict<'a> {
        self.rules.gates(operation, table).rows.judge(self.caller)
    }

    pub(super) fn reads_every_row(&self, table: &Table) -> bool {
        let gates = self.rules.gates(Operation::Read, table.name());
        [table.name()]
            .into_iter()
            .chain(&gates.row_classes)
            .all(|class| self.row_verdict(Operation::Read, class) == Verdict::Granted)
    }

    fn may_query_field(&self, operation: Operation, table: &Table, path: &Path) -> bool {
        let element = path.column.element.as_str();
        // Whoever asks for a sys_id has it already, and row conditions hide the rows that are not theirs.
        if element == "sys_id" && operation == Operation::QueryMatch {
            return true;
        }
        let gates = self.rules.gates(operation, table.name());
        if gates.field(element).is_some() {
            self.field_is_open(operation, table, element)
        } else {
            self.may_read_field(table, element)
        }
    }

    fn field_is_open(&self, operation: Operation, table: &Table, element: &str) -> bool {
        let gates = self.rules.gates(operation, table.name());
        let open = |gate: Option<&Gate>| {
            gate.is_none_or(|gate| gate.judge(self.caller) == Verdict::Granted)
        };
        gates.fields_are_open()
            || open(gates.field(element))
                && gates
                    .field_classes
                    .iter()
                    .all(|class| open(self.rules.gates(operation, class).field(element)))
    }
}

enum Via<'j> {
    Direct,
    Join(&'j Join),
    Unknown,
}

fn through<'j>(joins: &'j Joins, path: &Path) -> Via<'j> {
    match path.table.checked_sub(1) {
        None => Via::Direct,
        Some(at) => joins.as_slice().get(at).map_or(Via::Unknown, Via::Join),
    }
}
