//! Business rules and data policies that people declared (§1.7 E7 and E8, §13.8).

use snowglobe_records::{
    acl::{
        Operation::{Create, Delete, Read, Write},
        Rejected,
    },
    name::Name,
    write::{Abort, Actions, BusinessRule, DataPolicy, FieldPolicy, Insert},
};

use crate::fixture::{World, allow, new_id, stamp};

const SYS_ID: &str = "0000000000000000000000000000b51e";

fn rule(table: &str, condition: &str) -> BusinessRule {
    BusinessRule {
        sys_id: SYS_ID.into(),
        name: "No fires".into(),
        table: Name::parse(table).unwrap(),
        order: 100,
        on: Actions {
            insert: true,
            update: true,
            delete: true,
        },
        condition: condition.into(),
        roles: Vec::new(),
        template: "".into(),
        aborts: false,
        message: "".into(),
    }
}

fn aborting(table: &str, condition: &str) -> BusinessRule {
    BusinessRule {
        aborts: true,
        ..rule(table, condition)
    }
}

fn setting(table: &str, template: &str) -> BusinessRule {
    BusinessRule {
        template: template.into(),
        ..rule(table, "")
    }
}

fn policy(table: &str, condition: &str, fields: &[(&str, bool, bool)]) -> DataPolicy {
    let field = |(element, mandatory, read_only): &(&str, bool, bool)| FieldPolicy {
        element: (*element).into(),
        mandatory: mandatory.then_some(true),
        read_only: read_only.then_some(true),
    };
    DataPolicy {
        table: Name::parse(table).unwrap(),
        inherit: false,
        condition: condition.into(),
        reverse_if_false: true,
        fields: fields.iter().map(field).collect(),
    }
}

fn world(rules: Vec<BusinessRule>, policies: Vec<DataPolicy>) -> World {
    let open =
        [Create, Read, Write, Delete].map(|operation| allow("incident", operation, &["public"]));
    World::new(&[], &open).declaring(rules, policies)
}

fn insert(world: &World, body: &[(&str, &str)]) -> Result<Insert, Rejected> {
    let draft = world.draft("incident", body);
    let permitted = world.access().permit_insert(draft, new_id(), &stamp());
    permitted.map(snowglobe_records::acl::Permitted::into_inner)
}

fn update(world: &World, row: &[(&str, &str)], body: &[(&str, &str)]) -> Result<bool, Rejected> {
    let (row, draft) = (world.row("incident", row), world.draft("incident", body));
    let permitted = world.access().permit_update(&row, draft, &stamp());
    permitted.map(|update| update.is_some())
}

fn detail(rejected: &Rejected) -> String {
    rejected.to_string()
}

#[test]
fn rest_1_7_e7_a_rule_aborts_writes_of_the_rows_it_concerns() {
    let world = world(
        vec![aborting(
            "incident",
            "short_descriptionLIKEfire^ORdescriptionLIKEfire^EQ",
        )],
        vec![],
    );
    let refused = insert(&world, &[("description", "A Fire")]).unwrap_err();
    assert_eq!(
        detail(&refused),
        "Operation against file 'incident' was aborted by Business Rule \
         'No fires^0000000000000000000000000000b51e'. Business Rule Stack:No fires"
    );
    assert!(insert(&world, &[("short_description", "Water")]).is_ok());
    assert!(update(&world, &[], &[("short_description", "fire")]).is_err());
    assert!(
        update(
            &world,
            &[("short_description", "fire")],
            &[("short_description", "")]
        )
        .is_ok()
    );
    let fire = world.row("incident", &[("short_description", "fire")]);
    assert!(world.access().permit_delete(&fire, &stamp()).is_err());
}

#[test]
fn a_rule_runs_on_the_writes_it_names_only() {
    let only = |insert, update, delete| BusinessRule {
        on: Actions {
            insert,
            update,
            delete,
        },
        ..aborting("incident", "")
    };
    for (rule, refused) in [
        (only(true, false, false), [true, false, false]),
        (only(false, true, false), [false, true, false]),
        (only(false, false, true), [false, false, true]),
    ] {
        let world = world(vec![rule], vec![]);
        let deleted = world
            .access()
            .permit_delete(&world.row("incident", &[]), &stamp());
        let found = [
            insert(&world, &[]).is_err(),
            update(&world, &[], &[("urgency", "1")]).is_err(),
            deleted.is_err(),
        ];
        assert_eq!(found, refused);
    }
}

#[test]
fn a_rule_of_a_parent_table_holds_below_it_and_nowhere_else() {
    assert!(insert(&world(vec![aborting("task", "")], vec![]), &[]).is_err());
    assert!(insert(&world(vec![aborting("problem", "")], vec![]), &[]).is_ok());
}

#[test]
fn a_rule_for_roles_leaves_others_alone() {
    let for_managers = BusinessRule {
        roles: vec!["manager".into()],
        ..aborting("incident", "")
    };
    assert!(insert(&world(vec![for_managers], vec![]), &[]).is_ok());
}

#[test]
fn rest_13_8_values_are_set_in_order_before_and_after_the_rules_of_core_tables() {
    let late = BusinessRule {
        order: 1000,
        ..setting("incident", "priority=1^EQ")
    };
    let second = BusinessRule {
        order: 200,
        ..setting("incident", "impact=1")
    };
    let first = setting(
        "incident",
        "impact=2^urgency=1^opened_by=javascript:gs.getUserID()",
    );
    let made = insert(
        &world(vec![late.clone(), second.clone(), first.clone()], vec![]),
        &[],
    )
    .unwrap();
    assert_eq!(
        (
            made.value("impact").as_int(),
            made.value("priority").as_int()
        ),
        (Some(1), Some(1))
    );
    let made = insert(&world(vec![second, first], vec![]), &[]).unwrap();
    // The matrix was looked up after impact and urgency were set.
    assert_eq!(made.value("priority").as_int(), Some(1));
    let made = insert(&world(vec![], vec![]), &[]).unwrap();
    assert_eq!(made.value("priority").as_int(), Some(5));
}

#[test]
fn rest_1_7_e8_mandatory_fields_are_named_by_their_labels() {
    let fields = [("close_code", true, false), ("close_notes", true, false)];
    let world = world(vec![], vec![policy("incident", "state=6", &fields)]);
    let refused = update(&world, &[], &[("state", "6")]).unwrap_err();
    assert_eq!(
        detail(&refused),
        "Data Policy Exception: The following fields are mandatory: Resolution code, Close notes"
    );
    let notes = [("state", "6"), ("close_notes", "Done")];
    assert_eq!(
        update(&world, &[], &notes),
        Err(Abort::Mandatory(vec!["Resolution code".to_owned()]).into())
    );
    let both = [
        ("state", "6"),
        ("close_notes", "Done"),
        ("close_code", "Duplicate"),
    ];
    assert_eq!(update(&world, &[], &both), Ok(true));
    assert_eq!(update(&world, &[], &[("state", "2")]), Ok(true));
    // What was so before the policy, and is not changed, stays.
    assert_eq!(
        update(&world, &[("state", "6")], &[("state", "6")]),
        Ok(false)
    );
}

#[test]
fn a_journal_entry_fills_a_mandatory_field() {
    let world = world(
        vec![],
        vec![policy("incident", "", &[("comments", true, false)])],
    );
    assert!(insert(&world, &[]).is_err());
    assert!(insert(&world, &[("comments", "It is on fire")]).is_ok());
}

#[test]
fn a_read_only_field_may_stay_but_not_change() {
    let world = world(
        vec![],
        vec![policy("incident", "", &[("urgency", false, true)])],
    );
    let row = [("urgency", "2")];
    assert_eq!(
        detail(&update(&world, &row, &[("urgency", "1")]).unwrap_err()),
        "Data Policy Exception: The following fields are read only: Urgency"
    );
    assert_eq!(
        update(&world, &row, &[("urgency", "2"), ("state", "2")]),
        Ok(true)
    );
}

#[test]
fn a_policy_is_reversed_where_its_condition_does_not_hold() {
    let says = |mandatory, read_only| DataPolicy {
        fields: vec![FieldPolicy {
            element: "description".into(),
            mandatory,
            read_only,
        }],
        ..policy("incident", "urgency=1", &[])
    };
    let urgent = [("urgency", "1")];
    let optional = world(vec![], vec![says(Some(false), None)]);
    assert!(insert(&optional, &urgent).is_ok());
    assert!(insert(&optional, &[("urgency", "2")]).is_err());
    assert!(insert(&optional, &[("urgency", "2"), ("description", "x")]).is_ok());
    let open = world(vec![], vec![says(None, Some(false))]);
    assert!(update(&open, &urgent, &[("description", "x")]).is_ok());
    assert!(update(&open, &[("urgency", "2")], &[("description", "x")]).is_err());
    let kept = DataPolicy {
        reverse_if_false: false,
        ..says(Some(false), None)
    };
    assert!(insert(&world(vec![], vec![kept]), &[("urgency", "2")]).is_ok());
}

#[test]
fn an_active_policy_about_other_rows_cannot_be_saved() {
    let open =
        [Create, Read, Write].map(|operation| allow("sys_data_policy2", operation, &["public"]));
    let world = World::new(&[], &open);
    let save = |condition: &str, active: &str| {
        let body = [
            ("model_table", "incident"),
            ("conditions", condition),
            ("active", active),
        ];
        let draft = world.draft("sys_data_policy2", &body);
        world
            .access()
            .permit_insert(draft, new_id(), &stamp())
            .is_ok()
    };
    assert!(save("urgency=1", "true"));
    for other in [
        "caller_id.active=true",
        "RLQUERYtask_ci.task,>0^ENDRLQUERY",
        "bogus=1",
    ] {
        assert!(!save(other, "true"), "{other}");
        assert!(save(other, "false"), "{other}");
    }
}

#[test]
fn a_policy_holds_below_its_table_only_if_it_says_so() {
    let fields = [("description", true, false)];
    let inherited = DataPolicy {
        inherit: true,
        ..policy("task", "", &fields)
    };
    assert!(insert(&world(vec![], vec![inherited]), &[]).is_err());
    assert!(insert(&world(vec![], vec![policy("task", "", &fields)]), &[]).is_ok());
}

#[test]
fn an_active_rule_that_asks_for_more_than_is_done_cannot_be_saved() {
    let open = [Create, Read, Write].map(|operation| allow("sys_script", operation, &["public"]));
    let world = World::new(&[], &open);
    let save = |body: &[(&str, &str)]| {
        let all = [
            ("name", "x"),
            ("collection", "incident"),
            ("when", "before"),
            ("abort_action", "true"),
        ];
        let body: Vec<_> = all.iter().chain(body).copied().collect();
        let draft = world.draft("sys_script", &body);
        match world.access().permit_insert(draft, new_id(), &stamp()) {
            Ok(_) => None,
            Err(Rejected::Aborted(Abort::Unsupported { element, .. })) => Some(element),
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!(save(&[]), None);
    for (body, element) in [
        (
            &[("advanced", "true"), ("script", "current.x = 1;")][..],
            "script",
        ),
        (
            &[("advanced", "true"), ("condition", "current.x")],
            "condition",
        ),
        (&[("action_query", "true")], "action_query"),
        (&[("when", "after")], "when"),
        (&[("collection", "no_such")], "collection"),
        (&[("filter_condition", "bogus=1")], "filter_condition"),
        (
            &[("filter_condition", "caller_id.active=true")],
            "filter_condition",
        ),
        (&[("template", "bogus=1")], "template"),
        (&[("template", "urgencySAMEASimpact")], "template"),
        (&[("template", "urgency=javascript:current.x")], "template"),
    ] {
        assert_eq!(save(body), Some(element), "{body:?}");
        let inactive: Vec<_> = body.iter().copied().chain([("active", "false")]).collect();
        assert_eq!(save(&inactive), None, "{body:?}");
    }
    // The script of a rule that is not advanced is what every new rule has, and means nothing.
    assert_eq!(save(&[("script", "(function() {})();")]), None);
}

#[test]
fn conditions_ask_what_changes() {
    let resolving = world(
        vec![aborting("incident", "stateCHANGESFROM2^stateCHANGESTO6")],
        Vec::new(),
    );
    assert!(update(&resolving, &[("state", "2")], &[("state", "6")]).is_err());
    assert_eq!(
        update(&resolving, &[("state", "1")], &[("state", "6")]),
        Ok(true)
    );
    let routed = world(
        vec![aborting("incident", "assignment_groupVALCHANGES")],
        Vec::new(),
    );
    let group = [("assignment_group", "287ebd7da9fe198100f92cc8d1d2154e")];
    assert!(update(&routed, &[], &group).is_err());
    assert_eq!(update(&routed, &group, &[("state", "2")]), Ok(true));
}

#[test]
fn a_condition_on_other_rows_holds_for_none() {
    for condition in [
        "RLQUERYincident.parent_incident,=0^ENDRLQUERY",
        "work_notesISEMPTY",
        "123TEXTQUERY321=x",
    ] {
        let world = world(vec![aborting("incident", condition)], Vec::new());
        assert!(
            insert(&world, &[("short_description", "x")]).is_ok(),
            "{condition}"
        );
    }
}

#[test]
fn a_template_writes_into_journals() {
    let world = world(
        vec![setting("incident", "work_notes=Checked^EQ")],
        Vec::new(),
    );
    let insert = insert(&world, &[("short_description", "x")]).expect("made");
    let notes: Vec<_> = insert.journal.iter().map(|(_, text)| &**text).collect();
    assert_eq!(notes, ["Checked"]);
}

#[test]
fn who_may_not_write_learns_nothing_of_rules() {
    let stranger = World::new(&[], &[allow("incident", Create, &["itil"])]);
    let stranger = stranger.declaring(vec![aborting("incident", "")], Vec::new());
    assert_eq!(
        insert(&stranger, &[("short_description", "x")]).map(drop),
        Err(snowglobe_records::acl::Denied::Insert.into())
    );
}
