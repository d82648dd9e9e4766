//! Conditions on other rows, on journals and on whatever there is tell no more than may be read (§3.6, §16).

use snowglobe_records::{
    acl::{Denied, Operation::Read, Rule},
    query::{Predicate, Related},
};

use crate::fixture::{World, allow, allow_where};

fn world(more: Vec<Rule>) -> World {
    let mut rules = vec![
        allow("incident", Read, &["public"]),
        allow("sys_user", Read, &["public"]),
    ];
    rules.extend(more);
    World::new(&[], &rules)
}

fn refused(more: Rule, table: &str, query: &str) -> bool {
    world(vec![more]).list(table, query, "sys_id").map(drop) == Err(Denied::Query)
}

/// What stands behind the first condition on other rows.
fn related(predicate: &Predicate) -> Option<&Related> {
    match predicate {
        Predicate::Related(related) => Some(related),
        Predicate::And(list) | Predicate::Or(list) | Predicate::Search(list) => {
            list.iter().find_map(related)
        }
        _ => None,
    }
}

fn elements(predicate: &Predicate) -> Vec<&str> {
    let mut elements = Vec::new();
    predicate.each_path(&mut |path| elements.push(path.column.element.as_str()));
    elements
}

#[test]
fn only_readable_rows_of_a_related_list_count() {
    let list = |query| {
        let world = World::new(
            &[],
            &[
                allow("sys_user", Read, &["public"]),
                allow_where("incident", Read, "state=1"),
            ],
        );
        let plan = world.list("sys_user", query, "sys_id").expect("permitted");
        let related = related(&plan.predicate).expect("a related list");
        elements(&related.predicate).join(" ")
    };
    assert_eq!(list("RLQUERYincident.caller_id,=0^ENDRLQUERY"), "state");
    assert_eq!(
        list("JOINsys_user.sys_id=incident.caller_id!priority=1"),
        "priority state"
    );
}

#[test]
fn rows_of_a_closed_table_do_not_count() {
    let world = world(vec![allow("problem", Read, &["manager"])]);
    let plan = world
        .list(
            "sys_user",
            "RLQUERYproblem.opened_by,>=1^ENDRLQUERY",
            "name",
        )
        .expect("permitted");
    let related = related(&plan.predicate).expect("a related list");
    assert_eq!(related.predicate, Predicate::False);
}

#[test]
fn a_closed_column_of_a_related_list_refuses_the_query() {
    let closed = || allow("incident.description", Read, &["manager"]);
    for query in [
        "RLQUERYincident.caller_id,>=1,descriptionLIKEx^ENDRLQUERY",
        "JOINsys_user.sys_id=incident.caller_id!descriptionISNOTEMPTY",
        "SUBQUERYsys_id,caller_id,incident^description=x^ENDSUBQUERY",
        "active=true^ORRLQUERYincident.caller_id,>=1,descriptionLIKEx^ENDRLQUERY",
    ] {
        assert!(refused(closed(), "sys_user", query), "{query}");
    }
    let key = allow("incident.caller_id", Read, &["manager"]);
    assert!(refused(
        key,
        "sys_user",
        "RLQUERYincident.caller_id,>=1^ENDRLQUERY"
    ));
}

#[test]
fn a_search_leaves_out_what_is_closed() {
    let world = world(vec![
        allow("incident.description", Read, &["manager"]),
        allow("incident.work_notes", Read, &["manager"]),
    ]);
    let plan = world
        .list("incident", "123TEXTQUERY321=secret", "number")
        .expect("permitted");
    let elements = elements(&plan.predicate);
    assert!(elements.contains(&"short_description") && elements.contains(&"comments"));
    assert!(!elements.contains(&"description") && !elements.contains(&"work_notes"));
}

#[test]
fn a_closed_journal_is_not_asked() {
    let closed = || allow("incident.work_notes", Read, &["manager"]);
    for query in ["work_notesLIKEx", "comments_and_work_notesISEMPTY"] {
        assert!(refused(closed(), "incident", query), "{query}");
    }
    let world = world(vec![closed()]);
    let plan = world
        .list("incident", "comments_and_work_notesLIKEx", "number")
        .expect("permitted");
    assert!(!elements(&plan.predicate).contains(&"work_notes"));
    assert!(elements(&plan.predicate).contains(&"comments"));
}

#[test]
fn a_hierarchy_with_hidden_rows_is_not_asked() {
    let query = "assignment_groupIN_HIERARCHY@287ebd7da9fe198100f92cc8d1d2154e";
    let hidden = allow_where("sys_user_group", Read, "active=true");
    assert!(refused(hidden, "incident", query));
    let open = world(vec![allow("sys_user_group", Read, &["public"])]);
    assert!(open.list("incident", query, "number").is_ok());
}

#[test]
fn both_columns_of_a_comparison_must_be_open() {
    for query in ["impactGT_FIELDurgency", "urgencySAMEASimpact"] {
        let closed = allow("incident.urgency", Read, &["manager"]);
        assert!(refused(closed, "incident", query), "{query}");
    }
}

#[test]
fn a_rule_that_asks_for_changes_lets_nobody_through() {
    let world = World::new(
        &[],
        &[allow_where("incident", Read, "stateVALCHANGES^ORstate=1")],
    );
    let plan = world.list("incident", "", "number").expect("permitted");
    assert_eq!(plan.predicate, Predicate::False);
    assert_eq!(world.problems.len(), 1);
}

#[test]
fn a_rule_may_ask_for_other_rows() {
    let query = "RLQUERYincident.parent_incident,>=1^ENDRLQUERY";
    let world = World::new(&[], &[allow_where("incident", Read, query)]);
    let plan = world.list("incident", "", "number").expect("permitted");
    assert!(related(&plan.predicate).is_some());
    let row = world.row("incident", &[]);
    assert!(
        !world.access().may_read_row(&row),
        "no other rows are at hand"
    );
}
