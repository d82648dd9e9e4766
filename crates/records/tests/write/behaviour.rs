//! What core tables do by themselves (§14.2, §14.3).

use snowglobe_records::{Dictionary, base, dictionary::ColumnRow};

use crate::fixture::{self, ABEL, BETH, Body, NOW, World, changed, wire};

/// What an update changes in each of these fields; `-` where it changes nothing.
fn after<const N: usize>(
    table: &str,
    row: Body<'_>,
    body: Body<'_>,
    elements: [&str; N],
) -> [String; N] {
    let world = World::new();
    let update = fixture::update(&world.row(table, row), body).unwrap();
    elements.map(|element| changed(&update, element).unwrap_or("-".into()))
}

#[test]
fn priority_is_looked_up_by_impact_and_urgency() {
    let matrix = [[1, 2, 3], [2, 3, 4], [3, 4, 5]];
    let world = World::new();
    for (impact, row) in (1..).zip(matrix) {
        for (urgency, priority) in (1..).zip(row) {
            let (impact, urgency) = (impact.to_string(), urgency.to_string());
            let insert = world.insert("incident", &[("impact", &impact), ("urgency", &urgency)]);
            assert_eq!(
                wire(&insert, "priority"),
                priority.to_string(),
                "{impact} {urgency}"
            );
        }
    }
}

#[test]
fn the_priority_of_other_tasks_is_what_somebody_gives_them() {
    let world = World::new();
    let made = world.insert("sc_task", &[("priority", "2"), ("urgency", "1")]);
    assert_eq!(wire(&made, "priority"), "2");
    assert_eq!(wire(&world.insert("change_request", &[]), "priority"), "4");
    assert_eq!(
        wire(&world.insert("problem", &[("priority", "1")]), "priority"),
        "5"
    );
}

#[test]
fn a_written_priority_is_overwritten() {
    let insert = World::new().insert("incident", &[("priority", "1")]);
    assert_eq!(wire(&insert, "priority"), "5");
    let world = World::new();
    assert!(fixture::update(&world.row("incident", &[]), &[("priority", "1")]).is_none());
    let moved = after(
        "incident",
        &[],
        &[("urgency", "1"), ("priority", "1")],
        ["priority"],
    );
    assert_eq!(moved, ["3"]);
}

#[test]
fn state_and_incident_state_move_each_other() {
    let world = World::new();
    for written in ["state", "incident_state"] {
        let insert = world.insert("incident", &[(written, "2")]);
        assert_eq!(
            (wire(&insert, "state"), wire(&insert, "incident_state")),
            ("2".into(), "2".into())
        );
        let moved = after(
            "incident",
            &[],
            &[(written, "3")],
            ["state", "incident_state"],
        );
        assert_eq!(moved, ["3", "3"], "{written}");
    }
}

#[test]
fn a_new_incident_s_states_are_equal_whatever_their_defaults() {
    let mut definition = base::definition();
    let is_older = |row: &&mut ColumnRow| row.element == "incident_state";
    definition
        .columns
        .iter_mut()
        .find(is_older)
        .unwrap()
        .default_value = "2".into();
    let (dictionary, _) = Dictionary::build(&definition);
    let insert = World { dictionary }.insert("incident", &[]);
    assert_eq!(wire(&insert, "incident_state"), "1");
}

#[test]
fn state_wins_where_both_are_written() {
    let body = [("incident_state", "3"), ("state", "2")];
    assert_eq!(
        after("incident", &[], &body, ["state", "incident_state"]),
        ["2", "2"]
    );
}

#[test]
fn state_and_problem_state_move_each_other() {
    let world = World::new();
    let insert = world.insert("problem", &[]);
    assert_eq!(wire(&insert, "state"), wire(&insert, "problem_state"));
    let moved = after("problem", &[], &[("problem_state", "102")], ["state"]);
    assert_eq!(moved, ["102"]);
    let moved = after("problem", &[], &[("state", "103")], ["problem_state"]);
    assert_eq!(moved, ["103"]);
}

#[test]
fn a_closed_task_is_inactive_and_says_who_closed_it() {
    for (table, state) in [
        ("incident", "7"),
        ("change_request", "3"),
        ("problem", "107"),
        ("problem_task", "157"),
        ("sc_task", "4"),
    ] {
        let moved = after(
            table,
            &[],
            &[("state", state)],
            ["active", "closed_at", "closed_by"],
        );
        assert_eq!(moved, ["false", NOW, BETH], "{table}");
    }
}

#[test]
fn a_task_may_be_inserted_closed_and_say_who_closed_it() {
    let body = [("state", "7"), ("closed_by", ABEL)];
    let insert = World::new().insert("incident", &body);
    assert_eq!(wire(&insert, "active"), "false");
    assert_eq!(
        (wire(&insert, "closed_at"), wire(&insert, "closed_by")),
        (NOW.into(), ABEL.into())
    );
}

#[test]
fn an_open_state_leaves_active_alone() {
    let moved = after("incident", &[], &[("state", "3")], ["active", "closed_at"]);
    assert_eq!(moved, ["-", "-"]);
}

#[test]
fn back_below_closed_is_active_again_and_counts_as_reopened() {
    let elements = ["active", "reopen_count", "reopened_by", "reopened_time"];
    let moved = after("incident", &[("state", "7")], &[("state", "2")], elements);
    assert_eq!(moved, ["true", "1", BETH, NOW]);
    let moved = after("incident", &[("state", "6")], &[("state", "2")], elements);
    assert_eq!(
        moved,
        ["-", "1", BETH, NOW],
        "a resolved one never was inactive"
    );
    let moved = after("incident", &[("state", "6")], &[("state", "7")], elements);
    assert_eq!(moved, ["false", "-", "-", "-"]);
}

#[test]
fn resolving_says_who_and_when_once() {
    let elements = ["resolved_at", "resolved_by"];
    let moved = after("incident", &[], &[("state", "6")], elements);
    assert_eq!(moved, [NOW, BETH]);
    let moved = after(
        "incident",
        &[("state", "6")],
        &[("description", "x")],
        elements,
    );
    assert_eq!(moved, ["-", "-"]);
    let moved = after(
        "incident",
        &[],
        &[("state", "6"), ("resolved_by", ABEL)],
        elements,
    );
    assert_eq!(moved, [NOW, ABEL]);
}

#[test]
fn a_problem_that_is_resolved_says_who_and_when() {
    let elements = ["resolved_at", "resolved_by", "problem_state"];
    let moved = after(
        "problem",
        &[("state", "104")],
        &[("state", "106")],
        elements,
    );
    assert_eq!(moved, [NOW, BETH, "106"]);
}

#[test]
fn an_incident_that_goes_on_waits_for_nothing() {
    let held = [("state", "3"), ("hold_reason", "1")];
    let moved = |state| after("incident", &held, &[("state", state)], ["hold_reason"]);
    assert_eq!(moved("2"), [""]);
    let noted = after("incident", &held, &[("description", "x")], ["hold_reason"]);
    assert_eq!(noted, ["-"]);
}

#[test]
fn a_request_is_closed_by_either_state() {
    let elements = ["state", "request_state", "active", "closed_by"];
    let moved = |body: Body<'_>| after("sc_request", &[("state", "1")], body, elements);
    assert_eq!(
        moved(&[("request_state", "closed_complete")]),
        ["3", "closed_complete", "false", BETH]
    );
    assert_eq!(
        moved(&[("state", "3")]),
        ["3", "closed_complete", "false", BETH]
    );
    assert_eq!(
        moved(&[("request_state", "in_process")]),
        ["-", "in_process", "-", "-"]
    );
}

#[test]
fn a_change_of_assignment_counts_once() {
    let elements = ["reassignment_count"];
    let both = [("assigned_to", BETH), ("assignment_group", ABEL)];
    assert_eq!(
        after("incident", &[("assigned_to", ABEL)], &both, elements),
        ["1"]
    );
    let other = [("description", "x")];
    assert_eq!(
        after("incident", &[("assigned_to", ABEL)], &other, elements),
        ["-"]
    );
    let insert = World::new().insert("incident", &[("assigned_to", ABEL)]);
    assert_eq!(wire(&insert, "reassignment_count"), "0");
}

#[test]
fn a_person_s_name_is_computed_from_its_parts() {
    let world = World::new();
    let body = [
        ("first_name", "Beth"),
        ("last_name", "Anglin"),
        ("name", "overwritten"),
    ];
    let insert = world.insert("sys_user", &body);
    assert_eq!(wire(&insert, "name"), "Beth Anglin");
    let insert = world.insert("sys_user", &[("name", "Robot")]);
    assert_eq!(
        wire(&insert, "name"),
        "Robot",
        "a name without parts is kept"
    );
    let row = [("first_name", "Beth"), ("last_name", "Anglin")];
    assert_eq!(
        after("sys_user", &row, &[("middle_name", "M.")], ["name"]),
        ["Beth M. Anglin"]
    );
    assert_eq!(after("sys_user", &row, &[("title", "x")], ["name"]), ["-"]);
}
