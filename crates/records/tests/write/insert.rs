//! A new row (§13.3–13.5, §14.1).

use snowglobe_records::ValueRef;

use crate::fixture::{BETH, NOW, World, new_id, wire};

#[test]
fn system_columns_say_who_and_when() {
    let insert = World::new().insert("incident", &[]);
    for (element, value) in [
        ("sys_class_name", "incident"),
        ("sys_created_on", NOW),
        ("sys_created_by", "beth.anglin"),
        ("sys_updated_on", NOW),
        ("sys_updated_by", "beth.anglin"),
        ("sys_mod_count", "0"),
        ("sys_domain", "global"),
        ("sys_domain_path", "/"),
    ] {
        assert_eq!(wire(&insert, element), value, "{element}");
    }
    assert_eq!(wire(&insert, "sys_id"), new_id().to_string());
    assert_eq!(insert.sys_id, new_id());
}

#[test]
fn columns_a_table_does_not_have_are_not_set() {
    let insert = World::new().insert("sys_user_grmember", &[]);
    assert_eq!(insert.value("sys_class_name"), ValueRef::Null);
    assert_eq!(insert.value("sys_domain"), ValueRef::Null);
}

/// §14.1: the values after an insert that sets only `short_description`.
#[test]
fn an_incident_starts_with_the_documented_values() {
    let insert = World::new().insert("incident", &[("short_description", "Printer on fire")]);
    for (element, value) in [
        ("active", "true"),
        ("approval", "not requested"),
        ("category", "inquiry"),
        ("child_incidents", "0"),
        ("contact_type", ""),
        ("escalation", "0"),
        ("impact", "3"),
        ("incident_state", "1"),
        ("made_sla", "true"),
        ("notify", "1"),
        ("opened_at", NOW),
        ("opened_by", BETH),
        ("priority", "5"),
        ("reassignment_count", "0"),
        ("reopen_count", "0"),
        ("severity", "3"),
        ("short_description", "Printer on fire"),
        ("state", "1"),
        ("upon_approval", "proceed"),
        ("upon_reject", "cancel"),
        ("urgency", "3"),
    ] {
        assert_eq!(wire(&insert, element), value, "{element}");
    }
}

#[test]
fn a_default_is_for_an_absent_key_not_for_an_empty_one() {
    let insert = World::new().insert("incident", &[("active", "")]);
    assert_eq!(insert.value("active"), ValueRef::Null);
}

#[test]
fn the_next_number_reaches_every_column_that_holds_it_once() {
    let mut insert = World::new().insert("incident", &[("number", "")]);
    assert!(insert.needs_number.is_some());
    insert.assign_number(10_001);
    assert!(insert.needs_number.is_none());
    assert_eq!(wire(&insert, "number"), "INC0010001");
    assert_eq!(wire(&insert, "task_effective_number"), "INC0010001");
    for element in ["number", "task_effective_number"] {
        let of_element = |(column, _): &&(_, _)| is(column, element);
        assert_eq!(
            insert.values.iter().filter(of_element).count(),
            1,
            "{element}"
        );
    }
}

fn is(column: &std::sync::Arc<snowglobe_records::Column>, element: &str) -> bool {
    column.element == *element
}

#[test]
fn a_caller_s_own_number_is_kept_and_none_is_drawn() {
    let insert = World::new().insert("incident", &[("number", "INC7")]);
    assert!(insert.needs_number.is_none());
    assert_eq!(wire(&insert, "number"), "INC7");
    assert_eq!(wire(&insert, "task_effective_number"), "INC7");
}
