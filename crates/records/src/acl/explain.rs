//! What the rules said about a request, point by point, for whoever wrote them: `snowglobe explain` shows it.

use std::{fmt, sync::Arc};

use super::{
    decide::Access,
    gate::{Gate, Requirement, Verdict},
    rule::{Decision, Fault, Object, Operation},
};
use crate::{
    dictionary::Table,
    plan::Plan,
    query::{Predicate, describe, dotted},
};

/// A gate and what became of it.
#[derive(Debug, Clone)]
pub struct GateReport {
    /// What it guards: `incident`, or `incident.number`.
    pub object: Box<str>,
    /// Against what.
    pub operation: Operation,
    /// What all its rules together say.
    pub outcome: Outcome,
    /// Deny-Unless before Allow-If, each from the most specific point to the most general.
    pub rules: Vec<RuleReport>,
}

/// What a gate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Whatever the row.
    Granted,
    /// Whatever the row.
    Denied,
    /// Rows that satisfy conditions.
    SomeRows,
}

/// A rule and what became of it.
#[derive(Debug, Clone)]
pub struct RuleReport {
    /// The rule's own object; a gate also looks at rules of parents and of `*`.
    pub object: Box<str>,
    /// Whether passing allows or failing denies.
    pub decision: Decision,
    /// The roles of which one is needed.
    pub roles: Vec<Arc<str>>,
    /// The encoded query that a row must match.
    pub condition: Option<Box<str>>,
    /// The encoded query of the rows that it concerns, if not all.
    pub applies_to: Option<Box<str>>,
    /// What became of it.
    pub outcome: RuleOutcome,
}

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleOutcome {
    /// The caller passes it.
    Passed,
    /// The caller has none of its roles.
    NoRole,
    /// It cannot be obeyed, so nobody passes it.
    Unobeyable(Fault),
    /// Rows that match its conditions pass.
    OnConditions,
}

impl Access<'_> {
    /// Returns the gates that decide an operation on a table: of its rows, of the classes below it that have rules of
    /// their own, and of those of its fields that are not simply open.
    #[must_use]
    pub fn explain(&self, operation: Operation, table: &Table) -> Vec<GateReport> {
        let gates = self.rules.gates(operation, table.name());
        let mut reports = vec![self.report(table.name(), operation, &gates.rows)];
        for class in &gates.row_classes {
            let of_class = self.rules.gates(operation, class);
            reports.push(self.report(class, operation, &of_class.rows));
        }
        for column in table.columns() {
            let Some(gate) = gates.field(&column.element) else {
                continue;
            };
            let object = format!("{}.{}", table.name(), column.element);
            let report = self.report(&object, operation, gate);
            if report.outcome != Outcome::Granted {
                reports.push(report);
            }
        }
        reports
    }

    /// Returns the paths of a plan that the caller may not query, which refuses it (E9).
    #[must_use]
    pub fn unreadable(&self, plan: &Plan) -> Vec<String> {
        let mut paths = Vec::new();
        plan.predicate.each_path(&mut |path| paths.push(path));
        paths.extend(plan.order.iter().map(|order| &order.path));
        let closed = paths.into_iter().filter(|path| {
            !self.may_query_path(Operation::QueryRange, &plan.table, &plan.joins, path)
        });
        let mut closed: Vec<String> = closed.map(|path| dotted(path, &plan.joins)).collect();
        closed.sort_unstable();
        closed.dedup();
        closed
    }

    /// Returns in words which rows of a table the caller may read.
    #[must_use]
    pub fn describe_readable(&self, table: &Arc<Table>) -> String {
        let mut joins = crate::query::Joins::default();
        let rows: Predicate = self.readable_rows(table, &mut joins);
        describe(&rows, &joins)
    }

    fn report(&self, object: &str, operation: Operation, gate: &Gate) -> GateReport {
        let outcome = match gate.judge(self.caller) {
            Verdict::Denied => Outcome::Denied,
            Verdict::Granted => Outcome::Granted,
            Verdict::When(_) => Outcome::SomeRows,
        };
        let of = |decision, rules: &[Arc<Requirement>]| -> Vec<RuleReport> {
            let report = |rule: &Arc<Requirement>| rule.report(decision, self.caller);
            rules.iter().map(report).collect()
        };
        let mut rules = of(Decision::DenyUnless, &gate.deny_unless);
        rules.extend(of(Decision::AllowIf, &gate.allow_if));
        GateReport {
            object: object.into(),
            operation,
            outcome,
            rules,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Granted => "granted",
            Self::Denied => "denied",
            Self::SomeRows => "granted for some rows",
        })
    }
}

impl fmt::Display for RuleOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::NoRole => f.write_str("failed: the caller has none of the roles"),
            Self::Unobeyable(fault) => write!(f, "failed: {fault}"),
            Self::OnConditions => f.write_str("passed by rows that match the condition"),
        }
    }
}

impl Operation {
    /// Returns its name, as `sys_security_acl.operation` has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
            Self::QueryMatch => "query_match",
            Self::QueryRange => "query_range",
            Self::ConditionalTableQueryRange => "conditional_table_query_range",
            Self::Other => "other",
        }
    }
}

/// The object of the rule that stands where none does.
pub(super) fn everything() -> Object {
    use super::rule::Scope;
    Object {
        table: Scope::Any,
        field: None,
    }
}
