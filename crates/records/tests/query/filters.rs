//! `name=value` parameters (§2.2).

use snowglobe_records::query::filter;

use super::fixture::{World, beth};

fn rows(pairs: &[(&str, &str)]) -> String {
    let world = World::new();
    let table = world.table("incident");
    let query = filter(pairs.iter().copied(), &world.dictionary, table, &beth());
    world.select(&query)
}

#[test]
fn all_parameters_must_hold() {
    assert_eq!(rows(&[("active", "true")]), "12");
    assert_eq!(rows(&[("active", "true"), ("number", "INC2")]), "2");
    assert_eq!(rows(&[]), "1234");
}

#[test]
fn what_is_no_field_is_ignored() {
    assert_eq!(
        rows(&[
            ("sysparm_limit", "1"),
            ("no_such_field", "x"),
            ("state", "1")
        ]),
        "1"
    );
    assert_eq!(
        rows(&[("comments", "x"), ("assigned_to.user_password", "x")]),
        "1234"
    );
}

#[test]
fn a_value_may_hold_what_separates_conditions() {
    assert_eq!(rows(&[("short_description", "a^ORstate=1")]), "");
}

#[test]
fn a_choice_may_be_given_by_its_label() {
    assert_eq!(rows(&[("state", "closed")]), "3");
    assert_eq!(rows(&[("state", "17")]), "3");
    assert_eq!(rows(&[("category", "Hardware and more")]), "2");
    assert_eq!(rows(&[("state", "Unheard of")]), "");
}

#[test]
fn a_reference_may_be_given_by_key_display_value_or_user_name() {
    assert_eq!(rows(&[("assigned_to", "beth")]), "1");
    assert_eq!(rows(&[("assigned_to", "Beth Anglin")]), "1");
    assert_eq!(rows(&[("assigned_to", "carl.m")]), "2");
    assert_eq!(rows(&[("assigned_to", "nobody")]), "");
    assert_eq!(rows(&[("nowhere", "x")]), "3");
}

#[test]
fn a_sys_id_is_not_looked_up_by_name() {
    let world = World::new();
    let table = world.table("incident");
    let id = "0123456789abcdef0123456789abcdef";
    let query = filter([("assigned_to", id)], &world.dictionary, table, &beth());
    assert!(query.joins.as_slice().is_empty());
}

#[test]
fn emptiness_and_the_caller_may_be_asked_for() {
    assert_eq!(rows(&[("assigned_to", "")]), "34");
    assert_eq!(rows(&[("assigned_to", "javascript:gs.getUserID()")]), "1");
}
