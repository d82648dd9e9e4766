//! Operators of dates only.

use super::{Family, Lower, Operator, Referenced, number};
use crate::query::{Comparison, Path, Predicate};

pub(super) const ROWS: &[Operator] = &[
    Operator {
        spellings: &["ON"],
        applies_to: &[Family::Date],
        referenced: Referenced::Key,
        lower: Lower::Span(number::between),
        example: "opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()",
    },
    Operator {
        spellings: &["NOTON"],
        applies_to: &[Family::Date],
        referenced: Referenced::Key,
        lower: Lower::Span(outside),
        example: "opened_atNOTONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()",
    },
];

/// Before the first, after the last or, as every negation, empty.
fn outside(path: Path, [from, to]: [&str; 2]) -> Predicate {
    let before = number::compare(path.clone(), Comparison::Less, from);
    let after = number::compare(path.clone(), Comparison::Greater, to);
    before.or(after).or(Predicate::Empty {
        path,
        negated: false,
    })
}
