//! From wire text to the stored form of a column's new value (`rest-and-records.md` §2.5, §13.4).

use std::borrow::Cow;

use jiff::{civil::DateTime, tz::TimeZone};

use super::draft::{Mode, Origin, Why};
use crate::{
    SysId,
    dictionary::{ChoiceMode, Column, DefaultValue, Kind},
    display::Format,
    name::Name,
    value::Value,
};

/// Returns the stored form of a column's new value.
pub(super) fn value(column: &Column, text: &str, mode: Mode<'_>) -> Result<Value, Why> {
    match (column.kind, mode.input_display_value) {
        (Kind::Reference, _) => return Ok(reference(text)),
        (Kind::DateTime, Some(format)) if !text.is_empty() => {
            return local_date_time(text, format).ok_or(Why::NotAValue);
        }
        (Kind::Date, Some(format)) => {
            if let Some(date) = format.read_date(text) {
                return Ok(Value::Text(date.to_string().into()));
            }
        }
        _ => {}
    }
    let text = if mode.input_display_value.is_some() {
        choice_of_label(column, text)
    } else {
        text
    };
    if mode.origin == Origin::Caller && !mode.any_choice && !admits(column, text) {
        return Err(Why::NotAChoice);
    }
    let text = if column.kind == Kind::Text {
        cut(text, column.max_length)
    } else {
        text
    };
    column.kind.parse(text).map_err(|_| Why::NotAValue)
}

/// §2.5: a value outside the list is dropped, and so is `""`, which clears every other field. A list whose
/// column has no default offers *none* (an on-hold reason, a resolution code), so there `""` is a choice.
fn admits(column: &Column, text: &str) -> bool {
    let listed = column.choice == ChoiceMode::Listed && !column.choices.is_empty();
    let always_chosen = listed && column.default != DefaultValue::None;
    column.admits(text) && !(always_chosen && text.is_empty())
}

/// §2.5: any id is stored, whether or not a row has it (some dictionary columns refer by name); text that can
/// be neither ends empty.
fn reference(text: &str) -> Value {
    let names_a_row = SysId::parse(text).is_ok() || Name::parse(text).is_ok();
    if names_a_row {
        Value::text(text)
    } else {
        Value::Null
    }
}

fn choice_of_label<'t>(column: &'t Column, text: &'t str) -> &'t str {
    let labelled = column
        .choices
        .iter()
        .find(|choice| choice.label.eq_ignore_ascii_case(text));
    labelled.map_or(text, |choice| &choice.value)
}

/// §2.5: with display values, date-times are read in the caller's zone and format; many clients send the system's
/// format all the same, in the caller's zone.
fn local_date_time(text: &str, format: &Format) -> Option<Value> {
    if let Some(utc) = format.read_date_time(text) {
        return Some(stored(utc));
    }
    // `…Z` and `…+02:00` say when they are, wherever the caller is.
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(stored(TimeZone::UTC.to_datetime(at)));
    }
    let Value::Text(local) = Kind::DateTime.parse(text).ok()? else {
        return None;
    };
    let local: jiff::civil::DateTime = local.parse().ok()?;
    let utc = format.time_zone.to_timestamp(local).ok()?;
    Some(stored(TimeZone::UTC.to_datetime(utc)))
}

fn stored(utc: DateTime) -> Value {
    let text = utc.strftime("%Y-%m-%d %H:%M:%S").to_string();
    Value::Text(text.into())
}

/// Cuts text to so many characters (§13.4); 0 means no limit.
fn cut(text: &str, max_length: u32) -> &str {
    let at = usize::try_from(max_length).ok().filter(|max| *max > 0);
    let end = at
        .and_then(|max| text.char_indices().nth(max))
        .map(|(end, _)| end);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// PostgreSQL stores no NUL, and no client means one.
pub(super) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        text.replace('\0', "").into()
    } else {
        text.into()
    }
}
