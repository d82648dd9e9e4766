//! Operators that compare two columns of a row, and two dates of it.

use std::sync::Arc;

use super::{ALL, Family, Lower, Operator, Referenced, number::ORDERED};
use crate::{
    dictionary::{Column, Kind},
    query::{
        Comparison, Measure, Path, Predicate, Zone,
        resolve::{Fields, Reason},
    },
};

pub(super) const ROWS: &[Operator] = &[
    Operator {
        spellings: &["SAMEAS"],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| same(path, value, fields, Comparison::Equal)),
        example: "opened_bySAMEASclosed_by",
    },
    Operator {
        spellings: &["NSAMEAS"],
        applies_to: ALL,
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| same(path, value, fields, Comparison::NotEqual)),
        example: "sys_created_onNSAMEASsys_updated_on@day",
    },
    Operator {
        spellings: &["GT_FIELD"],
        applies_to: ORDERED,
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| column(path, value, fields, Comparison::Greater)),
        example: "impactGT_FIELDurgency",
    },
    Operator {
        spellings: &["LT_FIELD"],
        applies_to: ORDERED,
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| column(path, value, fields, Comparison::Less)),
        example: "impactLT_FIELDurgency",
    },
    Operator {
        spellings: &["GT_OR_EQUALS_FIELD"],
        applies_to: ORDERED,
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| {
            column(path, value, fields, Comparison::GreaterOrEqual)
        }),
        example: "impactGT_OR_EQUALS_FIELDurgency",
    },
    Operator {
        spellings: &["LT_OR_EQUALS_FIELD"],
        applies_to: ORDERED,
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| {
            column(path, value, fields, Comparison::LessOrEqual)
        }),
        example: "impactLT_OR_EQUALS_FIELDurgency",
    },
    Operator {
        spellings: &["MORETHAN"],
        applies_to: &[Family::Date],
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| apart(path, value, fields, true)),
        example: "sys_updated_onMORETHANsys_created_on@hour@after@3",
    },
    Operator {
        spellings: &["LESSTHAN"],
        applies_to: &[Family::Date],
        referenced: Referenced::Key,
        lower: Lower::Own(|path, value, fields| apart(path, value, fields, false)),
        example: "sys_updated_onLESSTHANsys_created_on@hour@after@3",
    },
];

/// `<field>`, or for dates `<field>@<unit>`: in the same day, week, month … of the caller's calendar. Nothing is the
/// same as nothing else, and differs from everything.
fn same(
    left: Path,
    value: &str,
    fields: &mut Fields<'_>,
    comparison: Comparison,
) -> Result<Predicate, Reason> {
    let Some((field, unit)) = value.split_once('@') else {
        return column(left, value, fields, comparison);
    };
    let right = fields.walk(field.trim())?;
    if !is_dated(&left.column) || !is_dated(&right.column) {
        return Err(Reason::Inapplicable);
    }
    let measure = match unit.trim() {
        "day" => Measure::Day,
        "week" => Measure::Week(fields.context.days_after_monday()),
        "month" => Measure::Month,
        "quarter" => Measure::Quarter,
        "year" => Measure::Year,
        _ => return Err(Reason::Malformed),
    };
    Ok(Predicate::Apart {
        left,
        right,
        measure,
        zone: Arc::new(Zone::of(&fields.context.time_zone)),
        comparison,
        number: 0,
    })
}

fn column(
    left: Path,
    field: &str,
    fields: &mut Fields<'_>,
    comparison: Comparison,
) -> Result<Predicate, Reason> {
    let right = fields.walk(field.trim())?;
    if comparable(&left.column, &right.column) {
        Ok(Predicate::Columns(left, comparison, right))
    } else {
        Err(Reason::Inapplicable)
    }
}

/// Columns whose cells are written alike; whatever is text as it stands compares with other text.
fn comparable(left: &Column, right: &Column) -> bool {
    let textual = |kind| matches!(kind, Kind::Text | Kind::Reference | Kind::List);
    left.kind == right.kind || textual(left.kind) && textual(right.kind)
}

/// Tells whether a column says when, not how long.
pub(super) fn is_dated(column: &Column) -> bool {
    matches!(column.kind, Kind::Date | Kind::DateTime)
}

/// `<field>@<unit>@before|after@<n>`: so far apart in that direction. A month counts 30 days, a quarter 90 and a year
/// 365, so that both databases count alike.
fn apart(
    left: Path,
    value: &str,
    fields: &mut Fields<'_>,
    more: bool,
) -> Result<Predicate, Reason> {
    let words: Vec<&str> = value.split('@').map(str::trim).collect();
    let [field, unit, direction, n] = words[..] else {
        return Err(Reason::Malformed);
    };
    let right = fields.walk(field)?;
    if !is_dated(&left.column) || !is_dated(&right.column) {
        return Err(Reason::Inapplicable);
    }
    let n: i64 = n.parse().map_err(|_| Reason::Malformed)?;
    let seconds = seconds_in(unit).and_then(|unit| unit.checked_mul(n));
    let seconds = seconds.ok_or(Reason::Malformed)?;
    let (later, earlier) = match direction {
        "after" => (left, right),
        "before" => (right, left),
        _ => return Err(Reason::Malformed),
    };
    let apart = |comparison, number| Predicate::Apart {
        left: later.clone(),
        right: earlier.clone(),
        measure: Measure::Seconds,
        zone: Arc::new(Zone::utc()),
        comparison,
        number,
    };
    Ok(if more {
        apart(Comparison::Greater, seconds)
    } else {
        let within = apart(Comparison::Less, seconds);
        apart(Comparison::GreaterOrEqual, 0).and(within)
    })
}

fn seconds_in(unit: &str) -> Option<i64> {
    const DAY: i64 = 86_400;
    Some(match unit {
        "minute" => 60,
        "hour" => 3600,
        "day" | "dayofweek" => DAY,
        "week" => 7 * DAY,
        "month" => 30 * DAY,
        "quarter" => 90 * DAY,
        "year" => 365 * DAY,
        _ => return None,
    })
}
