//! What rows must satisfy: the small closed set that every operator of the language is lowered to.
//!
//! Two evaluators exist, the store's SQL and [`Predicate::matches`] here; a differential test holds them
//! together. The rules both follow:
//! - Text compares and matches without regard to ASCII case, in the order of its lower-case bytes.
//! - Nothing (`NULL`) satisfies no comparison, except that it differs from every value: `!=`, `NOT IN` and
//!   a negated match take rows where the column is empty, as the real thing does.

use super::path::Path;
use crate::value::{Value, ValueRef};

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
    /// The column compares so with the value; [`Value::Null`] is never given here.
    Compare(Path, Comparison, Value),
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

    /// Tells whether a row satisfies the condition; `cell` gives the row's value at a path.
    pub fn matches<'a>(&self, cell: &impl Fn(&Path) -> ValueRef<'a>) -> bool {
        match self {
            Self::True => true,
            Self::False => false,
            Self::And(all) => all.iter().all(|one| one.matches(cell)),
            Self::Or(any) => any.iter().any(|one| one.matches(cell)),
            Self::Compare(path, comparison, value) => comparison.holds(cell(path), value.as_ref()),
            Self::Like {
                path,
                at,
                text,
                negated,
            } => {
                cell(path)
                    .as_text()
                    .is_some_and(|cell| at.holds(cell, text))
                    != *negated
            }
            Self::In {
                path,
                values,
                negated,
            } => {
                let cell = cell(path);
                let found = |value: &Value| Comparison::Equal.holds(cell, value.as_ref());
                values.iter().any(found) != *negated
            }
            Self::Empty { path, negated } => (cell(path) == ValueRef::Null) != *negated,
        }
    }

    /// Calls `visit` with every path the condition reads.
    pub fn each_path<'a>(&'a self, visit: &mut impl FnMut(&'a Path)) {
        match self {
            Self::True | Self::False => {}
            Self::And(list) | Self::Or(list) => {
                for one in list {
                    one.each_path(visit);
                }
            }
            Self::Compare(path, ..)
            | Self::Like { path, .. }
            | Self::In { path, .. }
            | Self::Empty { path, .. } => visit(path),
        }
    }

    /// Calls `visit` with every path the condition reads, so that it can be changed.
    pub(crate) fn each_path_mut(&mut self, visit: &mut impl FnMut(&mut Path)) {
        match self {
            Self::True | Self::False => {}
            Self::And(list) | Self::Or(list) => {
                for one in list {
                    one.each_path_mut(visit);
                }
            }
            Self::Compare(path, ..)
            | Self::Like { path, .. }
            | Self::In { path, .. }
            | Self::Empty { path, .. } => visit(path),
        }
    }
}

impl Comparison {
    /// Tells whether a row's cell compares so with a value.
    #[must_use]
    pub fn holds(self, cell: ValueRef<'_>, value: ValueRef<'_>) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let ordering = match (cell, value) {
            (ValueRef::Int(cell), ValueRef::Int(value)) => Some(cell.cmp(&value)),
            (ValueRef::Text(cell), ValueRef::Text(value)) => Some(fold(cell).cmp(fold(value))),
            _ => None,
        };
        match self {
            Self::Equal => ordering == Some(Equal),
            Self::NotEqual => ordering != Some(Equal),
            Self::Less => ordering == Some(Less),
            Self::LessOrEqual => matches!(ordering, Some(Less | Equal)),
            Self::Greater => ordering == Some(Greater),
            Self::GreaterOrEqual => matches!(ordering, Some(Greater | Equal)),
        }
    }
}

impl Match {
    fn holds(self, cell: &str, text: &str) -> bool {
        let (cell, text) = (cell.to_ascii_lowercase(), text.to_ascii_lowercase());
        match self {
            Self::Contains => cell.contains(&text),
            Self::StartsWith => cell.starts_with(&text),
            Self::EndsWith => cell.ends_with(&text),
        }
    }
}

fn fold(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|b| b.to_ascii_lowercase())
}
