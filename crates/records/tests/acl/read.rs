//! What a permitted read is left with (§2.6).

use snowglobe_records::{
    acl::Operation::Read,
    query::{Join, Predicate},
};

use crate::fixture::{ABEL, BETH, World, allow, allow_where, keys, selects};

#[test]
fn a_table_nobody_lets_the_caller_read_gives_no_rows_and_no_error() {
    let world = World::new(&[], &[allow("incident", Read, &["itil"])]);
    assert_eq!(
        world.list("incident", "active=true", "").unwrap().predicate,
        Predicate::False
    );
    assert!(!world.access().may_read_table(world.table("incident")));
}

#[test]
fn a_caller_with_the_role_reads_what_was_asked() {
    let world = World::new(&["itil"], &[allow("incident", Read, &["itil"])]);
    let plan = world.list("incident", "", "").unwrap();
    assert_eq!(plan.predicate, Predicate::True);
    assert_eq!(plan.outputs.len(), world.table("incident").columns().len());
    assert!(world.access().may_read_table(world.table("incident")));
}

#[test]
fn row_conditions_become_part_of_the_predicate() {
    let world = World::new(
        &[],
        &[
            allow("incident", Read, &["itil"]),
            allow_where("incident", Read, "opened_by=javascript:gs.getUserID()"),
            allow_where("incident", Read, "caller_id=javascript:gs.getUserID()"),
        ],
    );
    let plan = world.list("incident", "active=true", "").unwrap();
    let sees = |cells: &[(&str, &str)]| selects(&plan, &world.row("incident", cells));
    assert!(sees(&[("active", "true"), ("opened_by", BETH)]));
    assert!(sees(&[
        ("active", "true"),
        ("opened_by", ABEL),
        ("caller_id", BETH)
    ]));
    assert!(!sees(&[
        ("active", "true"),
        ("opened_by", ABEL),
        ("caller_id", ABEL)
    ]));
    assert!(
        !sees(&[("active", "false"), ("opened_by", BETH)]),
        "the query still holds"
    );
}

#[test]
fn a_passing_rule_without_a_condition_opens_all_rows() {
    let rules = [
        allow("incident", Read, &["itil"]),
        allow_where("incident", Read, "active=true"),
    ];
    let world = World::new(&["itil"], &rules);
    assert_eq!(
        world.list("incident", "", "").unwrap().predicate,
        Predicate::True
    );
}

#[test]
fn conditions_that_dot_walk_are_joined_beside_the_query_s_own_joins() {
    let world = World::new(
        &[],
        &[
            allow_where("incident", Read, "caller_id.department.name=HR"),
            allow("sys_user", Read, &["public"]),
        ],
    );
    let plan = world
        .list("incident", "opened_by.user_name=abel.tuter", "")
        .unwrap();
    let step = |join: &Join| (join.from.table, join.from.column.element.to_string());
    let joins: Vec<_> = plan.joins.as_slice().iter().map(step).collect();
    let expected = [(0, "opened_by"), (0, "caller_id"), (2, "department")];
    assert_eq!(
        joins,
        expected.map(|(table, element)| (table, element.to_owned()))
    );
    let mut paths = Vec::new();
    plan.predicate
        .each_path(&mut |path| paths.push((path.table, path.column.element.as_str())));
    assert_eq!(paths, [(1, "user_name"), (3, "name")]);
}

#[test]
fn a_join_the_query_made_is_shared() {
    let rules = [
        allow_where(
            "incident",
            Read,
            "caller_id.user_name=javascript:gs.getUserName()",
        ),
        allow("sys_user", Read, &["public"]),
    ];
    let world = World::new(&[], &rules);
    let plan = world.list("incident", "caller_id.active=true", "").unwrap();
    assert_eq!(plan.joins.as_slice().len(), 1);
}

#[test]
fn unreadable_fields_are_left_out_of_the_answer() {
    let rules = [
        allow("incident", Read, &["itil"]),
        allow("incident.description", Read, &["manager"]),
        allow("*.close_notes", Read, &["manager"]),
    ];
    let world = World::new(&["itil"], &rules);
    let plan = world
        .list("incident", "", "sys_id,number,description,close_notes")
        .unwrap();
    assert_eq!(keys(&plan), ["sys_id", "number"]);
    let all = world.list("incident", "", "").unwrap();
    assert_eq!(
        all.outputs.len(),
        world.table("incident").columns().len() - 2
    );
}

#[test]
fn a_field_rule_for_all_fields_closes_what_no_other_rule_opens() {
    let rules = [
        allow("sys_user", Read, &["public"]),
        allow("sys_user.*", Read, &["user_admin"]),
        allow("sys_user.name", Read, &["public"]),
    ];
    let world = World::new(&[], &rules);
    assert_eq!(
        keys(&world.list("sys_user", "", "name,email").unwrap()),
        ["name"]
    );
    let world = World::new(&["user_admin"], &rules);
    assert_eq!(
        keys(&world.list("sys_user", "", "name,email").unwrap()),
        ["name", "email"]
    );
}

#[test]
fn a_field_rule_with_a_condition_does_not_open_the_field() {
    let rules = [
        allow("sys_user", Read, &["public"]),
        allow_where("sys_user.email", Read, "active=true"),
    ];
    let world = World::new(&[], &rules);
    assert_eq!(
        keys(&world.list("sys_user", "", "name,email").unwrap()),
        ["name"]
    );
}

#[test]
fn a_dot_walked_field_needs_the_reference_the_field_and_the_table_behind_it() {
    let open = [
        allow("incident", Read, &["public"]),
        allow("sys_user", Read, &["public"]),
    ];
    let read = |more: &[_]| {
        let rules: Vec<_> = open.iter().chain(more).cloned().collect();
        let world = World::new(&[], &rules);
        let plan = world
            .list("incident", "", "number,caller_id.email")
            .unwrap();
        keys(&plan).len()
    };
    assert_eq!(read(&[]), 2);
    assert_eq!(read(&[allow("incident.caller_id", Read, &["itil"])]), 1);
    assert_eq!(read(&[allow("sys_user.email", Read, &["itil"])]), 1);
    let world = World::new(
        &[],
        &[
            allow("incident", Read, &["public"]),
            allow_where("sys_user", Read, "active=true"),
        ],
    );
    let plan = world
        .list("incident", "", "number,caller_id.email")
        .unwrap();
    assert_eq!(keys(&plan), ["number"], "some users may not be read");
}
