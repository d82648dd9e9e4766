//! Numbers in groups of three (§4.1: `1,021,970`).

use crate::{dictionary::Kind, value::ValueRef};

/// Appends a number as a person reads it; booleans are not numbers and stay words.
pub(super) fn write(kind: Kind, internal_type: &str, value: ValueRef<'_>, out: &mut String) {
    if is_money(internal_type) {
        return write_money(value, out);
    }
    let start = out.len();
    kind.write(value, out);
    if matches!(kind, Kind::Integer | Kind::Scaled(_)) {
        group(start, out);
    }
}

fn is_money(internal_type: &str) -> bool {
    matches!(internal_type, "currency" | "currency2" | "price")
}

/// §13.7: stored with four digits, shown as `$12.50`. No other currency is stored.
fn write_money(value: ValueRef<'_>, out: &mut String) {
    const TEN_THOUSANDTHS: i64 = 100;
    let amount = value.as_int().unwrap_or_default();
    let half = if amount < 0 {
        -TEN_THOUSANDTHS / 2
    } else {
        TEN_THOUSANDTHS / 2
    };
    let cents = amount.saturating_add(half) / TEN_THOUSANDTHS;
    if cents < 0 {
        out.push('-');
    }
    out.push('$');
    let start = out.len();
    let cents = i64::try_from(cents.unsigned_abs()).unwrap_or(i64::MAX);
    Kind::Scaled(2).write(ValueRef::Int(cents), out);
    group(start, out);
}

/// Puts commas into the whole part of the number that was written from `start`.
fn group(start: usize, out: &mut String) {
    let number = out.get(start..).unwrap_or_default();
    let sign = usize::from(number.starts_with('-'));
    let digits = number.find('.').unwrap_or(number.len()) - sign;
    let mut place = digits;
    while place > 3 {
        place -= 3;
        out.insert(start + sign + place, ',');
    }
}
