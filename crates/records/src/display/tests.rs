use crate::{
    dictionary::{Choice, ChoiceMode, Column, DefaultValue, Kind},
    name::Name,
    value::ValueRef,
};

use super::*;

fn column(internal_type: &str, choices: &[(&str, &str)]) -> Column {
    let name = |text| Name::parse(text).expect("a name");
    let choice = |(value, label): &(&str, &str)| Choice {
        value: (*value).into(),
        label: (*label).into(),
        inactive: true,
    };
    Column {
        element: name("u_field"),
        declared_in: name("u_table"),
        label: "Field".into(),
        internal_type: internal_type.into(),
        kind: Kind::of(internal_type),
        storage: "u_field".into(),
        max_length: 0,
        default: DefaultValue::None,
        mandatory: false,
        read_only: false,
        unique: false,
        indexed: false,
        reference: None,
        choice: ChoiceMode::None,
        choices: choices.iter().map(choice).collect(),
    }
}

/// What a wire value looks like, written behind other text as in a body.
fn shown_in(column: &Column, wire: &str, format: &Format) -> String {
    let value = column.kind.parse(wire).expect("a value");
    let mut out = String::from("-1234");
    display(column, value.as_ref(), format, &mut out);
    out.strip_prefix("-1234")
        .expect("what was there stays")
        .to_owned()
}

fn shown(internal_type: &str, wire: &str) -> String {
    shown_in(&column(internal_type, &[]), wire, &Format::default())
}

#[test]
fn each_kind_in_the_systems_own_format() {
    for (internal_type, wire, text) in [
        ("string", "Ünïcode", "Ünïcode"),
        ("boolean", "1", "true"),
        ("boolean", "false", "false"),
        (
            "glide_date_time",
            "2026-11-22 01:02:03",
            "2026-11-22 01:02:03",
        ),
        ("glide_date", "2026-11-22", "2026-11-22"),
        ("glide_time", "08:09:10", "08:09:10"),
        ("reference", "0123", "0123"),
        ("glide_list", "a,b", "a,b"),
        ("journal_input", "said", ""),
        ("password", "hash", "********"),
        ("password2", "sealed", "********"),
    ] {
        assert_eq!(shown(internal_type, wire), text, "{internal_type} {wire}");
        assert_eq!(shown(internal_type, ""), "", "{internal_type}");
    }
}

#[test]
fn numbers_are_grouped() {
    for (internal_type, wire, text) in [
        ("integer", "0", "0"),
        ("integer", "999", "999"),
        ("integer", "1021970", "1,021,970"),
        ("integer", "-100", "-100"),
        ("integer", "-1000", "-1,000"),
        (
            "integer",
            "9223372036854775807",
            "9,223,372,036,854,775,807",
        ),
        (
            "integer",
            "-9223372036854775808",
            "-9,223,372,036,854,775,808",
        ),
        ("decimal", "1234567.5", "1,234,567.50"),
        ("decimal", "-0.05", "-0.05"),
        ("currency", "12.5", "$12.50"),
        ("price", "-1234.005", "-$1,234.01"),
        (
            "currency",
            "922337203685477.5807",
            "$922,337,203,685,477.58",
        ),
    ] {
        assert_eq!(shown(internal_type, wire), text, "{internal_type} {wire}");
    }
}

#[test]
fn choices_show_their_label_inactive_or_not() {
    let priority = column("integer", &[("1", "1 - Critical"), ("1000", "Whenever")]);
    let format = Format::default();
    assert_eq!(shown_in(&priority, "1", &format), "1 - Critical");
    assert_eq!(shown_in(&priority, "1000", &format), "Whenever");
    assert_eq!(shown_in(&priority, "2000", &format), "2000");
    assert_eq!(shown_in(&priority, "", &format), "");
    let category = column("string", &[("network", "Network")]);
    assert_eq!(shown_in(&category, "network", &format), "Network");
    assert_eq!(shown_in(&category, "other", &format), "other");
}

#[test]
fn dates_follow_the_caller() {
    let format = Format {
        time_zone: TimeZone::get("America/New_York").expect("a zone"),
        date_format: Pattern::parse("dd/MM/yyyy"),
        time_format: Pattern::parse("hh:mm a"),
    };
    for (internal_type, wire, text) in [
        (
            "glide_date_time",
            "2026-11-22 03:30:00",
            "21/11/2026 10:30 PM",
        ),
        ("due_date", "2026-07-01 12:00:00", "01/07/2026 08:00 AM"),
        ("glide_date", "2026-11-22", "22/11/2026"),
        ("glide_time", "23:05:00", "11:05 PM"),
    ] {
        assert_eq!(
            shown_in(&column(internal_type, &[]), wire, &format),
            text,
            "{wire}"
        );
    }
}

#[test]
fn durations_are_words() {
    for (wire, text) in [
        ("1970-01-01 00:00:00", "0 Seconds"),
        ("1970-01-01 00:00:01", "1 Second"),
        ("1970-01-01 00:02:17", "2 Minutes"),
        ("1970-01-01 01:05:00", "1 Hour 5 Minutes"),
        ("1970-01-02 00:01:00", "1 Day 1 Minute"),
        ("1971-01-01 10:00:59", "365 Days 10 Hours"),
    ] {
        assert_eq!(shown("glide_duration", wire), text, "{wire}");
    }
}

#[test]
fn what_is_stored_but_is_no_date_is_shown_as_it_is() {
    for internal_type in [
        "glide_date_time",
        "glide_date",
        "glide_time",
        "glide_duration",
    ] {
        let mut out = String::new();
        let column = column(internal_type, &[]);
        display(
            &column,
            ValueRef::Text("soon"),
            &Format::default(),
            &mut out,
        );
        assert_eq!(out, "soon", "{internal_type}");
    }
}

#[test]
fn a_class_is_shown_by_its_label() {
    let dictionary = Dictionary::default();
    assert_eq!(class_label(&dictionary, "incident"), None);
    assert_eq!(shown("sys_class_name", "incident"), "incident");
}
