//! `javascript:` values (§3.4). It is Sunday, 13:00 in Berlin, 12:00 UTC.

use snowglobe_records::{
    Value,
    query::{Context, Predicate},
};

use super::fixture::{World, beth};

/// The text that a script becomes, read from the condition it stands in.
fn value_of(script: &str, context: &Context<'_>) -> Option<String> {
    let world = World::new();
    let text = format!("short_description=javascript:{script}");
    match world.resolve_as(&text, context).query.predicate {
        Predicate::Compare(_, _, Value::Text(text)) => Some(text.to_string()),
        _ => None,
    }
}

fn assert_values(cases: &[(&str, &str)]) {
    for (script, value) in cases {
        assert_eq!(
            value_of(script, &beth()).as_deref(),
            Some(*value),
            "{script}"
        );
    }
}

// covers: rest §3.4 identity
#[test]
fn the_caller_has_a_name() {
    assert_values(&[
        ("gs.getUserID()", "beth"),
        ("gs.userID()", "beth"),
        ("gs.getUser().getID()", "beth"),
        ("gs.getUserName()", "beth.a"),
        ("gs.getUserDisplayName()", "Beth Anglin"),
        (" gs . getUserID ( ) ; ", "beth"),
    ]);
    assert_eq!(
        World::new().rows("assigned_to=javascript:gs.getUserID()"),
        "1"
    );
}

// covers: rest §3.4 now
#[test]
fn the_present_is_utc_and_its_date_local() {
    assert_values(&[
        ("gs.nowDateTime()", "2026-11-22 12:00:00"),
        ("gs.nowNoTZ()", "2026-11-22 12:00:00"),
        ("gs.now()", "2026-11-22"),
    ]);
    let late = Context {
        now: "2026-11-22T23:30:00Z".parse().expect("a time"),
        ..beth()
    };
    assert_eq!(value_of("gs.now()", &late).as_deref(), Some("2026-11-23"));
}

// covers: rest §3.4 n units ago
#[test]
fn units_are_counted_back() {
    assert_values(&[
        ("gs.minutesAgo(5)", "2026-11-22 11:55:00"),
        ("gs.hoursAgo(2)", "2026-11-22 10:00:00"),
        ("gs.daysAgo(1)", "2026-11-21 12:00:00"),
        ("gs.daysAgo(-1)", "2026-11-23 12:00:00"),
        ("gs.monthsAgo(1)", "2026-10-22 11:00:00"), // summer time in Berlin
        ("gs.quartersAgo(1)", "2026-08-22 11:00:00"),
        ("gs.yearsAgo(1)", "2025-11-22 12:00:00"),
        ("gs.daysAgoLocal(1)", "2026-11-21 12:00:00"),
        ("gs.yesterday()", "2026-11-21 12:00:00"),
        ("gs.lastWeek()", "2026-11-15 12:00:00"),
    ]);
}

// covers: rest §3.4 n units ago
#[test]
fn days_begin_where_the_caller_is() {
    assert_values(&[
        ("gs.daysAgoStart(0)", "2026-11-21 23:00:00"),
        ("gs.daysAgoEnd(0)", "2026-11-22 22:59:59"),
        ("gs.daysAgoStart(30)", "2026-10-22 22:00:00"),
        ("gs.hoursAgoStart(1)", "2026-11-22 11:00:00"),
        ("gs.minutesAgoEnd(1)", "2026-11-22 11:59:59"),
        ("gs.monthsAgoStart(1)", "2026-09-30 22:00:00"),
        ("gs.quartersAgoStart(0)", "2026-09-30 22:00:00"),
        ("gs.yearsAgoEnd(1)", "2025-12-31 22:59:59"),
    ]);
}

// covers: rest §3.4 named days, weeks to years, spans, hours and minutes
#[test]
fn spans_have_a_beginning_and_an_end() {
    assert_values(&[
        ("gs.beginningOfToday()", "2026-11-21 23:00:00"),
        ("gs.endOfToday()", "2026-11-22 22:59:59"),
        ("gs.beginningOfYesterday()", "2026-11-20 23:00:00"),
        ("gs.endOfTomorrow()", "2026-11-23 22:59:59"),
        ("gs.beginningOfThisWeek()", "2026-11-15 23:00:00"), // Monday
        ("gs.endOfThisWeek()", "2026-11-22 22:59:59"),
        ("gs.beginningOfLastMonth()", "2026-09-30 22:00:00"),
        ("gs.endOfLastMonth()", "2026-10-31 22:59:59"),
        ("gs.beginningOfThisQuarter()", "2026-09-30 22:00:00"),
        ("gs.endOfNextQuarter()", "2027-03-31 21:59:59"),
        ("gs.beginningOfThisYear()", "2025-12-31 23:00:00"),
        ("gs.beginningOfLast7Days()", "2026-11-14 23:00:00"),
        ("gs.endOfLast7Days()", "2026-11-22 22:59:59"),
        ("gs.beginningOfCurrentHour()", "2026-11-22 12:00:00"),
        ("gs.endOfLastMinute()", "2026-11-22 11:59:59"),
    ]);
}

#[test]
fn the_day_of_a_clock_change_is_not_24_hours_long() {
    let change = Context {
        now: "2026-10-25T12:00:00Z".parse().expect("a time"),
        ..beth()
    };
    let value = |script| value_of(script, &change).expect("a value");
    assert_eq!(value("gs.beginningOfToday()"), "2026-10-24 22:00:00");
    assert_eq!(value("gs.endOfToday()"), "2026-10-25 22:59:59");
}

// covers: rest §3.4 literal
#[test]
fn dates_may_be_put_together() {
    assert_values(&[
        (
            "gs.dateGenerate('2026-11-01','start')",
            "2026-10-31 23:00:00",
        ),
        (
            "gs.dateGenerate('2026-11-01', \"end\")",
            "2026-11-01 22:59:59",
        ),
        (
            "gs.dateGenerate('2026-11-01','08:30:00')",
            "2026-11-01 07:30:00",
        ),
        (
            "gs.dateGenerate(\"2026-11-01 08:30:00\")",
            "2026-11-01 07:30:00",
        ),
        ("gs.dateGenerate('2026-11-01')", "2026-10-31 23:00:00"),
        (
            "gs.dateGenerate('2026-11-1', '8:5:0')",
            "2026-11-01 07:05:00",
        ),
        (
            "gs.dateGenerate('2026-11-01','0:00:00')",
            "2026-10-31 23:00:00",
        ),
        ("gs.daysAgoStart('1')", "2026-11-20 23:00:00"),
    ]);
}

#[test]
fn anything_else_is_not_evaluated() {
    for script in [
        "",
        "gs.",
        "gs.daysAgo",
        "gs.daysAgo()",
        "gs.daysAgo(x)",
        "gs.daysAgo(1",
        "gs.daysAgo(9223372036854775807)",
        "gs.daysAgo(-9223372036854775808)",
        "gs.quartersAgo(9223372036854775807)",
        "gs.daysAgoMiddle(1)",
        "gs.beginningOfTime()",
        "gs.dateGenerate('2026-02-30','start')",
        "gs.dateGenerate(2026-02-01,start)",
        "gs.dateGenerate('2026-02-01','8:00')",
        "gs.dateGenerate('2026-02-01','8:00:61')",
        "gs.dateGenerate('2026-02-01-01','start')",
        "gs.dateGenerate('2026--1','start')",
        "gs.daysAgo('x')",
        "gs.getUser().getMyGroups()",
        "current.number",
        "1+1",
        "gs.getUserID().x()",
        "gs.getProperty('x')",
    ] {
        assert_eq!(value_of(script, &beth()), None, "{script}");
    }
}

#[test]
fn weeks_begin_where_the_instance_says() {
    // It is Sunday.
    for (first, begins) in [
        (1, "2026-11-21 23:00:00"),
        (2, "2026-11-15 23:00:00"),
        (7, "2026-11-20 23:00:00"),
    ] {
        let context = Context {
            first_day_of_week: first,
            ..beth()
        };
        let value = value_of("gs.beginningOfThisWeek()", &context);
        assert_eq!(value.as_deref(), Some(begins), "{first}");
    }
}

#[test]
fn one_year_ago_is_the_month_of_last_year() {
    assert_values(&[
        ("gs.beginningOfOneYearAgo()", "2025-10-31 23:00:00"),
        ("gs.endOfOneYearAgo()", "2025-11-30 22:59:59"),
    ]);
}
