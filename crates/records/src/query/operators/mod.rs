//! The operators (§3.2), one row each: how it is spelt, what it applies to, what it means, an example.
//!
//! An operator is added by adding a row to its family's file; the parser and the tests read the rows.

mod date;
mod fields;
mod number;
mod reference;
mod relative;
mod text;
mod trigger;

use std::sync::Arc;

pub(in crate::query) use number::compare;
pub(crate) use reference::{ME, MY_GROUPS};

use super::{
    Match, Path, Predicate,
    resolve::{Fields, Reason},
    script,
};
use crate::{
    dictionary::{Column, Dictionary, Kind},
    value::{Value, ValueRef},
};

/// One operator of the language.
#[derive(Debug)]
pub struct Operator {
    /// How it is written; the first is the one to print.
    pub spellings: &'static [&'static str],
    /// Which columns it applies to; elsewhere the condition is dropped.
    pub applies_to: &'static [Family],
    /// What it looks at when the column is a reference.
    pub referenced: Referenced,
    /// What it takes and what it becomes.
    pub lower: Lower,
    /// A condition that uses it.
    pub example: &'static str,
}

/// Columns that an operator treats alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Text, choices stored as text included.
    Text,
    /// Whole and decimal numbers.
    Number,
    /// Numbers that stand for an entry of a choice list.
    Choice,
    /// True and false.
    Boolean,
    /// Dates, date-times, times and durations.
    Date,
    /// The key of another row.
    Reference,
    /// Keys of other rows, comma-joined.
    List,
    /// Entries that people wrote; the column itself holds nothing, and the operators of text ask the entries.
    Journal,
}

/// Which value of a reference an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Referenced {
    /// The stored key.
    Key,
    /// The display value of the row it leads to.
    Display,
}

/// The shape of an operator's value, and the condition made of it.
#[derive(Debug, Clone, Copy)]
pub enum Lower {
    /// No value.
    Nothing(fn(Path) -> Predicate),
    /// The rest of the condition, whatever it contains.
    One(fn(Path, &str) -> Predicate),
    /// Comma-separated values.
    List(fn(Path, &mut dyn Iterator<Item = &str>) -> Predicate),
    /// `from@to`.
    Range(fn(Path, [&str; 2]) -> Predicate),
    /// `label@from@to`; the label is for people.
    Span(fn(Path, [&str; 2]) -> Predicate),
    /// A table's name.
    Table(fn(Path, &str, &Dictionary) -> Predicate),
    /// A form of its own, as it is written.
    Own(fn(Path, &str, &mut Fields<'_>) -> Result<Predicate, Reason>),
}

/// Every operator, by family.
pub static OPERATORS: &[&[Operator]] = &[
    number::ROWS,
    text::ROWS,
    date::ROWS,
    relative::ROWS,
    fields::ROWS,
    reference::ROWS,
    trigger::ROWS,
];

const ALL: &[Family] = &[
    Family::Text,
    Family::Number,
    Family::Choice,
    Family::Boolean,
    Family::Date,
    Family::Reference,
    Family::List,
];

/// A condition taken apart.
#[derive(Debug, Clone, Copy)]
pub struct Split<'a> {
    /// An element or a dotted path; nobody has looked whether there is one.
    pub field: &'a str,
    /// The operator, if the language has it.
    pub operator: Option<&'static Operator>,
    /// All that follows.
    pub value: &'a str,
}

/// Splits a condition: names are lower case and operators are not, so the field is all that can be a name; of the
/// operators that fit, the longest is meant (`ISNOTEMPTY` before `IN`, `>=` before `>`).
#[must_use]
pub fn split(term: &str) -> Split<'_> {
    let name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.');
    let end = term.bytes().position(|b| !name(b)).unwrap_or(term.len());
    let (field, rest) = term.split_at(end);
    let (operator, value) = match longest(rest) {
        Some((operator, spelling)) => (Some(operator), &rest[spelling.len()..]),
        None => (None, rest),
    };
    Split {
        field,
        operator,
        value,
    }
}

fn longest(rest: &str) -> Option<(&'static Operator, &'static str)> {
    let spelt = |row: &'static Operator| row.spellings.iter().map(move |spelling| (row, *spelling));
    OPERATORS
        .iter()
        .flat_map(|family| family.iter())
        .flat_map(spelt)
        .filter(|(_, spelling)| rest.starts_with(spelling))
        .max_by_key(|(_, spelling)| spelling.len())
}

impl Family {
    /// Returns the family of a column; secrets cannot be queried and have none.
    #[must_use]
    pub fn of(column: &Column) -> Option<Self> {
        match column.kind {
            Kind::Text => Some(Self::Text),
            Kind::Integer | Kind::Scaled(_) if column.choices.is_empty() => Some(Self::Number),
            Kind::Integer | Kind::Scaled(_) => Some(Self::Choice),
            Kind::Boolean => Some(Self::Boolean),
            Kind::Date | Kind::DateTime | Kind::Time | Kind::Duration => Some(Self::Date),
            Kind::Reference => Some(Self::Reference),
            Kind::List => Some(Self::List),
            Kind::Journal(_) => Some(Self::Journal),
            Kind::Secret(_) => None,
        }
    }
}

impl Operator {
    /// Returns the spelling to print.
    #[must_use]
    pub fn spelling(&self) -> &'static str {
        self.spellings.first().copied().unwrap_or_default()
    }

    /// Lowers a condition on a field that was walked to.
    pub(super) fn condition(
        &self,
        path: Path,
        value: &str,
        fields: &mut Fields<'_>,
    ) -> Result<Predicate, Reason> {
        let family = Family::of(&path.column).ok_or(Reason::Unqueryable)?;
        if !self.applies_to.contains(&family) {
            return Err(Reason::Inapplicable);
        }
        let path = match self.referenced {
            Referenced::Key => path,
            Referenced::Display => fields.shown(path),
        };
        self.lowered(path, value, fields)
    }

    fn lowered(
        &self,
        path: Path,
        value: &str,
        fields: &mut Fields<'_>,
    ) -> Result<Predicate, Reason> {
        let context = fields.context;
        let evaluate = |value| script::evaluate(value, context).ok_or(Reason::Script);
        let (lower, ends) = match self.lower {
            Lower::Nothing(lower) => return Ok(lower(path)),
            Lower::One(lower) => return Ok(lower(path, &evaluate(value)?)),
            // §11.2: clients write `nameIN incident,task`.
            Lower::List(lower) => {
                let values = evaluate(value)?;
                return Ok(lower(path, &mut values.split(',').map(str::trim)));
            }
            Lower::Table(lower) => return Ok(lower(path, &evaluate(value)?, fields.dictionary)),
            Lower::Own(lower) => return lower(path, value, fields),
            Lower::Range(lower) => (lower, value.split_once('@')),
            Lower::Span(lower) => {
                let ends = value.split_once('@').map(|(_label, ends)| ends);
                // A label alone says it all where it is one that forms offer.
                if ends.is_none()
                    && let Some([from, to]) = script::labelled(value, context)
                {
                    return Ok(lower(path, [&from, &to]));
                }
                (lower, ends.and_then(|ends| ends.split_once('@')))
            }
        };
        // A right field with a wrong value has no rows (§3.5).
        let Some((from, to)) = ends else {
            return Ok(Predicate::False);
        };
        Ok(lower(path, [&evaluate(from)?, &evaluate(to)?]))
    }
}

/// The column has one of the values, or none of them; what is no value of the column, nothing included, is no member.
pub(super) fn one_of<'v>(
    path: Path,
    values: impl Iterator<Item = &'v str>,
    negated: bool,
) -> Predicate {
    let kind = path.column.kind;
    let values: Vec<Value> = values
        .filter_map(|text| kind.parse(text).ok())
        .filter(|value| *value != Value::Null)
        .collect();
    match (values.is_empty(), negated) {
        (true, true) => Predicate::True,
        (true, false) => Predicate::False,
        (false, _) => Predicate::In {
            path,
            values,
            negated,
        },
    }
}

/// The column's text contains this. A choice stored as a number matches by its digits, within its list.
fn like(path: Path, at: Match, text: &str, negated: bool) -> Predicate {
    let text = text.into();
    if !path.column.kind.is_numeric() {
        return Predicate::Like {
            path,
            at,
            text,
            negated,
        };
    }
    let column = Arc::clone(&path.column);
    let like = Predicate::Like {
        path: path.clone(),
        at,
        text,
        negated: false,
    };
    let values = column.choices.iter().map(|choice| &*choice.value);
    let matching = values.filter(|value| like.matches(&|_| ValueRef::Text(value)));
    one_of(path, matching, negated)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> impl Iterator<Item = &'static Operator> {
        OPERATORS.iter().flat_map(|family| family.iter())
    }

    #[test]
    fn every_example_is_split_at_its_own_operator() {
        for row in rows() {
            let split = split(row.example);
            assert!(
                split.operator.is_some_and(|found| std::ptr::eq(found, row)),
                "{row:?}"
            );
        }
    }

    #[test]
    fn every_spelling_has_one_row() {
        let mut spellings: Vec<_> = rows().flat_map(|row| row.spellings).collect();
        spellings.sort_unstable();
        let all = spellings.len();
        spellings.dedup();
        assert_eq!(spellings.len(), all);
    }

    #[test]
    fn the_longest_operator_is_meant() {
        for (term, field, spelling, value) in [
            (
                "short_descriptionISNOTEMPTY",
                "short_description",
                "ISNOTEMPTY",
                "",
            ),
            ("stateIN1,2", "state", "IN", "1,2"),
            (
                "sys_class_nameINSTANCEOFtask",
                "sys_class_name",
                "INSTANCEOF",
                "task",
            ),
            ("reassignment_count>=2", "reassignment_count", ">=", "2"),
            ("name!*x", "name", "NOT LIKE", "x"),
            ("category=a=b", "category", "=", "a=b"),
            ("caller_id.u_2ndNOTINa", "caller_id.u_2nd", "NOT IN", "a"),
        ] {
            let split = split(term);
            let operator = split.operator.expect("a known operator");
            assert_eq!(
                (split.field, operator.spellings[0], split.value),
                (field, spelling, value)
            );
        }
        let hierarchy = split("locationIN_HIERARCHYa@b").operator;
        assert_eq!(hierarchy.map(Operator::spelling), Some("IN_HIERARCHY"));
    }
}
