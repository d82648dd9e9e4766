//! Each operator of §3.2 on each family of columns it applies to.

use snowglobe_records::query::{OPERATORS, Predicate, Reason};

use super::fixture::World;

fn assert_rows(cases: &[(&str, &str)]) {
    let world = World::new();
    for (text, rows) in cases {
        assert_eq!(world.rows(text), *rows, "{text}");
    }
}

// covers: rest §3.2 =
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
        ("active=True", "12"),
        ("reassignment_count=0.0", "1"),
        ("cost=9.5", "1"),
        ("opened_at=2026-11-20 10:00:00", "1"),
        ("due=2026-11-25", "1"),
        ("assigned_to=beth", "1"),
        ("watch_list=beth,carl", "1"),
        ("category=a=b", ""),
    ]);
}

// covers: rest §3.2 !=
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

// covers: rest §3.2 <, <=, >, >=
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
        // Leading zeros and seconds may be left out.
        ("opened_at>=2026-11-22 8:00:00", "3"),
        ("opened_at<2026-11-22 8:00", "12"),
        ("closed_at>2026-11-9", "12"),
        ("assigned_to<C", "1"),
        ("assigned_to>=C", "2"),
    ]);
}

// covers: rest §3.2 BETWEEN
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

// covers: rest §3.2 LIKE, CONTAINS, *
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

// covers: rest §3.2 NOT LIKE, NOTLIKE, !*, DOES NOT CONTAIN
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

// covers: rest §3.2 STARTSWITH, ENDSWITH, %
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

// covers: rest §3.2 IN, NOT IN, NOTIN
#[test]
fn membership() {
    assert_rows(&[
        ("stateIN1,2", "12"),
        ("numberININC1, INC2", "12"),
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

// covers: rest §3.2 ISEMPTY, ISNOTEMPTY, EMPTYSTRING, ANYTHING
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

// covers: rest §3.2 INSTANCEOF
#[test]
fn a_class_includes_its_descendants() {
    assert_rows(&[
        ("sys_class_nameINSTANCEOFtask", "1234"),
        ("sys_class_nameINSTANCEOFincident", "123"),
        ("sys_class_nameINSTANCEOFno_such_table", ""),
        ("numberINSTANCEOFINC1", "1"),
    ]);
}

// covers: rest §3.2 ON, NOTON
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
        ("opened_atONToday", "23"),
        ("opened_atONlast 7 days", "123"),
        ("opened_atON2026-11-20", "1"),
        ("opened_atBETWEEN2026-11-20 9:5:0@2026-11-20 11:00", "1"),
        ("opened_atONsome day", ""),
    ]);
}

// covers: rest §3.5 a wrong value
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

// covers: rest §3.3 condition
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

// covers: rest §3.2 SAMEAS, NSAMEAS, GT_FIELD, LT_FIELD, GT_OR_EQUALS_FIELD, LT_OR_EQUALS_FIELD
#[test]
fn columns_compare_with_columns() {
    assert_rows(&[
        ("opened_bySAMEASassigned_to", "1"),
        ("opened_byNSAMEASassigned_to", "234"),
        ("stateGT_FIELDescalation", "2"),
        ("stateGT_OR_EQUALS_FIELDescalation", "12"),
        ("escalationLT_FIELDstate", "2"),
        ("escalationLT_OR_EQUALS_FIELDstate", "12"),
        ("assigned_to.manager.nameNSAMEASassigned_to.name", "1234"),
    ]);
    let world = World::new();
    for text in [
        "stateSAMEASnumber",
        "stateGT_FIELDopened_at",
        "costSAMEASstate",
    ] {
        assert_eq!(world.rows_left(text).1, [Reason::Inapplicable], "{text}");
    }
    for text in ["stateSAMEASno_such_field", "stateSAMEAS"] {
        assert_eq!(world.rows_left(text).1, [Reason::UnknownField], "{text}");
    }
}

// covers: rest §3.2 SAMEAS
#[test]
fn dates_compare_by_a_unit_of_the_callers_calendar() {
    assert_rows(&[
        ("opened_atSAMEASclosed_at@day", "12"),
        // INC2 was opened on Sunday in Berlin, and is due on that day.
        ("opened_atSAMEASdue@day", "2"),
        ("opened_atSAMEASdue@week", "2"),
        ("opened_atSAMEASdue@month", "12"),
        ("opened_atNSAMEASdue@quarter", "34"),
        ("opened_atNSAMEASdue@year", "34"),
    ]);
    let world = World::new();
    assert_eq!(
        world.rows_left("opened_atSAMEASdue@fortnight").1,
        [Reason::Malformed]
    );
}

// covers: rest §3.2 MORETHAN, LESSTHAN
#[test]
fn dates_lie_so_far_apart() {
    assert_rows(&[
        ("closed_atMORETHANopened_at@hour@after@2", "1"),
        ("closed_atMORETHANopened_at@hour@after@3", ""),
        ("opened_atMORETHANclosed_at@minute@before@179", "1"),
        ("closed_atMORETHANopened_at@minute@before@0", "2"),
        ("closed_atLESSTHANopened_at@hour@after@4", "1"),
        ("closed_atLESSTHANopened_at@day@before@1", "2"),
        ("dueMORETHANopened_at@day@after@3", "1"),
    ]);
    let world = World::new();
    for text in [
        "closed_atMORETHANopened_at",
        "closed_atMORETHANopened_at@hour@after",
        "closed_atMORETHANopened_at@hour@sideways@1",
        "closed_atMORETHANopened_at@hour@after@9223372036854775807",
    ] {
        assert_eq!(world.rows_left(text).1, [Reason::Malformed], "{text}");
    }
}

// covers: rest §3.2 RELATIVEGT, RELATIVELT, RELATIVEGE, RELATIVELE, RELATIVEEE
#[test]
fn dates_are_counted_from_now() {
    assert_rows(&[
        ("opened_atRELATIVEGT@hour@ago@5", "3"),
        ("opened_atRELATIVEGE@hour@ago@4", "3"),
        ("opened_atRELATIVEGT@hour@ago@3", ""),
        ("opened_atRELATIVELT@minute@ago@60", "123"),
        ("opened_atRELATIVELE@hour@ahead@1", "123"),
        ("opened_atRELATIVEEE@dayofweek@ago@0", "23"),
        ("opened_atRELATIVEGE@dayofweek@ago@2", "123"),
        ("opened_atRELATIVEGT@dayofweek@ago@2", "23"),
        ("opened_atRELATIVELT@dayofweek@ago@0", "1"),
        ("opened_atRELATIVELE@dayofweek@ago@0", "123"),
        ("opened_atRELATIVEEE@month@ago@0", "123"),
        ("opened_atRELATIVEEE@quarter@ago@1", ""),
        ("opened_atRELATIVEGE@year@ahead@1", ""),
    ]);
    let world = World::new();
    for text in [
        "opened_atRELATIVEGT",
        "opened_atRELATIVEGT@hour@ago",
        "opened_atRELATIVEGT@hour@then@1",
        "opened_atRELATIVEGT@hour@ago@-9223372036854775808",
    ] {
        assert_eq!(world.rows_left(text).1, [Reason::Malformed], "{text}");
    }
}

// covers: rest §3.2 DATEPART
// covers: rest §3.4 part
#[test]
fn a_part_is_read_off_a_date_where_the_caller_is() {
    let part = |part: &str, value: &str, operator: &str| {
        let text =
            format!("opened_atDATEPARTx@javascript:gs.datePart('{part}','{value}','{operator}')");
        World::new().rows(&text)
    };
    // Friday 11:00, Sunday 00:30 and Sunday 09:00 in Berlin.
    assert_eq!(part("dayofweek", "friday", "EE"), "1");
    assert_eq!(part("dayofweek", "Sunday", "EE"), "23");
    assert_eq!(part("month", "november", "EE"), "123");
    assert_eq!(part("quarter", "4", "LT"), "");
    assert_eq!(part("year", "2025", "GT"), "123");
    assert_eq!(part("hour", "0", "EE"), "2");
    assert_eq!(part("hour", "9", "GE"), "13");
    assert_eq!(part("hour", "9", "LTE"), "23");
    assert_eq!(part("hour", "9", "LE"), "23");
    assert_eq!(part("week", "46", "EE"), "123");
    let world = World::new();
    assert_eq!(
        world.rows_left("opened_atDATEPARTnothing").1,
        [Reason::Script]
    );
}

// covers: rest §3.2 DYNAMIC
#[test]
fn dynamic_options_know_the_caller() {
    assert_rows(&[
        ("assigned_toDYNAMIC90d1921e5f510100a9ad2572f2b477fe", "1"),
        ("opened_byDYNAMIC54635e965f510100a9ad2572f2b4774c", "12"),
        ("assigned_toDYNAMICd6435e965f510100a9ad2572f2b47744", "2"),
    ]);
    let world = World::new();
    assert_eq!(
        world.rows_left("assigned_toDYNAMICnobody").1,
        [Reason::UnknownOption]
    );
}

// covers: rest §3.2 IN_HIERARCHY, IN_HIERARCHY_DYNAMIC
#[test]
fn references_lie_in_a_hierarchy() {
    assert_rows(&[
        ("assigned_toIN_HIERARCHYx@anna", "12"),
        ("assigned_toIN_HIERARCHYx@carl", "2"),
        ("assigned_toIN_HIERARCHY", ""),
        ("parentIN_HIERARCHYx@i1", "2"),
        (
            "assigned_toIN_HIERARCHY_DYNAMICx@90d1921e5f510100a9ad2572f2b477fe",
            "12",
        ),
    ]);
}

// covers: rest §3.2 VALCHANGES, CHANGESFROM, CHANGESTO
#[test]
fn a_list_ignores_what_asks_for_a_change() {
    assert_rows(&[
        ("stateVALCHANGES", "1234"),
        ("stateCHANGESFROM1^state=2", "2"),
        ("stateCHANGESTO17", "1234"),
    ]);
}

// covers: rest §3.2 DOESNOTHAVE, EXCLUDING
#[test]
fn tags() {
    assert_rows(&[
        ("sys_tags.7a9=7a9", "2"),
        ("sys_tags.7a9ISNOTEMPTY", "2"),
        ("sys_tags.7a9DOESNOTHAVE7a9", "134"),
        ("sys_tags.7a9EXCLUDING", "134"),
    ]);
}

// covers: rest §3.2 123TEXTQUERY321
// covers: rest §3.2 123TEXTINDEXGROUP321
#[test]
fn every_word_stands_somewhere_in_the_row_or_its_journals() {
    assert_rows(&[
        ("123TEXTQUERY321=network", "14"),
        ("123TEXTQUERY321=network inc1", "1"),
        ("123TEXTQUERY321=TONER", "2"),
        ("123TEXTQUERY321=\"printer jam\"^active=true", "2"),
        ("123TEXTQUERY321=\"jam printer\"", ""),
        ("123TEXTQUERY321=", "1234"),
        ("123TEXTQUERY321=hurry^123TEXTINDEXGROUP321=portal", "1"),
    ]);
}

// covers: rest §3.2 journal
#[test]
fn journals_are_asked_by_their_entries() {
    assert_rows(&[
        ("commentsLIKEhurry", "1"),
        ("commentsLIKEcable", ""),
        ("work_notesCONTAINScable", "1"),
        ("work_notesNOT LIKEcable", "234"),
        ("work_notesSTARTSWITHtoner", "2"),
        ("work_notesENDSWITHfound", "1"),
        ("work_notes=Toner empty", "2"),
        ("work_notes!=Toner empty", "134"),
        ("commentsISEMPTY", "234"),
        ("work_notesISNOTEMPTY", "12"),
        ("comments_and_work_notesLIKEcable", "1"),
        ("comments_and_work_notesISEMPTY", "34"),
        ("parent.work_notesLIKEcable", "2"),
    ]);
}

// covers: rest §3.2 RLQUERY
#[test]
fn related_lists_are_counted() {
    assert_rows(&[
        ("RLQUERYtask.parent,>=1^ENDRLQUERY", "1"),
        ("RLQUERYtask.parent,=0^ENDRLQUERY", "234"),
        ("RLQUERYtask.parent,>=1,state=2^ENDRLQUERY", "1"),
        (
            "RLQUERYtask.parent,>=1,stateIN1,2,active=true^ENDRLQUERY",
            "1",
        ),
        ("RLQUERYtask.parent,>=1,stateIN1,3^ENDRLQUERY", ""),
        (
            "RLQUERYtask.parent,>0,m2m^assigned_to.nameLIKEmars^ENDRLQUERY",
            "1",
        ),
        (
            "RLQUERYtask.parent,>0^state=1^ORstate=2^ENDRLQUERY^active=true",
            "1",
        ),
        ("state=17^ORRLQUERYtask.parent,>0^ENDRLQUERY", "13"),
        ("RLQUERYsys_journal_field.element_id,>1^ENDRLQUERY", "1"),
        ("RLQUERYsys_journal_field.element_id,<2^ENDRLQUERY", "234"),
    ]);
    let world = World::new();
    for (text, reason) in [
        (
            "RLQUERYno_such_table.x,>=1^ENDRLQUERY",
            Reason::UnknownTable,
        ),
        (
            "RLQUERYtask.no_such_field,>=1^ENDRLQUERY",
            Reason::UnknownField,
        ),
        (
            "RLQUERYtask.parent,>=1^no_such_field=1^ENDRLQUERY",
            Reason::UnknownField,
        ),
        (
            "RLQUERYsys_user.user_password,>=1^ENDRLQUERY",
            Reason::UnknownField,
        ),
        ("RLQUERYtask.parent,some^ENDRLQUERY", Reason::Malformed),
        ("RLQUERYtask^ENDRLQUERY", Reason::Malformed),
    ] {
        assert_eq!(world.rows_left(text).1, [reason], "{text}");
    }
}

// covers: rest §3.2 JOIN
#[test]
fn joins_ask_for_a_row_of_another_table() {
    assert_rows(&[
        (
            "JOINincident.assigned_to=sys_user.sys_id!nameSTARTSWITHbeth",
            "1",
        ),
        ("JOINincident.assigned_to=sys_user.sys_id!", "12"),
        ("JOINtask.sys_id=task.parent!active=true^active=true", "1"),
        (
            "active=true^JOINtask.sys_id=sys_journal_field.element_id!element=work_notes",
            "12",
        ),
    ]);
    // Of what follows, that is the join's which only the joined table has.
    assert_rows(&[
        (
            "JOINtask.assigned_to=sys_user.sys_id!managerISNOTEMPTY^user_name=carl.m^state=2",
            "2",
        ),
        (
            "JOINtask.assigned_to=sys_user.sys_id!user_name=x^ORuser_name=beth.a^state=1",
            "1",
        ),
        (
            "JOINtask.assigned_to=sys_user.sys_id!user_name=carl.m^state=1",
            "",
        ),
    ]);
    let world = World::new();
    for text in [
        "JOINsys_user.sys_id=task.parent!",
        "JOINtask.sys_id=no_such_table.x!",
    ] {
        assert_eq!(world.rows_left(text).0, "1234", "{text}");
    }
}

// covers: rest §3.2 SUBQUERY
#[test]
fn subqueries_ask_for_a_field_among_those_of_another_table() {
    assert_rows(&[
        (
            "SUBQUERYassigned_to,sys_id,sys_user^user_name=carl.m^ENDSUBQUERY",
            "2",
        ),
        (
            "SUBQUERYassigned_to.manager,sys_id,sys_user^ENDSUBQUERY",
            "12",
        ),
    ]);
}

#[test]
fn related_conditions_have_an_end() {
    let world = World::new();
    let deep = "JOINtask.sys_id=task.parent!".repeat(2000);
    assert_eq!(world.rows_left(&deep).1, [Reason::TooMany]);
    let many = vec!["RLQUERYtask.parent,=0^ENDRLQUERY"; 101].join("^");
    assert_eq!(world.rows_left(&many).1, [Reason::TooMany]);
}

// covers: rest §3.3 ref_<class>
#[test]
fn a_reference_is_walked_as_one_of_its_classes() {
    assert_rows(&[
        ("parent.ref_incident.caller_id.user_name=carl.m", "2"),
        ("parent.ref_task.state=1", "2"),
    ]);
    let world = World::new();
    for text in [
        "parent.ref_sys_user.name=x",
        "parent.ref_incident=x",
        "parent.caller_id=carl",
    ] {
        assert_eq!(world.rows_left(text).1, [Reason::UnknownField], "{text}");
    }
}

#[test]
fn being_in_the_callers_groups_is_being_one_of_them() {
    assert_rows(&[
        ("assigned_to=javascript:gs.getUser().getMyGroups()", "2"),
        ("assigned_toINjavascript:getMyGroups()", "2"),
        ("assigned_to!=javascript:getMyGroups()", "134"),
    ]);
}

/// The columns that the examples name exist in the fixture or stand in for others of the same type.
#[test]
fn every_example_resolves() {
    let world = World::new();
    for row in OPERATORS.iter().flat_map(|family| family.iter()) {
        let example = row
            .example
            .replace("priority", "state")
            .replace("close_notes", "category")
            .replace("closed_by", "assigned_to")
            .replace("assignment_group", "assigned_to")
            .replace("sys_created_on", "opened_at")
            .replace("sys_updated_on", "closed_at")
            .replace("impact", "state")
            .replace("urgency", "escalation");
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
