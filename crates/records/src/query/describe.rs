//! A query in words, for whoever wonders what became of its text: brackets where there were carets, dotted paths
//! where there are joins.

use std::fmt::Write as _;

use super::{
    Change, Comparison, Match, Predicate, Query, Related,
    path::{Joins, Path},
};
use crate::value::Value;

impl Query {
    /// Returns the condition as it was understood.
    #[must_use]
    pub fn describe(&self) -> String {
        describe(&self.predicate, &self.joins)
    }

    /// Returns the sort keys as they were understood.
    #[must_use]
    pub fn describe_order(&self) -> Vec<String> {
        let key = |order: &super::Order| {
            let direction = if order.descending { " descending" } else { "" };
            format!("{}{direction}", dotted(&order.path, &self.joins))
        };
        self.order.iter().map(key).collect()
    }
}

/// Returns a condition in words; `joins` are those of its query.
#[must_use]
pub fn describe(predicate: &Predicate, joins: &Joins) -> String {
    let mut out = String::new();
    Describer { joins }.push(predicate, &mut out);
    out
}

struct Describer<'j> {
    joins: &'j Joins,
}

impl Describer<'_> {
    fn push(&self, predicate: &Predicate, out: &mut String) {
        match predicate {
            Predicate::True => out.push_str("every row"),
            Predicate::False => out.push_str("no row"),
            Predicate::And(list) => self.push_list(list, " AND ", out),
            Predicate::Or(list) => self.push_list(list, " OR ", out),
            Predicate::Search(list) => {
                out.push_str("any of ");
                self.push_list(list, " OR ", out);
            }
            Predicate::Not(one) => self.push_not(one, out),
            Predicate::Compare(path, comparison, value) => {
                let _ = write!(
                    out,
                    "{} {} {}",
                    self.of(path),
                    sign(*comparison),
                    shown(value)
                );
            }
            Predicate::Columns(left, comparison, right) => {
                let _ = write!(
                    out,
                    "{} {} {}",
                    self.of(left),
                    sign(*comparison),
                    self.of(right)
                );
            }
            Predicate::Measured {
                path,
                measure,
                comparison,
                number,
                ..
            } => {
                let path = self.of(path);
                let _ = write!(out, "{measure:?} of {path} {} {number}", sign(*comparison));
            }
            Predicate::Apart {
                left,
                right,
                measure,
                comparison,
                number,
                ..
            } => {
                let (left, right) = (self.of(left), self.of(right));
                let sign = sign(*comparison);
                let _ = write!(
                    out,
                    "{measure:?} of {left} - that of {right} {sign} {number}"
                );
            }
            Predicate::Like {
                path,
                at,
                text,
                negated,
            } => {
                let word = match at {
                    Match::Contains => "contains",
                    Match::StartsWith => "starts with",
                    Match::EndsWith => "ends with",
                };
                let _ = write!(out, "{} {}{word} '{text}'", self.of(path), not(*negated));
            }
            Predicate::In {
                path,
                values,
                negated,
            } => {
                let values: Vec<String> = values.iter().map(shown).collect();
                let _ = write!(
                    out,
                    "{} {}in ({})",
                    self.of(path),
                    not(*negated),
                    values.join(", ")
                );
            }
            Predicate::Empty { path, negated } => {
                let _ = write!(out, "{} is {}empty", self.of(path), not(*negated));
            }
            Predicate::Related(related) => self.push_related(related, out),
            Predicate::Below(below) => {
                let tops: Vec<String> = below.tops.iter().map(shown).collect();
                let path = self.of(&below.path);
                let _ = write!(out, "{path} is at or below ({})", tops.join(", "));
            }
            Predicate::Changed(path, change) => {
                let change = match change {
                    Change::Any => String::new(),
                    Change::From(value) => format!(" from {}", shown(value)),
                    Change::To(value) => format!(" to {}", shown(value)),
                };
                let _ = write!(out, "{} changes{change}", self.of(path));
            }
        }
    }

    fn push_not(&self, one: &Predicate, out: &mut String) {
        out.push_str("not (");
        self.push(one, out);
        out.push(')');
    }

    fn push_list(&self, list: &[Predicate], joint: &str, out: &mut String) {
        out.push('(');
        for (at, one) in list.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { joint });
            self.push(one, out);
        }
        out.push(')');
    }

    fn push_related(&self, related: &Related, out: &mut String) {
        let inner = Describer {
            joins: &related.joins,
        };
        let _ = write!(
            out,
            "the number of {} rows whose {} is its {}",
            related.table.name(),
            inner.of(&related.key),
            self.of(&related.of)
        );
        if related.predicate != Predicate::True {
            out.push_str(" and that have ");
            inner.push(&related.predicate, out);
        }
        let _ = write!(out, " {} {}", sign(related.comparison), related.count);
    }

    fn of(&self, path: &Path) -> String {
        dotted(path, self.joins)
    }
}

/// The path as a query writes it.
#[must_use]
pub fn dotted(path: &Path, joins: &Joins) -> String {
    let join = path
        .table
        .checked_sub(1)
        .and_then(|at| joins.as_slice().get(at));
    match join {
        Some(join) => format!("{}.{}", dotted(&join.from, joins), path.column.element),
        None => path.column.element.to_string(),
    }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "not " } else { "" }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Int(n) => n.to_string(),
        Value::Text(text) => format!("'{text}'"),
    }
}
