//! All rules of an instance, arranged so that a decision costs a few look-ups.
//!
//! The points of §16.2 are walked once, here, when a snapshot is made: for each table and operation one gate for
//! its rows and, only where field rules exist at all, one per field.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{
    condition::{asks, resolves},
    gate::{Gate, Requirement},
    rule::{Decision, Fault, Operation, Problem, Rule, Scope},
};
use crate::{
    dictionary::{Dictionary, Table},
    name::{ByName, Name},
};

/// The rules of every table in a dictionary; rebuilt with it and swapped whole.
#[derive(Debug)]
pub struct RuleSet {
    tables: ByName<[Gates; OPERATIONS.len()]>,
    /// For a table this snapshot does not know yet: the `*` rules only.
    unknown: [Gates; OPERATIONS.len()],
}

/// The gates of one table for one operation.
#[derive(Debug, Default)]
pub(super) struct Gates {
    pub(super) rows: Gate,
    fields: Option<Box<Fields>>,
    /// Classes below this table whose rows other rules judge.
    pub(super) row_classes: Vec<Name>,
    /// Classes below this table whose fields other rules judge.
    pub(super) field_classes: Vec<Name>,
}

#[derive(Debug)]
struct Fields {
    by_element: ByName<Gate>,
    any: Gate,
}

const OPERATIONS: [Operation; 7] = [
    Operation::Create,
    Operation::Read,
    Operation::Write,
    Operation::Delete,
    Operation::QueryMatch,
    Operation::QueryRange,
    Operation::ConditionalTableQueryRange,
];

impl RuleSet {
    /// Arranges the rules for the tables of a dictionary and says which of them cannot be obeyed as they are.
    #[must_use]
    pub fn build(rules: &[Rule], dictionary: &Dictionary) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let points = OPERATIONS
            .map(|operation| Points::collect(rules, operation, dictionary, &mut problems));
        let tables = dictionary
            .tables()
            .map(|table| {
                let lineage = lineage(table);
                let gates = |points: &Points| points.gates(table, &lineage, dictionary);
                (table.name().clone(), points.each_ref().map(gates))
            })
            .collect();
        let unknown = points
            .each_ref()
            .map(|points| points.gates_along(&[Scope::Any]));
        (Self { tables, unknown }, problems)
    }

    pub(super) fn gates(&self, operation: Operation, table: &str) -> &Gates {
        let gates = self.tables.get(table).unwrap_or(&self.unknown);
        // `Other` names nothing that is judged here; the strictest gate answers for it.
        let at = OPERATIONS
            .iter()
            .position(|known| *known == operation)
            .unwrap_or(0);
        &gates[at]
    }
}

impl Gates {
    /// The gate of a field, if any rule matches it.
    pub(super) fn field(&self, element: &str) -> Option<&Gate> {
        let fields = self.fields.as_ref()?;
        let gate = fields.by_element.get(element).unwrap_or(&fields.any);
        (!gate.is_empty()).then_some(gate)
    }

    /// Tells whether no field of the table, or of the classes below it, has a rule.
    pub(super) fn fields_are_open(&self) -> bool {
        self.fields.is_none() && self.field_classes.is_empty()
    }
}

/// The rules of one operation by the point they stand at.
#[derive(Default)]
struct Points {
    by_table: HashMap<Scope, Point>,
    /// The tables that have rules of their own for rows.
    of_rows: HashSet<Name>,
    /// The tables that have rules of their own for fields.
    of_fields: HashSet<Name>,
}

#[derive(Default)]
struct Point {
    rows: Gate,
    fields: HashMap<Name, Gate>,
    any_field: Gate,
}

impl Point {
    fn has_field_rules(&self) -> bool {
        !self.fields.is_empty() || !self.any_field.is_empty()
    }
}

impl Points {
    fn collect(
        rules: &[Rule],
        operation: Operation,
        dictionary: &Dictionary,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut points = Self::default();
        for rule in rules
            .iter()
            .filter(|rule| rule.active && rule.operation == operation)
        {
            let fault = fault(rule, dictionary);
            let requirement = Arc::new(Requirement::new(rule, fault));
            problems.extend(fault.map(|fault| Problem {
                object: rule.object.clone(),
                operation,
                fault,
            }));
            let point = points
                .by_table
                .entry(rule.object.table.clone())
                .or_default();
            let gate = match &rule.object.field {
                None => &mut point.rows,
                Some(Scope::Any) => &mut point.any_field,
                Some(Scope::Named(element)) => point.fields.entry(element.clone()).or_default(),
            };
            gate.push(rule.decision, &requirement);
        }
        if denied_by_default(operation) {
            points.deny_by_default();
        }
        points.of_rows = points.concerned(|point| !point.rows.is_empty());
        points.of_fields = points.concerned(Point::has_field_rules);
        points
    }

    fn concerned(&self, concerns: impl Fn(&Point) -> bool) -> HashSet<Name> {
        let points = self.by_table.iter().filter(|(_, point)| concerns(point));
        let named = points.filter_map(|(scope, _)| match scope {
            Scope::Named(name) => Some(name.clone()),
            Scope::Any => None,
        });
        named.collect()
    }

    /// §16.2: `*` rules exist for create, read, write and delete, and let only admin through.
    fn deny_by_default(&mut self) {
        let rows = &mut self.by_table.entry(Scope::Any).or_default().rows;
        if rows.allow_if.is_empty() {
            rows.push(Decision::AllowIf, &Arc::new(Requirement::admin_only()));
        }
    }

    fn gates(&self, table: &Table, lineage: &[Scope], dictionary: &Dictionary) -> Gates {
        let mut gates = self.gates_along(lineage);
        gates.row_classes = classes(&self.of_rows, table, dictionary);
        gates.field_classes = classes(&self.of_fields, table, dictionary);
        gates
    }

    /// Joins the points from the most specific to the most general.
    fn gates_along(&self, lineage: &[Scope]) -> Gates {
        let points: Vec<&Point> = lineage
            .iter()
            .filter_map(|scope| self.by_table.get(scope))
            .collect();
        let mut gates = Gates::default();
        let mut any = Gate::default();
        let mut elements = HashSet::new();
        for point in &points {
            gates.rows.extend(&point.rows);
            any.extend(&point.any_field);
            elements.extend(point.fields.keys());
        }
        let by_element: ByName<Gate> = elements
            .into_iter()
            .map(|element| {
                let mut gate = Gate::default();
                for named in points.iter().filter_map(|point| point.fields.get(element)) {
                    gate.extend(named);
                }
                gate.extend(&any);
                (element.clone(), gate)
            })
            .collect();
        if !by_element.is_empty() || !any.is_empty() {
            gates.fields = Some(Box::new(Fields { by_element, any }));
        }
        gates
    }
}

/// A table's scopes from the most specific to the most general.
fn lineage(table: &Table) -> Vec<Scope> {
    let names = [table.name()].into_iter().chain(table.ancestors());
    let named = names.map(|name| Scope::Named(name.clone()));
    named.chain([Scope::Any]).collect()
}

/// The classes below `table` that a rule of their own, or of a table between, concerns.
fn classes(concerned: &HashSet<Name>, table: &Table, dictionary: &Dictionary) -> Vec<Name> {
    if concerned.is_empty() {
        return Vec::new();
    }
    let has_rules = |name: &Name| concerned.contains(name);
    let below = |class: &&Name| {
        let between = dictionary
            .table(class)
            .map_or(&[][..], |class| class.ancestors());
        has_rules(class)
            || between
                .iter()
                .take_while(|name| *name != table.name())
                .any(has_rules)
    };
    table.descendants().iter().filter(below).cloned().collect()
}

/// Nothing denies a query by default: reading decides where no query rule does (§3.6).
fn denied_by_default(operation: Operation) -> bool {
    !matches!(
        operation,
        Operation::QueryMatch | Operation::QueryRange | Operation::ConditionalTableQueryRange
    )
}

/// §16.2: an empty rule denies, and so does one that cannot be obeyed.
fn fault(rule: &Rule, dictionary: &Dictionary) -> Option<Fault> {
    let has = |query: &Option<Box<str>>| query.as_deref().is_some_and(asks);
    let unresolvable = |query: &Option<Box<str>>| match (&rule.object.table, query) {
        (Scope::Named(name), Some(text)) => dictionary
            .table(name)
            .is_some_and(|table| !resolves(text, table, dictionary)),
        // A condition on `*` is resolved on each table, and fails where it means nothing.
        _ => false,
    };
    if rule.scripted {
        Some(Fault::Script)
    } else if rule.roles.is_empty() && !has(&rule.condition) {
        Some(Fault::Empty)
    } else if unresolvable(&rule.condition) || unresolvable(&rule.applies_to) {
        Some(Fault::Condition)
    } else {
        None
    }
}
