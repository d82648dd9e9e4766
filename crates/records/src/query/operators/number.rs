//! Operators that compare stored values: every column's equality and emptiness, and the order of what has one.

use super::{ALL, Family, Lower, Operator, Referenced, one_of};
use crate::{
    query::{
        Comparison, Path, Predicate,
        resolve::{Fields, Reason},
        script,
    },
    value::Value,
};

pub(super) const ORDERED: &[Family] = &[
    Family::Text,
    Family::Number,
    Family::Choice,
    Family::Date,
    Family::Reference,
];

pub(super) const ROWS: &[Operator] = &[
    Operator {
        spellings: &["="],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| equal(path, value, fields, false)),
        example: "active=true",
    },
    Operator {
        spellings: &["!="],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| equal(path, value, fields, true)),
        example: "state!=7",
    },
    Operator {
        spellings: &["<"],
        applies_to: ORDERED,
        referenced: Referenced::Display,
        lower: Lower::One(|path, value| compare(path, Comparison::Less, value)),
        example: "reassignment_count<2",
    },
    Operator {
        spellings: &["<="],
        applies_to: ORDERED,
        referenced: Referenced::Display,
        lower: Lower::One(|path, value| compare(path, Comparison::LessOrEqual, value)),
        example: "priority<=2",
    },
    Operator {
        spellings: &[">"],
        applies_to: ORDERED,
        referenced: Referenced::Display,
        lower: Lower::One(|path, value| compare(path, Comparison::Greater, value)),
        example: "sys_updated_on>2026-01-01 00:00:00",
    },
    Operator {
        spellings: &[">="],
        applies_to: ORDERED,
        referenced: Referenced::Display,
        lower: Lower::One(|path, value| compare(path, Comparison::GreaterOrEqual, value)),
        example: "number>=INC0010001",
    },
    Operator {
        spellings: &["BETWEEN"],
        applies_to: ORDERED,
        referenced: Referenced::Display,
        lower: Lower::Range(between),
        example: "priorityBETWEEN1@3",
    },
    Operator {
        spellings: &["IN"],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::List(|path, values| one_of(path, values, false)),
        example: "stateIN1,2,3",
    },
    Operator {
        spellings: &["NOT IN", "NOTIN"],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::List(|path, values| one_of(path, values, true)),
        example: "stateNOT IN6,7",
    },
    Operator {
        spellings: &["ISEMPTY"],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::Nothing(|path| Predicate::Empty {
            path,
            negated: false,
        }),
        example: "assigned_toISEMPTY",
    },
    Operator {
        spellings: &["ISNOTEMPTY"],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::Nothing(|path| Predicate::Empty {
            path,
            negated: true,
        }),
        example: "assigned_toISNOTEMPTY",
    },
    Operator {
        spellings: &["ANYTHING"],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::Nothing(|_| Predicate::True),
        example: "categoryANYTHING",
    },
];

/// To equal the list of the caller's groups is to be one of them.
fn equal(path: Path, value: &str, fields: &Fields<'_>, negated: bool) -> Result<Predicate, Reason> {
    let text = script::evaluate(value, fields.context).ok_or(Reason::Script)?;
    if script::names_groups(value) {
        return Ok(one_of(path, text.split(','), negated));
    }
    let comparison = if negated {
        Comparison::NotEqual
    } else {
        Comparison::Equal
    };
    Ok(compare(path, comparison, &text))
}

/// A comparison with a value in its wire form. Nothing is equal to nothing and comes before or after nothing; what is
/// no value of the column differs from every value of it (§3.5, "right field, wrong value").
pub(in crate::query) fn compare(path: Path, comparison: Comparison, value: &str) -> Predicate {
    match (path.column.kind.parse(value), comparison) {
        (Ok(Value::Null), Comparison::Equal) => Predicate::Empty {
            path,
            negated: false,
        },
        (Ok(Value::Null), Comparison::NotEqual) => Predicate::Empty {
            path,
            negated: true,
        },
        (Ok(Value::Null), _) => Predicate::False,
        (Ok(value), _) => Predicate::Compare(path, comparison, value),
        (Err(_), Comparison::NotEqual) => Predicate::True,
        (Err(_), _) => Predicate::False,
    }
}

/// From the first to the last, both included.
pub(in crate::query) fn between(path: Path, [from, to]: [&str; 2]) -> Predicate {
    compare(path.clone(), Comparison::GreaterOrEqual, from).and(compare(
        path,
        Comparison::LessOrEqual,
        to,
    ))
}
