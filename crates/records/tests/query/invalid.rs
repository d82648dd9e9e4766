//! What a dropped clause leaves behind (§3.5).

use snowglobe_records::query::{Context, Dropped, Reason};

use super::fixture::{World, beth};

fn assert_left(text: &str, rows: &str, reasons: &[Reason]) {
    assert_eq!(
        World::new().rows_left(text),
        (rows.to_owned(), reasons.to_vec()),
        "{text}"
    );
}

#[test]
fn a_lone_unknown_field_leaves_all_rows() {
    assert_left("no_such_field=x", "1234", &[Reason::UnknownField]);
    assert_left(
        "assigned_to.no_such_field=x",
        "1234",
        &[Reason::UnknownField],
    );
    assert_left("number.name=x", "1234", &[Reason::UnknownField]);
    assert_left("Active=true", "1234", &[Reason::UnknownField]);
}

// covers: rest §3.5 an unknown field
#[test]
fn an_unknown_field_leaves_the_other_conditions() {
    assert_left("state=1^no_such_field=x", "1", &[Reason::UnknownField]);
    assert_left("no_such_field=x^state=1", "1", &[Reason::UnknownField]);
}

// covers: rest §3.5 an unknown member of an OR chain
#[test]
fn a_dropped_alternative_leaves_the_others() {
    assert_left("state=1^ORno_such_field=x", "1", &[Reason::UnknownField]);
    assert_left(
        "state=1^ORno_such_field=x^ORstate=2",
        "12",
        &[Reason::UnknownField],
    );
}

// covers: rest §3.5 an unknown head of an OR chain
#[test]
fn a_dropped_head_takes_its_chain_along() {
    let both = [Reason::UnknownField, Reason::Headless];
    assert_left("no_such_field=x^ORstate=1", "1234", &both);
    assert_left("active=true^no_such_field=x^ORstate=1", "12", &both);
    assert_left("no_such_field=x^ORstate=1^active=true", "12", &both);
}

#[test]
fn a_group_without_conditions_is_no_group() {
    assert_left("state=1^NQno_such_field=x", "1", &[Reason::UnknownField]);
    assert_left("no_such_field=x^NQstate=1", "1", &[Reason::UnknownField]);
}

// covers: rest §3.5 a flood of unknown fields
#[test]
fn thousands_of_unknown_fields_leave_the_one_that_is_known() {
    let text = format!("{}number=INC2", "AAAA=BBBB^".repeat(2300));
    let (rows, reasons) = World::new().rows_left(&text);
    assert_eq!((rows.as_str(), reasons.len()), ("2", 2300));
}

#[test]
fn a_field_may_not_be_walked_without_end() {
    let text = format!("assigned_to{}.name=x", ".manager".repeat(5000));
    assert_left(&text, "1234", &[Reason::UnknownField]);
    assert!(
        World::new()
            .resolve(&text)
            .query
            .joins
            .as_slice()
            .is_empty()
    );
}

// covers: rest §3.5 an unknown operator
#[test]
fn an_unknown_operator_is_dropped() {
    assert_left("state", "1234", &[Reason::UnknownOperator]);
    assert_left("stateequals1", "1234", &[Reason::UnknownField]);
    assert_left("state~1^active=true", "12", &[Reason::UnknownOperator]);
}

#[test]
fn a_related_list_query_is_dropped_whole() {
    let text = "RLQUERYmember.user,>0^state=2^ENDRLQUERY^active=true";
    assert_left(text, "12", &[Reason::UnknownField]);
}

// covers: rest §3.5 an unknown sort key
#[test]
fn an_unknown_sort_key_is_dropped() {
    assert_left("ORDERBYno_such_field^state=1", "1", &[Reason::UnknownField]);
    assert_left("GROUPBYno_such_field", "1234", &[Reason::UnknownField]);
}

#[test]
fn a_secret_is_not_admitted_to_exist() {
    for text in [
        "assigned_to.user_password=x",
        "assigned_to.user_passwordISNOTEMPTY",
        "ORDERBYassigned_to.user_password",
    ] {
        assert_left(text, "1234", &[Reason::UnknownField]);
    }
}

#[test]
fn a_journal_has_no_order_and_no_column_to_compare_with() {
    assert_left("comments>x^state=1", "1", &[Reason::Inapplicable]);
    assert_left("numberSAMEAScomments", "1234", &[Reason::Unqueryable]);
    assert_left("ORDERBYcomments", "1234", &[Reason::Unqueryable]);
}

#[test]
fn a_script_that_is_not_known_drops_its_condition() {
    assert_left(
        "number=javascript:current.number^state=1",
        "1",
        &[Reason::Script],
    );
}

#[test]
fn what_was_dropped_is_said() {
    let world = World::new();
    let dropped = world.resolve("state=1^nope=2^ORDERBYnever").dropped;
    let unknown = |clause| Dropped {
        clause,
        reason: Reason::UnknownField,
    };
    assert_eq!(dropped, [unknown("nope=2"), unknown("never")]);
    assert_eq!(dropped[0].reason.to_string(), "unknown field");
}

// covers: rest §3.5 glide.invalid_query.returns_no_rows
#[test]
fn an_instance_may_answer_invalid_queries_with_no_rows() {
    let world = World::new();
    let strict = Context {
        invalid_returns_no_rows: true,
        ..beth()
    };
    for (text, rows) in [
        ("no_such_field=x", ""),
        ("state=1^no_such_field=x", ""),
        ("state=1^ORno_such_field=x", ""),
        ("state=1^ORDERBYno_such_field", "1"),
        ("state=1", "1"),
    ] {
        assert_eq!(
            world.select(&world.resolve_as(text, &strict).query),
            rows,
            "{text}"
        );
    }
}
