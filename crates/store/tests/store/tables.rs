//! Tables and columns made at run time are there for the next call.

use snowglobe_records::{SysId, Value};
use snowglobe_store::backend::ApplyError;

use crate::{
    fixture::{
        Place, cell, delete, insert, list, make_column, make_table, row, table, try_insert, update,
        values,
    },
    records::duplicate,
};

pub(crate) async fn a_new_table_is_usable_at_once(place: Place) {
    let store = place.open().await;
    make_table(&store, "u_asset_tag", None).await;
    make_column(
        &store,
        "u_asset_tag",
        "u_label",
        "string",
        &[("max_length", "5")],
    )
    .await;
    make_column(
        &store,
        "u_asset_tag",
        "u_weight",
        "decimal",
        &[("indexed", "true")],
    )
    .await;
    let body = [("u_label", "abcdefgh"), ("u_weight", "1.5")];
    let sys_id = insert(&store, "u_asset_tag", &body).await;
    assert_eq!(
        cell(&store, "u_asset_tag", sys_id, "u_label").await,
        Value::from("abcde")
    );
    assert_eq!(
        values(&store, "u_asset_tag", "u_weight>1", "u_weight").await,
        ["1.50"]
    );
    let store = place.kept(store).await;
    assert_eq!(
        values(&store, "u_asset_tag", "u_weight<2", "u_label").await,
        ["abcde"]
    );
}

pub(crate) async fn a_child_shares_its_parents_storage(place: Place) {
    let store = place.open().await;
    make_table(&store, "u_chore", Some("task")).await;
    make_column(&store, "u_chore", "u_room", "string", &[]).await;
    make_table(&store, "u_hard_chore", Some("u_chore")).await;
    let chore = table(&store, "u_chore");
    assert_eq!(chore.root(), "task");
    assert_eq!(chore.display().unwrap().element, "number");
    assert_eq!(chore.number().unwrap().prefix, "TASK".into());
    insert(
        &store,
        "u_chore",
        &[("u_room", "kitchen"), ("short_description", "sweep")],
    )
    .await;
    let hard = insert(&store, "u_hard_chore", &[("u_room", "cellar")]).await;
    insert(&store, "incident", &[("short_description", "sweep")]).await;
    assert_eq!(
        values(&store, "u_chore", "ORDERBYu_room", "u_room").await,
        ["cellar", "kitchen"]
    );
    assert_eq!(
        values(&store, "u_hard_chore", "", "u_room").await,
        ["cellar"]
    );
    assert_eq!(
        values(
            &store,
            "task",
            "short_description=sweep^ORDERBYsys_class_name",
            "sys_class_name"
        )
        .await,
        ["incident", "u_chore"]
    );
    let through_task = row(&store, "task", hard).await.unwrap();
    assert_eq!(through_task.table().name(), "u_hard_chore");
}

pub(crate) async fn two_children_may_have_columns_of_the_same_name(place: Place) {
    let store = place.open().await;
    for (name, internal_type) in [("u_one", "string"), ("u_two", "integer")] {
        make_table(&store, name, Some("task")).await;
        make_column(&store, name, "u_size", internal_type, &[]).await;
    }
    insert(&store, "u_one", &[("u_size", "large")]).await;
    insert(&store, "u_two", &[("u_size", "42")]).await;
    assert_eq!(
        values(&store, "u_one", "u_size=large", "u_size").await,
        ["large"]
    );
    assert_eq!(values(&store, "u_two", "u_size>41", "u_size").await, ["42"]);
}

pub(crate) async fn a_new_column_of_a_built_in_table_is_usable_at_once(place: Place) {
    let store = place.open().await;
    let before = insert(&store, "incident", &[("short_description", "before")]).await;
    make_column(
        &store,
        "incident",
        "u_ticket",
        "string",
        &[("unique", "true")],
    )
    .await;
    insert(&store, "incident", &[("u_ticket", "T-1")]).await;
    assert_eq!(
        cell(&store, "incident", before, "u_ticket").await,
        Value::Null
    );
    update(&store, "incident", before, &[("u_ticket", "T-2")]).await;
    assert_eq!(
        values(&store, "incident", "ORDERBYu_ticket", "u_ticket").await,
        ["T-1", "T-2"]
    );
}

pub(crate) async fn what_is_taken_from_the_dictionary_comes_back_with_its_data(place: Place) {
    let store = place.open().await;
    make_table(&store, "u_thing", None).await;
    let column = make_column(&store, "u_thing", "u_name", "string", &[]).await;
    let sys_id = insert(&store, "u_thing", &[("u_name", "kept")]).await;
    delete(&store, "sys_dictionary", column).await;
    assert!(table(&store, "u_thing").column("u_name").is_none());
    make_column(&store, "u_thing", "u_name", "string", &[]).await;
    assert_eq!(
        cell(&store, "u_thing", sys_id, "u_name").await,
        Value::from("kept")
    );
}

pub(crate) async fn a_type_changed_later_does_not_break_the_table(place: Place) {
    let store = place.open().await;
    make_table(&store, "u_thing", None).await;
    let column = make_column(&store, "u_thing", "u_size", "string", &[]).await;
    insert(&store, "u_thing", &[("u_size", "large")]).await;
    update(
        &store,
        "sys_dictionary",
        column,
        &[("internal_type", "integer")],
    )
    .await;
    let sys_id = insert(&store, "u_thing", &[("u_size", "7")]).await;
    assert_eq!(values(&store, "u_thing", "u_size>6", "u_size").await, ["7"]);
    assert_eq!(
        cell(&store, "u_thing", sys_id, "u_size").await,
        Value::Int(7)
    );
    update(
        &store,
        "sys_dictionary",
        column,
        &[("internal_type", "string")],
    )
    .await;
    assert_eq!(
        values(&store, "u_thing", "u_size=large", "u_size").await,
        ["large"]
    );
}

pub(crate) async fn an_index_may_be_asked_for_later(place: Place) {
    let store = place.open().await;
    make_table(&store, "u_thing", None).await;
    let column = make_column(&store, "u_thing", "u_code", "string", &[]).await;
    insert(&store, "u_thing", &[("u_code", "A")]).await;
    update(&store, "sys_dictionary", column, &[("indexed", "true")]).await;
    update(&store, "sys_dictionary", column, &[("unique", "true")]).await;
    let outcome = try_insert(&store, "u_thing", &[("u_code", "a")]).await;
    assert_eq!(duplicate(outcome), ("u_thing".into(), "u_code".into()));
}

pub(crate) async fn rows_that_are_not_unique_do_not_stop_the_instance(place: Place) {
    let store = place.open().await;
    make_table(&store, "u_thing", None).await;
    let column = make_column(&store, "u_thing", "u_code", "string", &[]).await;
    insert(&store, "u_thing", &[("u_code", "A")]).await;
    insert(&store, "u_thing", &[("u_code", "A")]).await;
    update(&store, "sys_dictionary", column, &[("unique", "true")]).await;
    assert_eq!(values(&store, "u_thing", "", "u_code").await, ["A", "A"]);
    let store = place.kept(store).await;
    insert(&store, "u_thing", &[("u_code", "B")]).await;
    assert_eq!(values(&store, "u_thing", "u_code=B", "u_code").await, ["B"]);
}

/// Eighty characters are a name's limit, 63 are PostgreSQL's.
pub(crate) async fn the_longest_names_stay_apart(place: Place) {
    let store = place.open().await;
    let long = |end: &str| format!("{}{end}", "u".repeat(80 - end.len()));
    let tables = [long("_1"), long("_2")];
    let columns = [long("_a"), long("_b")];
    for (at, name) in tables.iter().enumerate() {
        make_table(&store, name, None).await;
        for column in &columns {
            make_column(&store, name, column, "string", &[("unique", "true")]).await;
        }
        let text = format!("table {at}");
        insert(&store, name, &[(&columns[0], &text), (&columns[1], "b")]).await;
        let outcome = try_insert(&store, name, &[(&columns[1], "B")]).await;
        assert!(
            matches!(outcome, Err(ApplyError::Duplicate { .. })),
            "{outcome:?}"
        );
    }
    let child = long("_child");
    make_table(&store, &child, Some(&tables[0])).await;
    make_column(
        &store,
        &child,
        &long("_c"),
        "string",
        &[("indexed", "true")],
    )
    .await;
    insert(
        &store,
        &child,
        &[(&long("_c"), "c"), (&columns[0], "of the child")],
    )
    .await;
    assert_eq!(
        values(
            &store,
            &tables[0],
            &format!("ORDERBY{}", columns[0]),
            &columns[0]
        )
        .await,
        ["of the child", "table 0"]
    );
    assert_eq!(
        values(&store, &tables[1], "", &columns[0]).await,
        ["table 1"]
    );
    let store = place.kept(store).await;
    assert_eq!(values(&store, &child, "", &long("_c")).await, ["c"]);
}

/// Names that a database, or the store beneath the records, keeps for itself.
pub(crate) async fn names_that_are_taken_harm_nothing(place: Place) {
    let store = place.open().await;
    for name in [
        "sg_key",
        "sg_meta",
        "pg_class",
        "sqlite_master",
        "sqlite_sequence",
    ] {
        make_table(&store, name, None).await;
        make_column(&store, name, "sealed", "string", &[]).await;
        assert!(store.dictionary().table(name).is_none(), "{name}");
    }
    make_table(&store, "u_thing", None).await;
    let taken = [
        "sys_row", "ctid", "xmin", "tableoid", "oid", "rowid", "select", "table",
    ];
    for element in taken {
        make_column(&store, "u_thing", element, "string", &[]).await;
    }
    let body = taken.map(|element| (element, element));
    let sys_id = insert(&store, "u_thing", &body).await;
    let fields = list(&store, "u_thing", &format!("sys_id={sys_id}"), &taken).await;
    assert_eq!(fields, [taken]);
    let store = place.kept(store).await;
    assert_eq!(
        values(&store, "u_thing", "sys_row=sys_row", "xmin").await,
        ["xmin"]
    );
}

pub(crate) async fn a_column_without_a_table_is_left_out(place: Place) {
    let store = place.open().await;
    make_column(&store, "u_missing", "u_name", "string", &[]).await;
    let body = [("name", "Not A Name"), ("label", "x")];
    insert(&store, "sys_db_object", &body).await;
    let orphan = [
        ("name", "u_orphan"),
        ("super_class", "00000000000000000000000000000000"),
    ];
    insert(&store, "sys_db_object", &orphan).await;
    assert!(store.dictionary().table("u_orphan").is_none());
    make_table(&store, "u_missing", None).await;
    insert(&store, "u_missing", &[("u_name", "found")]).await;
    assert_eq!(values(&store, "u_missing", "", "u_name").await, ["found"]);
}

pub(crate) async fn a_reference_shows_rows_of_its_table_only(place: Place) {
    let store = place.open().await;
    let problem = insert(&store, "problem", &[("short_description", "hidden")]).await;
    let parent = insert(&store, "incident", &[("short_description", "shown")]).await;
    for of in [problem, parent] {
        insert(&store, "incident", &[("parent_incident", of.as_str())]).await;
    }
    let query = "parent_incidentISNOTEMPTY^ORDERBYparent_incident.short_description";
    assert_eq!(
        values(
            &store,
            "incident",
            query,
            "parent_incident.short_description"
        )
        .await,
        ["", "shown"]
    );
}

pub(crate) async fn choices_and_defaults_apply_at_once(place: Place) {
    let store = place.open().await;
    make_table(&store, "u_thing", None).await;
    let more = [("choice", "1"), ("default_value", "red")];
    make_column(&store, "u_thing", "u_colour", "string", &more).await;
    let body = [
        ("name", "u_thing"),
        ("element", "u_colour"),
        ("value", "red"),
        ("label", "Red"),
    ];
    insert(&store, "sys_choice", &body).await;
    let sys_id: SysId = insert(&store, "u_thing", &[]).await;
    assert_eq!(
        cell(&store, "u_thing", sys_id, "u_colour").await,
        Value::from("red")
    );
    let thing = table(&store, "u_thing");
    assert_eq!(
        thing.column("u_colour").unwrap().choice_label("red"),
        Some("Red")
    );
}
