//! A query that would tell what may not be read (§3.6, E9).

use snowglobe_records::acl::{
    Denied,
    Operation::{ConditionalTableQueryRange, QueryMatch, QueryRange, Read},
    Rule,
};

use crate::fixture::{World, allow, allow_where};

fn open() -> Vec<Rule> {
    vec![
        allow("incident", Read, &["public"]),
        allow("sys_user", Read, &["public"]),
    ]
}

fn ask(more: Rule, query: &str) -> Result<(), Denied> {
    let mut rules = open();
    rules.push(more);
    World::new(&[], &rules)
        .list("incident", query, "number")
        .map(drop)
}

// covers: rest §3.5 an unreadable field
#[test]
fn a_condition_on_an_unreadable_field_is_refused() {
    let closed = || allow("incident.description", Read, &["manager"]);
    assert_eq!(ask(closed(), "number=1"), Ok(()));
    for query in [
        "description=x",
        "number=1^ORdescriptionLIKEx",
        "active=true^descriptionISEMPTY",
    ] {
        assert_eq!(ask(closed(), query), Err(Denied::Query), "{query}");
    }
}

#[test]
fn sorting_by_an_unreadable_field_is_refused() {
    let closed = allow("incident.description", Read, &["manager"]);
    assert_eq!(
        ask(closed, "active=true^ORDERBYdescription"),
        Err(Denied::Query)
    );
}

#[test]
fn a_dot_walk_through_or_to_an_unreadable_field_is_refused() {
    let query = "caller_id.email=beth@example.com";
    assert_eq!(
        ask(allow("incident.number", Read, &["public"]), query),
        Ok(())
    );
    for closed in ["incident.caller_id", "sys_user.email", "*.email"] {
        assert_eq!(
            ask(allow(closed, Read, &["manager"]), query),
            Err(Denied::Query),
            "{closed}"
        );
    }
}

#[test]
fn a_dot_walk_to_a_table_with_hidden_rows_is_refused() {
    let world = World::new(
        &[],
        &[
            allow("incident", Read, &["public"]),
            allow_where("sys_user", Read, "active=true"),
        ],
    );
    let list = world.list("incident", "caller_id.email=beth@example.com", "number");
    assert_eq!(list.map(drop), Err(Denied::Query));
}

#[test]
fn sorting_by_a_reference_reads_the_display_value_behind_it() {
    let closed = allow("sys_user.name", Read, &["manager"]);
    assert_eq!(ask(closed, "ORDERBYcaller_id"), Err(Denied::Query));
}

#[test]
fn query_rules_decide_in_place_of_read_rules() {
    let mut rules = open();
    rules.push(allow("incident.number", QueryRange, &["manager"]));
    rules.push(allow("incident.description", Read, &["manager"]));
    rules.push(allow("incident.description", QueryMatch, &["public"]));
    let world = World::new(&[], &rules);
    let ask = |query| world.list("incident", query, "sys_id").map(drop);
    assert_eq!(ask("number=INC1"), Ok(()));
    assert_eq!(ask("numberIN1,2^number!=3^numberISNOTEMPTY"), Ok(()));
    assert_eq!(ask("numberSTARTSWITHINC"), Err(Denied::Query));
    assert_eq!(ask("number>INC1"), Err(Denied::Query));
    assert_eq!(ask("ORDERBYnumber"), Err(Denied::Query));
    assert_eq!(ask("description=x"), Ok(()));
    assert_eq!(ask("descriptionLIKEx"), Err(Denied::Query));
}

#[test]
fn a_row_is_found_by_its_sys_id_where_every_field_is_closed() {
    let mut rules = open();
    rules.push(allow("incident.*", Read, &["manager"]));
    let world = World::new(&[], &rules);
    let ask = |query| world.list("incident", query, "sys_id").map(drop);
    assert_eq!(ask("sys_id=00000000000000000000000000000001"), Ok(()));
    assert_eq!(ask("sys_idSTARTSWITH0"), Err(Denied::Query));
}

#[test]
fn a_query_rule_on_a_table_closes_it_with_an_error() {
    let rules = [
        allow("sys_db_object", Read, &["public"]),
        allow("sys_db_object", QueryRange, &["admin"]),
    ];
    let ask = |roles: &[&str], query| {
        World::new(roles, &rules)
            .list("sys_db_object", query, "name")
            .map(drop)
    };
    assert_eq!(ask(&[], ""), Err(Denied::Query));
    assert_eq!(ask(&[], "name=x^ORDERBYname"), Err(Denied::Query));
    assert_eq!(ask(&[], "sys_id=00000000000000000000000000000001"), Ok(()));
    assert_eq!(ask(&["admin"], ""), Ok(()));
}

#[test]
fn rest_16_2_conditional_table_query_range_is_asked_of_who_reads_some_rows() {
    let rules = [
        allow("incident", Read, &["manager"]),
        allow_where("incident", Read, "active=true"),
        allow("incident", ConditionalTableQueryRange, &["analyst"]),
    ];
    let ask = |roles: &[&str], query| {
        World::new(roles, &rules)
            .list("incident", query, "number")
            .map(drop)
    };
    for query in ["numberSTARTSWITHINC", "number>INC1", "ORDERBYnumber"] {
        assert_eq!(ask(&[], query), Err(Denied::Query), "{query}");
        for role in ["analyst", "manager", "admin"] {
            assert_eq!(ask(&[role], query), Ok(()), "{role}: {query}");
        }
    }
    for query in [
        "",
        "number=INC1",
        "active=true^numberISNOTEMPTY",
        "ORDERBYsys_id",
    ] {
        assert_eq!(ask(&[], query), Ok(()), "{query}");
    }
}
