//! What rows must satisfy: the small closed set that every operator of the language is lowered to.
//!
//! Two evaluators exist, the store's SQL and [`Predicate::holds`]; a differential test holds them together. The rules both follow:
//! - Text compares and matches without regard to ASCII case, in the order of its lower-case bytes.
//! - Nothing (`NULL`) satisfies no comparison, except that it differs from every value: `!=`, `NOT IN` and
//!   a negated match take rows where the column is empty, as the real thing does.

use std::sync::Arc;

use super::{
    measure::Measure,
    path::Path,
    related::{Below, Related},
    zone::Zone,
};
use crate::value::Value;

/// A condition on a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Predicate {
    /// Every row.
    #[default]
    True,
    /// No row.
    False,
    /// All of these.
    And(Vec<Predicate>),
    /// Any of these.
    Or(Vec<Predicate>),
    /// Not this: whatever the row holds, either this or the condition within is so.
    Not(Box<Predicate>),
    /// The column compares so with the value; [`Value::Null`] is never given here.
    Compare(Path, Comparison, Value),
    /// Two columns of the row compare so.
    Columns(Path, Comparison, Path),
    /// What is read off a date compares so with a number.
    Measured {
        /// The date.
        path: Path,
        /// What is read off it.
        measure: Measure,
        /// Where days begin.
        zone: Arc<Zone>,
        /// How it compares …
        comparison: Comparison,
        /// … with this.
        number: i64,
    },
    /// So far is one date after another.
    Apart {
        /// The later one; an earlier one is less than nothing after the other.
        left: Path,
        /// The earlier one.
        right: Path,
        /// In which unit.
        measure: Measure,
        /// Where days begin.
        zone: Arc<Zone>,
        /// How the distance compares …
        comparison: Comparison,
        /// … with this.
        number: i64,
    },
    /// The text of the column contains this at that place; negated, it does not or is empty.
    Like {
        /// The column.
        path: Path,
        /// Where the text must stand.
        at: Match,
        /// The text, taken literally.
        text: Box<str>,
        /// Turned round.
        negated: bool,
    },
    /// The column has one of these values; negated, none of them or nothing.
    In {
        /// The column.
        path: Path,
        /// None of them [`Value::Null`].
        values: Vec<Value>,
        /// Turned round.
        negated: bool,
    },
    /// The column holds nothing; negated, something.
    Empty {
        /// The column.
        path: Path,
        /// Turned round.
        negated: bool,
    },
    /// So many other rows belong to it.
    Related(Box<Related>),
    /// It lies in a hierarchy.
    Below(Box<Below>),
    /// Any of these, of which those that the caller may not ask are left out rather than refused: a search looks
    /// where it may.
    Search(Vec<Predicate>),
    /// The column is being changed. In a list, where nothing is, this leaves every row (§3.2).
    Changed(Path, Change),
}

/// How a column changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// In any way.
    Any,
    /// From this value.
    From(Value),
    /// To this value.
    To(Value),
}

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`; nothing differs from everything.
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// Where text must stand in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// Anywhere.
    Contains,
    /// At the start.
    StartsWith,
    /// At the end.
    EndsWith,
}

impl Predicate {
    /// Joins two conditions that must both hold, without nesting what need not be.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, one) | (one, Self::True) => one,
            (Self::And(mut all), Self::And(more)) => {
                all.extend(more);
                Self::And(all)
            }
            (Self::And(mut all), one) => {
                all.push(one);
                Self::And(all)
            }
            (one, other) => Self::And(vec![one, other]),
        }
    }

    /// Turns a condition round: every row satisfies either it or the answer, and none both.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Not(one) => *one,
            one => Self::Not(Box::new(one)),
        }
    }

    /// Joins two conditions of which one is enough.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, one) | (one, Self::False) => one,
            (Self::Or(mut any), one) => {
                any.push(one);
                Self::Or(any)
            }
            (one, other) => Self::Or(vec![one, other]),
        }
    }

    /// Calls `visit` with every path of the row at hand that the condition reads.
    pub fn each_path<'a>(&'a self, visit: &mut impl FnMut(&'a Path)) {
        match self {
            Self::True | Self::False => {}
            Self::And(list) | Self::Or(list) | Self::Search(list) => {
                for one in list {
                    one.each_path(visit);
                }
            }
            Self::Not(one) => one.each_path(visit),
            Self::Columns(left, _, right) | Self::Apart { left, right, .. } => {
                visit(left);
                visit(right);
            }
            Self::Compare(path, ..)
            | Self::Measured { path, .. }
            | Self::Like { path, .. }
            | Self::In { path, .. }
            | Self::Empty { path, .. }
            | Self::Changed(path, _) => visit(path),
            Self::Below(below) => visit(&below.path),
            Self::Related(related) => {
                visit(&related.of);
                related.content_of.iter().for_each(visit);
            }
        }
    }

    /// Calls `visit` with every path of the row at hand, so that it can be changed.
    pub(crate) fn each_path_mut(&mut self, visit: &mut impl FnMut(&mut Path)) {
        match self {
            Self::True | Self::False => {}
            Self::And(list) | Self::Or(list) | Self::Search(list) => {
                for one in list {
                    one.each_path_mut(visit);
                }
            }
            Self::Not(one) => one.each_path_mut(visit),
            Self::Columns(left, _, right) | Self::Apart { left, right, .. } => {
                visit(left);
                visit(right);
            }
            Self::Compare(path, ..)
            | Self::Measured { path, .. }
            | Self::Like { path, .. }
            | Self::In { path, .. }
            | Self::Empty { path, .. }
            | Self::Changed(path, _) => visit(path),
            Self::Below(below) => visit(&mut below.path),
            Self::Related(related) => {
                visit(&mut related.of);
                related.content_of.iter_mut().for_each(visit);
            }
        }
    }
}
