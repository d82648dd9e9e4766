//! `javascript:` values (§3.4): the calls that name who asks and when. Nothing is run; the calls are a table.
//!
//! Days, weeks and longer begin in the caller's zone; the result is UTC, `yyyy-MM-dd HH:mm:ss`.

use std::borrow::Cow;

use jiff::{Span, Timestamp, ToSpan, Zoned, civil::Time};

use super::Context;
use crate::literal;

/// Returns the literal that a condition's value stands for; `None` when it is a script of another kind.
pub(crate) fn evaluate<'v>(value: &'v str, context: &Context<'_>) -> Option<Cow<'v, str>> {
    let Some(script) = value.strip_prefix("javascript:") else {
        return Some(Cow::Borrowed(value));
    };
    let script = without_blanks(script);
    let (name, arguments) = call(&script)?;
    if is_groups(name) {
        return Some(Cow::Owned(context.groups.join(",")));
    }
    identity(name, context)
        .map(str::to_owned)
        .or_else(|| clock(name, context))
        .or_else(|| Some(utc(&moment(name, arguments, context)?)))
        .map(Cow::Owned)
}

/// Tells whether the value is the list of the caller's groups, so that being equal to it means being one of them.
pub(super) fn names_groups(value: &str) -> bool {
    let script = value.strip_prefix("javascript:").map(without_blanks);
    script.is_some_and(|script| call(&script).is_some_and(|(name, _)| is_groups(name)))
}

fn is_groups(name: &str) -> bool {
    matches!(name, "getMyGroups" | "getUser().getMyGroups")
}

/// Leaves out the blanks between tokens; those inside quotes are part of a value.
fn without_blanks(script: &str) -> String {
    let mut quote = None;
    let kept = |c: &char| {
        quote = match quote {
            None if matches!(c, '\'' | '"') => Some(*c),
            Some(open) if open == *c => None,
            quote => quote,
        };
        quote.is_some() || !c.is_whitespace()
    };
    script.chars().filter(kept).collect()
}

/// Takes `gs.name(arguments)` apart; the name of a chain is all but its last arguments.
fn call(script: &str) -> Option<(&str, &str)> {
    let call = script.trim_end_matches(';');
    let (name, arguments) = call.strip_suffix(')')?.rsplit_once('(')?;
    match name.strip_prefix("gs.") {
        Some(name) => Some((name, arguments)),
        None => is_groups(name).then_some((name, arguments)),
    }
}

fn identity<'c>(name: &str, context: &Context<'c>) -> Option<&'c str> {
    match name {
        "getUserID" | "userID" | "getUser().getID" => Some(context.user_sys_id),
        "getUserName" | "getUser().getName" => Some(context.user_name),
        "getUserDisplayName" | "getUser().getDisplayName" => Some(context.user_display_name),
        _ => None,
    }
}

fn clock(name: &str, context: &Context<'_>) -> Option<String> {
    match name {
        "now" => Some(local(context).date().to_string()),
        "nowDateTime" | "nowNoTZ" => Some(utc(&context.now)),
        _ => None,
    }
}

fn moment(name: &str, arguments: &str, context: &Context<'_>) -> Option<Timestamp> {
    if name == "dateGenerate" {
        return date_generate(arguments, context);
    }
    if let Some(name) = name.strip_prefix("beginningOf") {
        let (unit, first, _) = named(name)?;
        return start_of(unit, &shifted(&local(context), unit, first)?, context);
    }
    if let Some(name) = name.strip_prefix("endOf") {
        let (unit, _, last) = named(name)?;
        return end_of(unit, &shifted(&local(context), unit, last)?, context);
    }
    match name {
        "yesterday" => context.now.checked_sub(24.hours()).ok(),
        "lastWeek" => Some(shifted(&local(context), Unit::Day, -7)?.timestamp()),
        _ => {
            let n = unquoted(arguments).unwrap_or(arguments);
            ago(name, n.parse().ok()?, context)
        }
    }
}

/// `daysAgo(n)`, `daysAgoStart(n)`, `daysAgoEnd(n)`, and the same for the other units; a negative n lies ahead.
fn ago(name: &str, n: i64, context: &Context<'_>) -> Option<Timestamp> {
    let (unit, edge) = AGO
        .iter()
        .find_map(|(prefix, unit)| Some((*unit, name.strip_prefix(prefix)?)))?;
    let then = shifted(&local(context), unit, n.checked_neg()?)?;
    match edge {
        "" => Some(then.timestamp()),
        "Start" => start_of(unit, &then, context),
        "End" => end_of(unit, &then, context),
        _ => None,
    }
}

/// `dateGenerate('yyyy-MM-dd', 'start' | 'end' | 'HH:mm:ss')`, or one argument with both; local time. Leading zeros may
/// be left out, as Java reads dates: clients cut days at `8:00:00`.
fn date_generate(arguments: &str, context: &Context<'_>) -> Option<Timestamp> {
    let (date, time) = match arguments.split_once(',') {
        None => {
            let whole = unquoted(arguments)?;
            whole.split_once(' ').unwrap_or((whole, "start"))
        }
        Some((date, time)) => (unquoted(date)?, unquoted(time)?),
    };
    let when = literal::date(date)?.to_datetime(match time {
        "start" => Time::midnight(),
        "end" => Time::constant(23, 59, 59, 0),
        time => {
            let [hour, minute, second] = literal::numbers(time, ':')?.map(i8::try_from);
            Time::new(hour.ok()?, minute.ok()?, second.ok()?, 0).ok()?
        }
    });
    Some(when.to_zoned(context.time_zone.clone()).ok()?.timestamp())
}

/// Returns the moment that lies so many units after now.
pub(super) fn at(unit: Unit, n: i64, context: &Context<'_>) -> Option<String> {
    Some(utc(&shifted(&local(context), unit, n)?.timestamp()))
}

/// Returns the first and the last second of the unit that lies so many units after the present one.
pub(super) fn span(unit: Unit, n: i64, context: &Context<'_>) -> Option<[String; 2]> {
    let then = shifted(&local(context), unit, n)?;
    Some([
        utc(&start_of(unit, &then, context)?),
        utc(&end_of(unit, &then, context)?),
    ])
}

/// Returns the first and the last second of what a label names (`Last 7 days`, `2026-11-22`), where a form has left
/// them out.
pub(super) fn labelled(label: &str, context: &Context<'_>) -> Option<[String; 2]> {
    let name: String = label.split_whitespace().collect();
    let named = NAMED
        .iter()
        .find(|(span, ..)| span.eq_ignore_ascii_case(&name));
    if let Some((_, unit, first, last)) = named {
        let local = local(context);
        return Some([
            utc(&start_of(*unit, &shifted(&local, *unit, *first)?, context)?),
            utc(&end_of(*unit, &shifted(&local, *unit, *last)?, context)?),
        ]);
    }
    let day = literal::date(&name)?;
    let day = day.to_zoned(context.time_zone.clone()).ok()?;
    Some([
        utc(&start_of(Unit::Day, &day, context)?),
        utc(&end_of(Unit::Day, &day, context)?),
    ])
}

/// Takes `gs.datePart('part','value','OP')` apart.
pub(super) fn date_part(value: &str) -> Option<[String; 3]> {
    let script = without_blanks(value.trim().strip_prefix("javascript:")?);
    let (name, arguments) = call(&script)?;
    if name != "datePart" {
        return None;
    }
    let mut arguments = arguments
        .split(',')
        .map(|it| unquoted(it).map(str::to_owned));
    let parts = [arguments.next()??, arguments.next()??, arguments.next()??];
    arguments.next().is_none().then_some(parts)
}

fn unquoted(argument: &str) -> Option<&str> {
    let inside = |quote| argument.strip_prefix(quote)?.strip_suffix(quote);
    inside('\'').or_else(|| inside('"'))
}

/// A unit of time that begins somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

const AGO: [(&str, Unit); 8] = [
    ("minutesAgo", Unit::Minute),
    ("hoursAgo", Unit::Hour),
    ("daysAgoLocal", Unit::Day),
    ("daysAgo", Unit::Day),
    ("weeksAgo", Unit::Week),
    ("monthsAgo", Unit::Month),
    ("quartersAgo", Unit::Quarter),
    ("yearsAgo", Unit::Year),
];

fn named(name: &str) -> Option<(Unit, i64, i64)> {
    let row = NAMED.iter().find(|(span, ..)| *span == name)?;
    Some((row.1, row.2, row.3))
}

/// What follows `beginningOf` and `endOf`: the unit, and which one it begins and ends with, 0 being the present one.
/// `Last…` with a number reaches from so many units ago to the end of the present one.
const NAMED: [(&str, Unit, i64, i64); 38] = [
    ("Today", Unit::Day, 0, 0),
    ("Yesterday", Unit::Day, -1, -1),
    ("Tomorrow", Unit::Day, 1, 1),
    ("ThisWeek", Unit::Week, 0, 0),
    ("LastWeek", Unit::Week, -1, -1),
    ("NextWeek", Unit::Week, 1, 1),
    ("ThisMonth", Unit::Month, 0, 0),
    ("LastMonth", Unit::Month, -1, -1),
    ("NextMonth", Unit::Month, 1, 1),
    ("ThisQuarter", Unit::Quarter, 0, 0),
    ("LastQuarter", Unit::Quarter, -1, -1),
    ("NextQuarter", Unit::Quarter, 1, 1),
    ("ThisYear", Unit::Year, 0, 0),
    ("LastYear", Unit::Year, -1, -1),
    ("NextYear", Unit::Year, 1, 1),
    ("Last7Days", Unit::Day, -7, 0),
    ("Last30Days", Unit::Day, -30, 0),
    ("Last60Days", Unit::Day, -60, 0),
    ("Last90Days", Unit::Day, -90, 0),
    ("Last120Days", Unit::Day, -120, 0),
    ("Last3Months", Unit::Month, -3, 0),
    ("Last6Months", Unit::Month, -6, 0),
    ("Last9Months", Unit::Month, -9, 0),
    ("Last12Months", Unit::Month, -12, 0),
    ("Last2Quarters", Unit::Quarter, -2, 0),
    ("Next2Quarters", Unit::Quarter, 0, 2),
    ("Last2Years", Unit::Year, -2, 0),
    // The month that lies twelve months back.
    ("OneYearAgo", Unit::Month, -12, -12),
    ("CurrentHour", Unit::Hour, 0, 0),
    ("LastHour", Unit::Hour, -1, -1),
    ("Last2Hours", Unit::Hour, -2, 0),
    ("CurrentMinute", Unit::Minute, 0, 0),
    ("LastMinute", Unit::Minute, -1, -1),
    ("Last5Minutes", Unit::Minute, -5, 0),
    ("Last10Minutes", Unit::Minute, -10, 0),
    ("Last15Minutes", Unit::Minute, -15, 0),
    ("Last30Minutes", Unit::Minute, -30, 0),
    ("Last45Minutes", Unit::Minute, -45, 0),
];

fn local(context: &Context<'_>) -> Zoned {
    context.now.to_zoned(context.time_zone.clone())
}

fn utc(when: &Timestamp) -> String {
    when.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The same place so many units later.
fn shifted(when: &Zoned, unit: Unit, n: i64) -> Option<Zoned> {
    let span = match unit {
        Unit::Minute => Span::new().try_minutes(n),
        Unit::Hour => Span::new().try_hours(n),
        Unit::Day => Span::new().try_days(n),
        Unit::Week => Span::new().try_weeks(n),
        Unit::Month => Span::new().try_months(n),
        Unit::Quarter => Span::new().try_months(n.checked_mul(3)?),
        Unit::Year => Span::new().try_years(n),
    };
    when.checked_add(span.ok()?).ok()
}

fn start_of(unit: Unit, when: &Zoned, context: &Context<'_>) -> Option<Timestamp> {
    Some(first_of(unit, when, context)?.timestamp())
}

/// The last second of the unit.
fn end_of(unit: Unit, when: &Zoned, context: &Context<'_>) -> Option<Timestamp> {
    let next = shifted(&first_of(unit, when, context)?, unit, 1)?;
    next.timestamp().checked_sub(1.seconds()).ok()
}

fn first_of(unit: Unit, when: &Zoned, context: &Context<'_>) -> Option<Zoned> {
    let today = when.date();
    let date = match unit {
        Unit::Minute => return when.with().second(0).subsec_nanosecond(0).build().ok(),
        Unit::Hour => {
            return when
                .with()
                .minute(0)
                .second(0)
                .subsec_nanosecond(0)
                .build()
                .ok();
        }
        Unit::Day => today,
        Unit::Week => {
            let since_monday = i64::from(today.weekday().to_monday_zero_offset());
            let since_first = (since_monday + 7 - i64::from(context.days_after_monday())) % 7;
            today.checked_sub(since_first.days()).ok()?
        }
        Unit::Month => today.first_of_month(),
        Unit::Quarter => {
            let month = (today.month() - 1) / 3 * 3 + 1;
            today.with().month(month).day(1).build().ok()?
        }
        Unit::Year => today.first_of_year(),
    };
    date.to_zoned(when.time_zone().clone()).ok()
}
