//! How conditions combine and how rows are sorted (§3.1).

use snowglobe_records::query::{Predicate, print};

use super::fixture::World;

// covers: rest §3.1 ^, ^OR
#[test]
fn or_binds_tighter_than_and() {
    let world = World::new();
    // a AND (b OR c)
    assert_eq!(world.rows("active=true^state=2^ORstate=17"), "2");
    // (a OR b) AND c
    assert_eq!(world.rows("state=2^ORstate=17^active=true"), "2");
    assert_eq!(world.rows("state=1^ORstate=2^ORstate=17"), "123");
}

// covers: rest §3.1 ^NQ
#[test]
fn a_new_query_is_independent() {
    let world = World::new();
    // (a AND b) OR (c AND d)
    assert_eq!(
        world.rows("active=true^state=2^NQsys_class_name=task^stateISEMPTY"),
        "24"
    );
    // (a OR b) OR (c)
    assert_eq!(world.rows("state=1^ORstate=2^NQstate=17"), "123");
    assert_eq!(world.rows("state=1^NQ^state=17"), "13");
    assert_eq!(world.rows("state=1^NQ"), "1");
}

// covers: rest §3.1 ORDERBY, ORDERBYDESC
#[test]
fn sorting_does_not_change_grouping() {
    let world = World::new();
    assert_eq!(
        world.rows("active=true^state=2^ORDERBYnumber^ORstate=17"),
        "2"
    );
    let resolved = world.resolve("state=1^ORDERBYDESCopened_at^NQstate=2^ORDERBYnumber");
    let keys = sort_keys(&resolved.query.order);
    assert_eq!(keys, [("opened_at", true), ("number", false)]);
}

// covers: rest §3.1 ^EQ
// covers: rest §3.2 GOTO
#[test]
fn markers_and_empty_terms_mean_nothing() {
    let world = World::new();
    for text in [
        "",
        "^",
        "^^^",
        "^EQ",
        "EQ",
        "ORDERBYnumber",
        "^ORDERBYnumber^EQ",
    ] {
        assert_eq!(
            world.resolve(text).query.predicate,
            Predicate::True,
            "{text}"
        );
    }
    assert_eq!(world.rows("^state=1^^EQ"), "1");
    assert_eq!(world.rows("ORstate=1"), "1");
    assert_eq!(world.rows("GOTOnumberLIKE2"), "2");
}

#[test]
fn fields_named_like_keywords_are_fields() {
    let world = World::new();
    assert_eq!(world.rows("order=1"), "3");
    assert_eq!(world.rows("state=1^ORorder=1"), "13");
    assert_eq!(world.rows("member.origin_idISEMPTY^state=1"), "1");
}

// covers: rest §3.3 order
#[test]
fn references_sort_by_display_value_and_each_key_counts_once() {
    let world = World::new();
    let resolved = world.resolve("ORDERBYassigned_to^ORDERBYDESCassigned_to.name^ORDERBYsys_id");
    let order = &resolved.query.order;
    assert_eq!(sort_keys(order), [("name", false), ("sys_id", false)]);
    assert_eq!(order[0].path.table, 1);
}

// covers: rest §3.1 GROUPBY
#[test]
fn groups_are_sorted_first() {
    let world = World::new();
    let resolved = world.resolve("ORDERBYnumber^GROUPBYstate");
    assert_eq!(
        sort_keys(&resolved.query.order),
        [("state", false), ("number", false)]
    );
}

#[test]
fn a_printed_query_reads_as_it_was_written() {
    for text in [
        "a=1^b=2^ORc=3^NQd=4^EQ",
        "ORDERBYx^ORDERBYDESCy^GROUPBYz",
        "RLQUERYt.f,>0^a=1^ENDRLQUERY^b=2",
    ] {
        assert_eq!(print(&snowglobe_records::query::parse(text)), text);
    }
}

fn sort_keys(order: &[snowglobe_records::query::Order]) -> Vec<(&str, bool)> {
    order
        .iter()
        .map(|key| (key.path.column.element.as_str(), key.descending))
        .collect()
}
