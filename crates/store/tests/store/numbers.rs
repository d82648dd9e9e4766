//! Record numbers follow each other.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use crate::fixture::{Place, insert, make_table, values};

pub(crate) async fn numbers_follow_each_other(place: Place) {
    let store = place.open().await;
    for _ in 0..3 {
        insert(&store, "incident", &[]).await;
    }
    insert(&store, "problem", &[]).await;
    assert_eq!(
        values(&store, "incident", "ORDERBYnumber", "number").await,
        ["INC0010001", "INC0010002", "INC0010003"]
    );
    assert_eq!(
        values(&store, "problem", "", "number").await,
        ["PRB0040001"]
    );
}

pub(crate) async fn a_stop_in_good_order_leaves_no_gap(place: Place) {
    let mut store = place.open().await;
    for _ in 0..3 {
        insert(&store, "incident", &[]).await;
        insert(&store, "incident", &[]).await;
        store = place.reopen(store).await;
    }
    insert(&store, "incident", &[]).await;
    let numbers = values(&store, "incident", "ORDERBYnumber", "number").await;
    let expected: Vec<_> = (1..=7).map(|n| format!("INC001000{n}")).collect();
    assert_eq!(numbers, expected);
}

/// Nothing was given away but one number, so the next start goes on soon behind it.
pub(crate) async fn a_crash_leaves_a_small_gap(place: Place) {
    let store = place.open().await;
    insert(&store, "incident", &[]).await;
    drop(store);
    let store = place.open().await;
    insert(&store, "incident", &[]).await;
    let numbers = values(&store, "incident", "ORDERBYnumber", "number").await;
    assert_eq!(numbers, ["INC0010001", "INC0010033"]);
}

pub(crate) async fn many_at_once_get_one_each(place: Place) {
    let store = place.open().await;
    let inserts = (0..250).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { insert(&store, "change_request", &[]).await })
    });
    for done in join_all(inserts).await {
        done.unwrap();
    }
    let numbers = values(&store, "change_request", "ORDERBYnumber", "number").await;
    let expected: Vec<_> = (30_001..=30_250).map(|n| format!("CHG{n:07}")).collect();
    assert_eq!(numbers, expected);
}

pub(crate) async fn a_given_number_is_kept_and_draws_none(place: Place) {
    let store = place.open().await;
    insert(&store, "incident", &[("number", "INC0777")]).await;
    insert(&store, "incident", &[("number", "")]).await;
    assert_eq!(
        values(&store, "incident", "ORDERBYnumber", "number").await,
        ["INC0010001", "INC0777"]
    );
}

/// A table without numbers of its own is numbered with its parent: the same prefix must not count twice.
pub(crate) async fn an_inherited_format_counts_with_its_owner(place: Place) {
    let store = place.open().await;
    make_table(&store, "u_chore", Some("task")).await;
    insert(&store, "task", &[]).await;
    insert(&store, "u_chore", &[]).await;
    insert(&store, "task", &[]).await;
    let numbers = values(&store, "task", "ORDERBYnumber", "number").await;
    assert_eq!(numbers, ["TASK0020001", "TASK0020002", "TASK0020003"]);
}

pub(crate) async fn a_new_format_numbers_from_its_base(place: Place) {
    let store = place.open().await;
    make_table(&store, "u_chore", Some("task")).await;
    let body = [
        ("category", "u_chore"),
        ("prefix", "CHO"),
        ("number", "500"),
        ("maximum_digits", "4"),
    ];
    insert(&store, "sys_number", &body).await;
    insert(&store, "u_chore", &[]).await;
    assert_eq!(values(&store, "u_chore", "", "number").await, ["CHO0501"]);
}

pub(crate) async fn two_nodes_never_give_the_same_number(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    for _ in 0..110 {
        insert(&one, "incident", &[]).await;
        insert(&other, "incident", &[]).await;
    }
    one.close().await.unwrap();
    other.close().await.unwrap();
    let numbers = values(&one, "incident", "", "number").await;
    assert_eq!(numbers.len(), 220);
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), 220);
}
