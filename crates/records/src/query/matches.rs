//! The evaluator in memory: what the store's SQL says, in Rust. A differential test holds the two together.

use std::{cmp::Ordering, marker::PhantomData};

use super::{
    measure::Measure,
    path::Path,
    predicate::{Change, Comparison, Match, Predicate},
    related::{Below, Related},
    zone::Zone,
};
use crate::value::{Value, ValueRef};

/// A row as a condition sees it.
pub trait Cells {
    /// Returns the value at a path.
    fn cell(&self, path: &Path) -> ValueRef<'_>;

    /// Returns how many other rows count, or `None` where no other rows can be seen; then the condition fails.
    fn related(&self, related: &Related) -> Option<i64> {
        let _ = related;
        None
    }

    /// Tells whether the row that a reference leads to lies there.
    fn is_below(&self, below: &Below) -> bool {
        let _ = below;
        false
    }

    /// Returns what the column held before the row was written; `None` where nothing is being written.
    fn before(&self, path: &Path) -> Option<ValueRef<'_>> {
        let _ = path;
        None
    }
}

/// A row without surroundings.
struct Alone<'f, 'a, F>(&'f F, PhantomData<&'a ()>);

impl<'a, F: Fn(&Path) -> ValueRef<'a>> Cells for Alone<'_, 'a, F> {
    fn cell(&self, path: &Path) -> ValueRef<'_> {
        self.0(path)
    }
}

impl Predicate {
    /// Tells whether a row satisfies the condition; `cell` gives the row's value at a path. A condition on other
    /// rows fails.
    pub fn matches<'a>(&self, cell: &impl Fn(&Path) -> ValueRef<'a>) -> bool {
        self.holds(&Alone(cell, PhantomData))
    }

    /// Tells whether a row in its surroundings satisfies the condition.
    pub fn holds(&self, row: &impl Cells) -> bool {
        match self {
            Self::True => true,
            Self::False => false,
            Self::And(all) => all.iter().all(|one| one.holds(row)),
            Self::Or(any) | Self::Search(any) => any.iter().any(|one| one.holds(row)),
            Self::Not(one) => !one.holds(row),
            Self::Compare(path, comparison, value) => {
                comparison.holds(row.cell(path), value.as_ref())
            }
            Self::Columns(left, comparison, right) => {
                comparison.holds(row.cell(left), row.cell(right))
            }
            Self::Measured {
                path,
                measure,
                zone,
                comparison,
                number,
            } => comparison.holds_of(measured(row, path, *measure, zone), *number),
            Self::Apart {
                left,
                right,
                measure,
                zone,
                comparison,
                number,
            } => {
                let left = measured(row, left, *measure, zone);
                let apart = left.zip(measured(row, right, *measure, zone));
                comparison.holds_of(apart.map(|(left, right)| left - right), *number)
            }
            Self::Like {
                path,
                at,
                text,
                negated,
            } => {
                let cell = row.cell(path).as_text();
                cell.is_some_and(|cell| at.holds(cell, text)) != *negated
            }
            Self::In {
                path,
                values,
                negated,
            } => {
                let cell = row.cell(path);
                let found = |value: &Value| Comparison::Equal.holds(cell, value.as_ref());
                values.iter().any(found) != *negated
            }
            Self::Empty { path, negated } => (row.cell(path) == ValueRef::Null) != *negated,
            Self::Related(related) => row
                .related(related)
                .is_some_and(|count| related.holds(count)),
            Self::Below(below) => row.is_below(below),
            Self::Changed(path, change) => row
                .before(path)
                .is_none_or(|before| change.happened(before, row.cell(path))),
        }
    }
}

fn measured(row: &impl Cells, path: &Path, measure: Measure, zone: &Zone) -> Option<i64> {
    measure.of(row.cell(path).as_text()?, path.column.kind, zone)
}

impl Comparison {
    /// Tells whether a row's cell compares so with a value.
    #[must_use]
    pub fn holds(self, cell: ValueRef<'_>, value: ValueRef<'_>) -> bool {
        let ordering = match (cell, value) {
            (ValueRef::Int(cell), ValueRef::Int(value)) => Some(cell.cmp(&value)),
            (ValueRef::Text(cell), ValueRef::Text(value)) => Some(fold(cell).cmp(fold(value))),
            _ => None,
        };
        ordering.map_or(self == Self::NotEqual, |ordering| self.orders(ordering))
    }

    /// Tells whether a number, if there is one, compares so; none differs from every number.
    fn holds_of(self, number: Option<i64>, other: i64) -> bool {
        number.map_or(self == Self::NotEqual, |it| self.orders(it.cmp(&other)))
    }

    /// Tells whether two things in this order compare so.
    #[must_use]
    pub fn orders(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
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

impl Change {
    fn happened(&self, before: ValueRef<'_>, after: ValueRef<'_>) -> bool {
        before != after
            && match self {
                Self::Any => true,
                Self::From(value) => before == value.as_ref(),
                Self::To(value) => after == value.as_ref(),
            }
    }
}

fn fold(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|b| b.to_ascii_lowercase())
}
