//! Rows and fields of child classes, read through their parent table.

use snowglobe_records::{acl::Operation::Read, query::Predicate};

use crate::fixture::{World, allow, allow_where, deny_unless, keys, selects};

#[test]
fn rows_of_a_class_are_judged_by_the_rules_of_the_class() {
    let rules = [
        allow("task", Read, &["itil"]),
        allow("incident", Read, &["sn_incident_read"]),
        deny_unless("problem", Read, &["sn_problem_read"]),
    ];
    let sees = |roles: &[&str], class: &str| {
        let world = World::new(roles, &rules);
        let plan = world.list("task", "", "").unwrap();
        selects(&plan, &world.row(class, &[]))
    };
    assert!(sees(&["itil"], "change_request"));
    assert!(!sees(&["itil"], "problem"));
    assert!(sees(&["itil", "sn_problem_read"], "problem"));
    assert!(sees(&["sn_incident_read"], "incident"));
    assert!(!sees(&["sn_incident_read"], "change_request"));
}

#[test]
fn conditions_of_a_class_read_its_own_columns() {
    let rules = [allow_where("incident", Read, "incident_state=2")];
    let world = World::new(&[], &rules);
    let plan = world.list("task", "", "").unwrap();
    assert!(selects(
        &plan,
        &world.row("incident", &[("incident_state", "2")])
    ));
    assert!(!selects(
        &plan,
        &world.row("incident", &[("incident_state", "1")])
    ));
    assert!(!selects(&plan, &world.row("problem", &[])));
    assert!(world.access().may_read_table(world.table("task")));
}

#[test]
fn classes_whose_rules_come_to_the_same_cost_nothing() {
    let rules = [
        allow("task", Read, &["itil"]),
        allow("incident", Read, &["itil"]),
    ];
    let world = World::new(&["itil"], &rules);
    assert_eq!(
        world.list("task", "", "").unwrap().predicate,
        Predicate::True
    );
}

#[test]
fn a_field_closed_in_a_class_is_closed_through_its_parent() {
    let rules = [
        allow("task", Read, &["itil"]),
        allow("incident.description", Read, &["manager"]),
    ];
    let world = World::new(&["itil"], &rules);
    let keys_of = |table| {
        let plan = world.list(table, "", "number,description").unwrap();
        keys(&plan).len()
    };
    assert_eq!(
        (keys_of("task"), keys_of("incident"), keys_of("problem")),
        (1, 1, 2)
    );
}
