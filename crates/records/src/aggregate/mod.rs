//! One aggregate over one table, decided but not yet permitted (`rest-and-records.md` §5): rows are counted and
//! columns calculated, over all rows that a query selects or for each group of them.

mod ask;

use std::sync::Arc;

pub use ask::{Asked, HavingFault};

use crate::{
    dictionary::{Kind, Table},
    plan::Output,
    query::{Comparison, Joins, Path, Predicate},
    value::{Value, ValueRef},
};

/// What to calculate over which rows of a table.
#[derive(Debug, Clone)]
pub struct Aggregate {
    /// The table.
    pub table: Arc<Table>,
    /// What the paths below reach.
    pub joins: Joins,
    /// Which rows.
    pub predicate: Predicate,
    /// The columns whose values make a group; without any, all rows are one.
    pub groups: Vec<Output>,
    /// What is calculated of each group.
    pub measures: Vec<Measure>,
    /// Which groups are left in the answer.
    pub having: Vec<Having>,
    /// In which order; ties are broken by the groups' values.
    pub order: Vec<GroupOrder>,
}

/// A number, or a smallest or largest value, of a group.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// How many rows.
    Count,
    /// How many rows have a value in the column.
    CountOf(Output),
    /// Something calculated of a column.
    Of(Function, Output),
}

/// What is calculated of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// The mean, with four decimals.
    Avg,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// The sum.
    Sum,
}

/// A condition on the groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Having {
    /// What is compared.
    pub measure: Measure,
    /// How.
    pub comparison: Comparison,
    /// With what; as [`Measure::parse`] reads it.
    pub value: Value,
}

/// One sort key of the groups.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupOrder {
    /// By what.
    pub by: GroupKey,
    /// Largest first.
    pub descending: bool,
}

/// What groups are sorted by.
#[derive(Debug, Clone, PartialEq)]
pub enum GroupKey {
    /// The value of the group at this place in [`Aggregate::groups`].
    Group(usize),
    /// A measure.
    Measure(Measure),
}

impl Function {
    /// Every function, in the order of the answer's keys.
    pub const ALL: [Self; 4] = [Self::Avg, Self::Min, Self::Max, Self::Sum];

    /// Returns the name in parameters and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::Sum => "sum",
        }
    }

    /// Tells whether a column of this kind has such a value: only numbers add up.
    #[must_use]
    pub fn applies_to(self, kind: Kind) -> bool {
        match self {
            Self::Avg | Self::Sum => kind.is_numeric(),
            Self::Min | Self::Max => !matches!(kind, Kind::Journal(_) | Kind::Secret(_)),
        }
    }
}

impl Measure {
    /// Returns the column it is about.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Count => None,
            Self::CountOf(column) | Self::Of(_, column) => Some(&column.path),
        }
    }

    /// Returns the behaviour of its values.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Count | Self::CountOf(_) => Kind::Integer,
            Self::Of(function, Output { path, .. }) => match (function, path.column.kind) {
                (Function::Avg, _) => Kind::Scaled(AVERAGE_DIGITS),
                (Function::Sum, Kind::Boolean) => Kind::Integer,
                (_, kind) => kind,
            },
        }
    }

    /// Parses a value to compare it with.
    #[must_use]
    pub fn parse(&self, text: &str) -> Option<Value> {
        let value = self.kind().parse(text).ok()?;
        (value != Value::Null).then_some(value)
    }

    /// Appends its wire form.
    pub fn write(&self, value: ValueRef<'_>, out: &mut String) {
        self.kind().write(value, out);
    }
}

/// §5: averages have four decimals, whatever the column has.
const AVERAGE_DIGITS: u8 = 4;
