//! Each operator of §3.2 on each family of columns it applies to.

use snowglobe_records::query::{OPERATORS, Predicate, Reason};

use super::fixture::World;

fn assert_rows(cases: &[(&str, &str)]) {
    let world = World::new();
    for (text, rows) in cases {
        assert_eq!(world.rows(text), *rows, "{text}");
    }
}

#[test]
fn equality() {
    assert_rows(&[
        ("number=inc1", "1"),
        ("short_description=Network down", "1"),
        ("sys_class_name=task", "4"),
        ("state=17", "3"),
        ("reassignment_count=0", "1"),
        ("cost=9.5", "1"),
        ("active=true", "12"),
        ("active=1", "12"),
        ("active=false", "3"),
        ("opened_at=2026-11-20 10:00:00", "1"),
        ("due=2026-11-25", "1"),
        ("assigned_to=beth", "1"),
        ("watch_list=beth,carl", "1"),
        ("category=a=b", ""),
    ]);
}

#[test]
fn nothing_differs_from_every_value() {
    assert_rows(&[
        ("active!=true", "34"),
        ("state!=1", "234"),
        ("short_description!=Printer jam", "134"),
        ("assigned_to!=beth", "234"),
    ]);
}

#[test]
fn an_empty_value_asks_for_emptiness() {
    assert_rows(&[
        ("short_description=", "3"),
        ("short_description!=", "124"),
        ("assigned_to=", "34"),
        ("active=", "4"),
        ("reassignment_count<", ""),
    ]);
}

#[test]
fn order() {
    assert_rows(&[
        ("reassignment_count<2", "1"),
        ("reassignment_count<=2", "12"),
        ("reassignment_count>2", "3"),
        ("reassignment_count>=2", "23"),
        ("cost>9.49", "12"),
        ("state>2", "3"),
        ("number>INC2", "34"),
        ("opened_at>2026-11-21", "23"),
        ("due<2026-11-25", "2"),
        ("assigned_to<C", "1"),
        ("assigned_to>=C", "2"),
    ]);
}

#[test]
fn between_includes_both_ends() {
    assert_rows(&[
        ("reassignment_countBETWEEN0@2", "12"),
        ("numberBETWEENINC1@INC2", "12"),
        ("opened_atBETWEEN2026-11-21@2026-11-22 08:00:00", "23"),
        (
            "opened_atBETWEENjavascript:gs.daysAgo(1)@javascript:gs.nowDateTime()",
            "23",
        ),
        ("assigned_toBETWEENA@C", "1"),
        ("reassignment_countBETWEEN0", ""),
        ("reassignment_countBETWEENa@b", ""),
    ]);
}

#[test]
fn text_is_found_anywhere_without_regard_to_case() {
    assert_rows(&[
        ("short_descriptionLIKENETWORK", "14"),
        ("short_descriptionCONTAINSnetwork", "14"),
        ("short_description*work d", "1"),
        ("short_descriptionLIKE100%", "4"),
        ("short_descriptionLIKE%", "4"),
        ("assigned_toLIKEangl", "1"),
        ("watch_listLIKEcarl", "12"),
        ("opened_atLIKE2026-11-2", "123"),
        ("categoryLIKEware", "2"),
    ]);
}

#[test]
fn not_containing_includes_the_empty_except_in_words() {
    assert_rows(&[
        ("short_descriptionNOT LIKEnetwork", "23"),
        ("short_descriptionNOTLIKEnetwork", "23"),
        ("short_description!*network", "23"),
        ("short_descriptionDOES NOT CONTAINnetwork", "2"),
        ("assigned_toNOT LIKEBeth", "234"),
    ]);
}

#[test]
fn text_starts_and_ends() {
    assert_rows(&[
        ("numberSTARTSWITHinc", "123"),
        ("assigned_toSTARTSWITHcarl", "2"),
        ("short_descriptionENDSWITHjam", "2"),
        ("short_description%jam", "2"),
        ("assigned_toENDSWITHMars", "2"),
    ]);
}

#[test]
fn a_numeric_choice_matches_by_its_stored_value() {
    assert_rows(&[
        ("stateLIKE1", "13"),
        ("stateSTARTSWITH1", "13"),
        ("stateENDSWITH7", "3"),
        ("stateNOT LIKE7", "124"),
        ("stateLIKENew", ""),
    ]);
}

#[test]
fn membership() {
    assert_rows(&[
        ("stateIN1,2", "12"),
        ("stateIN17", "3"),
        ("stateIN1,no number", "1"),
        ("assigned_toINbeth,carl", "12"),
        ("activeINtrue,false", "123"),
        ("stateNOT IN1,2", "34"),
        ("stateNOTIN1,2", "34"),
        ("assigned_toNOT INbeth", "234"),
    ]);
}

#[test]
fn nothing_is_a_member_of_no_list() {
    assert_rows(&[
        ("assigned_toIN", ""),
        ("assigned_toIN,beth", "1"),
        ("assigned_toNOT IN", "1234"),
        ("stateINno number", ""),
        ("stateNOT INno number", "1234"),
    ]);
}

#[test]
fn emptiness() {
    assert_rows(&[
        ("short_descriptionISEMPTY", "3"),
        ("short_descriptionISNOTEMPTY", "124"),
        ("short_descriptionEMPTYSTRING", "3"),
        ("stateISEMPTY", "4"),
        ("opened_atISNOTEMPTY", "123"),
        ("assigned_toISEMPTY", "34"),
        ("categoryANYTHING", "1234"),
    ]);
}

#[test]
fn a_class_includes_its_descendants() {
    assert_rows(&[
        ("sys_class_nameINSTANCEOFtask", "1234"),
        ("sys_class_nameINSTANCEOFincident", "123"),
        ("sys_class_nameINSTANCEOFno_such_table", ""),
        ("numberINSTANCEOFINC1", "1"),
    ]);
}

#[test]
fn spans_of_time_have_a_label() {
    assert_rows(&[
        (
            "opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()",
            "23",
        ),
        (
            "opened_atONcustom@2026-11-20 00:00:00@2026-11-20 23:59:59",
            "1",
        ),
        (
            "opened_atNOTONcustom@2026-11-20 00:00:00@2026-11-20 23:59:59",
            "234",
        ),
        ("opened_atONToday", ""),
    ]);
}

#[test]
fn a_value_of_another_type_equals_nothing() {
    assert_rows(&[
        ("state==1", ""),
        ("state=one", ""),
        ("active=yes", ""),
        ("opened_at>soon", ""),
        ("state!=one", "1234"),
    ]);
}

#[test]
fn dotted_fields_are_read_through_references() {
    assert_rows(&[
        ("assigned_to.user_name=carl.m", "2"),
        ("assigned_to.manager.name=Anna Zett", "1"),
        ("assigned_to.manager=beth", "2"),
        ("assigned_to.managerLIKEanna", "1"),
        ("assigned_to.u_2ndINa,b", "1"),
        ("assigned_to.nameISEMPTY", "34"),
    ]);
}

#[test]
fn a_display_column_may_be_a_reference_itself() {
    assert_rows(&[("memberSTARTSWITHBeth", "1"), ("member=m1", "1")]);
}

#[test]
fn a_reference_without_a_display_value_is_matched_as_it_is_stored() {
    assert_rows(&[("nowhereLIKEX", "3")]);
}

#[test]
fn a_reference_is_walked_once() {
    let world = World::new();
    let resolved =
        world.resolve("assigned_to.name=x^assigned_toLIKEy^ORDERBYassigned_to.user_name");
    assert_eq!(resolved.query.joins.as_slice().len(), 1);
}

#[test]
fn an_operator_of_another_family_is_dropped() {
    let world = World::new();
    for text in [
        "active>true",
        "activeLIKEt",
        "reassignment_countLIKE1",
        "stateONa@1@2",
        "watch_list<a",
    ] {
        assert_eq!(
            world.rows_left(text),
            ("1234".to_owned(), vec![Reason::Inapplicable]),
            "{text}"
        );
    }
}

/// The columns that the examples name exist in the fixture or stand in for others of the same type.
#[test]
fn every_example_resolves() {
    let world = World::new();
    for row in OPERATORS.iter().flat_map(|family| family.iter()) {
        let example = row
            .example
            .replace("priority", "state")
            .replace("close_notes", "category");
        assert_eq!(world.resolve(&example).dropped, [], "{example}");
    }
}

#[test]
fn nothing_is_never_compared() {
    fn compares_nothing(predicate: &Predicate) -> bool {
        match predicate {
            Predicate::Compare(_, _, value) => *value == snowglobe_records::Value::Null,
            Predicate::In { values, .. } => values.contains(&snowglobe_records::Value::Null),
            Predicate::And(list) | Predicate::Or(list) => list.iter().any(compares_nothing),
            _ => false,
        }
    }
    let world = World::new();
    for field in [
        "number",
        "state",
        "active",
        "cost",
        "opened_at",
        "due",
        "assigned_to",
        "watch_list",
    ] {
        for row in OPERATORS.iter().flat_map(|family| family.iter()) {
            for value in ["", "@", ",", "a@@"] {
                let text = format!("{field}{}{value}", row.spellings[0]);
                assert!(
                    !compares_nothing(&world.resolve(&text).query.predicate),
                    "{text}"
                );
            }
        }
    }
}
