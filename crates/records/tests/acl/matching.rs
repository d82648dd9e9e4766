//! Which rules match, and what passing one means (§16.2, §16.4).

use snowglobe_records::acl::{Fault, Operation::Read, Rule};

use crate::fixture::{World, allow, allow_where, deny_unless, selects};

/// Tells whether a caller with these roles sees an active incident under these rules.
fn sees(roles: &[&str], rules: &[Rule]) -> bool {
    let world = World::new(roles, rules);
    let plan = world.list("incident", "", "").unwrap();
    selects(&plan, &world.row("incident", &[("active", "true")]))
}

#[test]
fn any_role_of_the_list_is_enough() {
    let rules = [allow("incident", Read, &["itil", "sn_incident_read"])];
    assert!(sees(&["sn_incident_read"], &rules));
    assert!(!sees(&["catalog"], &rules));
}

#[test]
fn role_and_condition_must_both_pass() {
    let rule = |condition: &str| Rule {
        condition: Some(condition.into()),
        ..allow("incident", Read, &["itil"])
    };
    assert!(sees(&["itil"], &[rule("active=true")]));
    assert!(!sees(&["itil"], &[rule("active=false")]));
    assert!(!sees(&[], &[rule("active=true")]));
}

#[test]
fn applies_to_narrows_a_rule() {
    let rule = |applies_to: &str| Rule {
        applies_to: Some(applies_to.into()),
        ..allow("incident", Read, &["itil"])
    };
    assert!(sees(&["itil"], &[rule("active=true")]));
    assert!(!sees(&["itil"], &[rule("active=false")]));
}

#[test]
fn any_passing_rule_at_a_point_is_enough() {
    let rules = [
        allow("incident", Read, &["a"]),
        allow("incident", Read, &["b"]),
    ];
    assert!(sees(&["b"], &rules));
}

#[test]
fn a_rule_of_the_parent_table_is_tried_when_the_specific_one_fails() {
    let rules = [
        allow("incident", Read, &["nobody_has_it"]),
        allow("task", Read, &["itil"]),
    ];
    assert!(sees(&["itil"], &rules));
}

#[test]
fn a_rule_for_all_fields_is_tried_when_the_one_for_the_field_fails() {
    let rules = [
        allow("sys_user.email", Read, &["manager"]),
        allow("*.email", Read, &["clerk"]),
        allow("sys_user.*", Read, &["user_admin"]),
        allow("*.*", Read, &["auditor"]),
    ];
    let reads = |role| {
        let world = World::new(&[role], &rules);
        world
            .access()
            .may_read_field(world.table("sys_user"), "email")
    };
    assert!(
        ["manager", "clerk", "user_admin", "auditor"]
            .into_iter()
            .all(reads)
    );
    assert!(!reads("itil"));
}

#[test]
fn without_a_rule_for_the_table_only_admin_passes() {
    assert!(!sees(&["itil"], &[]));
    assert!(sees(&["admin"], &[]));
}

#[test]
fn a_star_rule_takes_the_place_of_the_default_deny() {
    assert!(sees(&["itil"], &[allow("*", Read, &["itil"])]));
    assert!(sees(&[], &[allow("*", Read, &["public"])]));
}

#[test]
fn an_inactive_rule_is_as_if_it_were_not_there() {
    let rule = Rule {
        active: false,
        ..allow("incident", Read, &["itil"])
    };
    assert!(!sees(&["itil"], &[rule]));
}

#[test]
fn failing_a_deny_unless_rule_denies_whatever_else_passes() {
    let rules = [
        allow("incident", Read, &["itil"]),
        deny_unless("task", Read, &["cleared"]),
    ];
    assert!(!sees(&["itil"], &rules));
    assert!(sees(&["itil", "cleared"], &rules));
    assert!(!sees(&["cleared"], &rules));
}

#[test]
fn a_deny_unless_condition_holds_for_every_row() {
    let unless = Rule {
        condition: Some("active=false".into()),
        ..deny_unless("incident", Read, &[])
    };
    assert!(!sees(
        &["itil"],
        &[allow("incident", Read, &["itil"]), unless]
    ));
}

#[test]
fn rest_16_2_deny_unless_with_applies_to_concerns_only_its_rows() {
    let secret = |condition: Option<&str>| Rule {
        applies_to: Some("short_descriptionLIKEsecret".into()),
        condition: condition.map(Into::into),
        ..deny_unless("incident", Read, &["cleared"])
    };
    let sees = |roles: &[&str], rule: Rule, description: &str| {
        let world = World::new(roles, &[allow("incident", Read, &["itil"]), rule]);
        let row = [("active", "true"), ("short_description", description)];
        let row = world.row("incident", &row);
        let listed = selects(&world.list("incident", "", "").unwrap(), &row);
        assert_eq!(world.access().may_read_row(&row), listed);
        listed
    };
    let all = ["itil", "cleared"];
    for description in ["plain", ""] {
        assert!(sees(&["itil"], secret(None), description));
        assert!(sees(&all, secret(Some("active=false")), description));
    }
    assert!(!sees(&["itil"], secret(None), "top secret"));
    assert!(sees(&all, secret(None), "top secret"));
    assert!(!sees(&all, secret(Some("active=false")), "top secret"));
    assert!(sees(&all, secret(Some("active=true")), "top secret"));
    assert!(!sees(&["cleared"], secret(None), "plain"));
}

#[test]
fn a_deny_unless_rule_whose_applies_to_asks_other_rows_denies_the_row_at_hand() {
    let below = Rule {
        applies_to: Some("caller_id.active=true".into()),
        ..deny_unless("incident", Read, &["cleared"])
    };
    let world = World::new(&["itil"], &[allow("incident", Read, &["itil"]), below]);
    assert!(!world.access().may_read_row(&world.row("incident", &[])));
}

#[test]
fn passing_only_deny_unless_rules_grants() {
    let world = World::new(
        &["cleared"],
        &[deny_unless("incident.number", Read, &["cleared"])],
    );
    assert!(
        world
            .access()
            .may_read_field(world.table("incident"), "number")
    );
    let world = World::new(&[], &[deny_unless("incident.number", Read, &["cleared"])]);
    assert!(
        !world
            .access()
            .may_read_field(world.table("incident"), "number")
    );
}

#[test]
fn admin_passes_every_role_check_but_not_conditions() {
    assert!(sees(&["admin"], &[allow("*", Read, &["whatever"])]));
    let inactive = || allow_where("incident", Read, "active=false");
    let star = || allow("*", Read, &["nobody"]);
    assert!(!sees(&["admin"], &[inactive(), star()]));
    let overridden = Rule {
        admin_overrides: true,
        ..inactive()
    };
    assert!(sees(&["admin"], &[overridden, star()]));
}

#[test]
fn nobody_maint_and_security_admin_deny_admin_too() {
    for role in ["nobody", "maint", "security_admin"] {
        let rule = Rule {
            admin_overrides: true,
            ..allow("*", Read, &[role])
        };
        assert!(!sees(&["admin"], &[rule]), "{role}");
    }
    assert!(sees(
        &["admin", "security_admin"],
        &[allow("*", Read, &["security_admin"])]
    ));
    assert!(!sees(&["nobody"], &[allow("*", Read, &["nobody"])]));
}

#[test]
fn a_rule_that_cannot_be_obeyed_denies_and_is_reported() {
    let empty = allow("incident", Read, &[]);
    let blank = Rule {
        condition: Some("^EQ".into()),
        ..empty.clone()
    };
    let scripted = Rule {
        scripted: true,
        ..allow("incident", Read, &["itil"])
    };
    let unknown = allow_where("incident", Read, "active=true^no_such_field=1");
    let script_value = allow_where("incident", Read, "number=javascript:current.x()");
    let applies = Rule {
        applies_to: Some("no_such_field=1".into()),
        ..deny_unless("incident", Read, &["itil"])
    };
    for (rule, fault) in [
        (empty, Fault::Empty),
        (blank, Fault::Empty),
        (scripted, Fault::Script),
        (unknown, Fault::Condition),
        (script_value, Fault::Condition),
        (applies, Fault::Condition),
    ] {
        let world = World::new(&["itil"], std::slice::from_ref(&rule));
        let faults: Vec<Fault> = world.problems.iter().map(|problem| problem.fault).collect();
        assert_eq!(faults, [fault]);
        assert!(!sees(&["itil"], &[rule]), "{fault}");
    }
}

#[test]
fn a_refused_deny_unless_rule_denies_everyone_it_concerns() {
    let scripted = Rule {
        scripted: true,
        ..deny_unless("incident", Read, &["itil"])
    };
    assert!(!sees(
        &["itil"],
        &[allow("incident", Read, &["itil"]), scripted]
    ));
}

#[test]
fn a_problem_names_its_rule() {
    let world = World::new(
        &[],
        &[Rule {
            scripted: true,
            ..allow("incident.number", Read, &[])
        }],
    );
    assert_eq!(
        world.problems[0].to_string(),
        "nobody passes the Read rule on 'incident.number': it asks a script"
    );
}

#[test]
fn an_empty_condition_of_a_form_asks_nothing() {
    let rule = Rule {
        condition: Some("^EQ".into()),
        ..allow("incident", Read, &["itil"])
    };
    assert!(sees(&["itil"], &[rule]));
}

#[test]
fn a_condition_on_the_star_fails_where_it_means_nothing() {
    let rules = [allow_where("*", Read, "incident_state=1")];
    let world = World::new(&[], &rules);
    assert_eq!(world.problems, []);
    let row = world.row("incident", &[("incident_state", "1")]);
    assert!(selects(&world.list("incident", "", "").unwrap(), &row));
    let row = world.row("sys_user", &[]);
    assert!(!selects(&world.list("sys_user", "", "").unwrap(), &row));
}
