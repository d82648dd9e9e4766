//! Operators of dates that count from now, or read a part off a date.

use std::sync::Arc;

use super::{Family, Lower, Operator, Referenced, fields::is_dated, number};
use crate::query::{
    Comparison, Measure, Path, Predicate, Zone,
    resolve::{Fields, Reason},
    script::{self, Unit},
};

const fn relative(
    spellings: &'static [&'static str],
    lower: fn(Path, &str, &mut Fields<'_>) -> Result<Predicate, Reason>,
    example: &'static str,
) -> Operator {
    Operator {
        spellings,
        applies_to: &[Family::Date],
        referenced: Referenced::Key,
        lower: Lower::Own(lower),
        example,
    }
}

pub(super) const ROWS: &[Operator] = &[
    relative(
        &["RELATIVEGT"],
        |path, value, fields| moment(path, value, fields, Comparison::Greater),
        "opened_atRELATIVEGT@hour@ago@5",
    ),
    relative(
        &["RELATIVELT"],
        |path, value, fields| moment(path, value, fields, Comparison::Less),
        "opened_atRELATIVELT@hour@ahead@5",
    ),
    relative(
        &["RELATIVEGE"],
        |path, value, fields| moment(path, value, fields, Comparison::GreaterOrEqual),
        "opened_atRELATIVEGE@dayofweek@ago@5",
    ),
    relative(
        &["RELATIVELE"],
        |path, value, fields| moment(path, value, fields, Comparison::LessOrEqual),
        "opened_atRELATIVELE@month@ago@5",
    ),
    relative(
        &["RELATIVEEE"],
        |path, value, fields| moment(path, value, fields, Comparison::Equal),
        "opened_atRELATIVEEE@year@ago@0",
    ),
    relative(
        &["DATEPART"],
        part,
        "opened_atDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')",
    ),
];

/// `@<unit>@ago|ahead@<n>`. Minutes and hours are counted from this moment; days and longer are whole ones of the
/// caller's calendar, so that "after two days ago" leaves that day out and "on or after" takes it in.
fn moment(
    path: Path,
    value: &str,
    fields: &mut Fields<'_>,
    comparison: Comparison,
) -> Result<Predicate, Reason> {
    let words: Vec<&str> = value.split('@').map(str::trim).collect();
    let ["", unit, direction, n] = words[..] else {
        return Err(Reason::Malformed);
    };
    let unit = unit_of(unit).ok_or(Reason::Malformed)?;
    let n: i64 = n.parse().map_err(|_| Reason::Malformed)?;
    let n = match direction {
        "ago" => n.checked_neg().ok_or(Reason::Malformed)?,
        "ahead" => n,
        _ => return Err(Reason::Malformed),
    };
    let context = fields.context;
    if matches!(unit, Unit::Minute | Unit::Hour) && comparison != Comparison::Equal {
        let at = script::at(unit, n, context).ok_or(Reason::Malformed)?;
        return Ok(number::compare(path, comparison, &at));
    }
    let [first, last] = script::span(unit, n, context).ok_or(Reason::Malformed)?;
    Ok(match comparison {
        Comparison::Greater | Comparison::LessOrEqual => number::compare(path, comparison, &last),
        Comparison::Less | Comparison::GreaterOrEqual => number::compare(path, comparison, &first),
        Comparison::Equal | Comparison::NotEqual => number::between(path, [&first, &last]),
    })
}

fn unit_of(word: &str) -> Option<Unit> {
    Some(match word {
        "minute" => Unit::Minute,
        "hour" => Unit::Hour,
        "day" | "dayofweek" => Unit::Day,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "quarter" => Unit::Quarter,
        "year" => Unit::Year,
        _ => return None,
    })
}

/// `<label>@javascript:gs.datePart('<part>','<value>','<OP>')`; the label is for people.
fn part(path: Path, value: &str, fields: &mut Fields<'_>) -> Result<Predicate, Reason> {
    if !is_dated(&path.column) {
        return Err(Reason::Inapplicable);
    }
    let call = value.rsplit_once('@').map_or(value, |(_label, call)| call);
    let [part, value, operator] = script::date_part(call).ok_or(Reason::Script)?;
    let (measure, number) = measured(&part, &value).ok_or(Reason::Malformed)?;
    let comparison = match &*operator.to_ascii_uppercase() {
        "EE" => Comparison::Equal,
        "LT" => Comparison::Less,
        "LE" | "LTE" => Comparison::LessOrEqual,
        "GT" => Comparison::Greater,
        "GE" | "GTE" => Comparison::GreaterOrEqual,
        _ => return Err(Reason::Malformed),
    };
    Ok(Predicate::Measured {
        path,
        measure,
        zone: Arc::new(Zone::of(&fields.context.time_zone)),
        comparison,
        number,
    })
}

/// Days and months have names; a week counts from 0, the year's first days.
fn measured(part: &str, value: &str) -> Option<(Measure, i64)> {
    const DAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let named = |names: &[&str]| {
        let at = names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(value));
        at.and_then(|at| i64::try_from(at + 1).ok())
    };
    let number = || value.trim().parse().ok();
    Some(match &*part.to_ascii_lowercase() {
        "dayofweek" => (Measure::DayOfWeek, named(&DAYS).or_else(number)?),
        "month" => (Measure::MonthOfYear, named(&MONTHS).or_else(number)?),
        "quarter" => (Measure::QuarterOfYear, number()?),
        "year" => (Measure::Year, number()?),
        "week" => (Measure::WeekOfYear, number()?),
        "hour" => (Measure::Hour, number()?),
        _ => return None,
    })
}
