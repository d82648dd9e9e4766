//! Writes leave exactly what they say, whole or not at all.

use snowglobe_records::{
    SysId, Value,
    acl::{Permitted, Reason},
    write::Delete,
};
use snowglobe_store::backend::{ApplyError, StoreError};

use crate::fixture::{
    ADMIN, Place, ask_and_go, cell, change, delete, insert, list, make_column, make_table, new_row,
    row, stamp, try_insert, until, update, values,
};

pub(crate) async fn what_was_written_is_read_back(place: Place) {
    let store = place.open().await;
    let body = [
        ("short_description", "Drücker \\ 'klemmt' 100%_"),
        ("impact", "1"),
        ("urgency", "1"),
        ("caller_id", ADMIN),
        ("opened_at", "2026-11-22 01:02:03"),
        ("active", "true"),
    ];
    let sys_id = insert(&store, "incident", &body).await;
    let fields = [
        "short_description",
        "priority",
        "caller_id",
        "opened_at",
        "active",
        "sys_class_name",
        "number",
        "sys_created_by",
        "sys_created_on",
        "sys_mod_count",
    ];
    let query = format!("sys_id={sys_id}");
    let expected = [
        "Drücker \\ 'klemmt' 100%_",
        "1",
        ADMIN,
        "2026-11-22 01:02:03",
        "true",
        "incident",
        "INC0010001",
        "admin",
        "2027-01-15 08:00:00",
        "0",
    ];
    assert_eq!(list(&store, "incident", &query, &fields).await, [expected]);
    // Through the parent it is the same row.
    let whole = row(&store, "task", sys_id).await.unwrap();
    assert_eq!(whole.table().name(), "incident");
    assert_eq!(whole.value("caller_id").as_text(), Some(ADMIN));
}

pub(crate) async fn an_update_changes_its_row_and_counts(place: Place) {
    let store = place.open().await;
    let sys_id = insert(&store, "incident", &[("short_description", "before")]).await;
    let other = insert(&store, "incident", &[("short_description", "other")]).await;
    update(&store, "task", sys_id, &[("short_description", "after")]).await;
    update(&store, "incident", sys_id, &[("short_description", "")]).await;
    let row = row(&store, "incident", sys_id).await.unwrap();
    assert_eq!(row.mod_count(), 2);
    assert_eq!(row.value("short_description").to_owned(), Value::Null);
    assert_eq!(
        cell(&store, "incident", other, "short_description").await,
        Value::from("other")
    );
}

pub(crate) async fn a_deleted_row_is_gone_with_its_journal(place: Place) {
    let store = place.open().await;
    let body = [("short_description", "x"), ("work_notes", "first")];
    let sys_id = insert(&store, "incident", &body).await;
    let journal = format!("element_id={sys_id}");
    assert_eq!(
        values(&store, "sys_journal_field", &journal, "value").await,
        ["first"]
    );
    let stale = row(&store, "incident", sys_id).await.unwrap();
    delete(&store, "task", sys_id).await;
    assert!(row(&store, "incident", sys_id).await.is_none());
    assert!(row(&store, "task", sys_id).await.is_none());
    assert!(
        values(&store, "sys_journal_field", &journal, "value")
            .await
            .is_empty()
    );
    let again = Permitted::as_system(Delete::of(&stale), Reason::Job);
    let outcome = store.delete(&again, &stamp()).await;
    assert!(matches!(outcome, Err(ApplyError::Conflict)), "{outcome:?}");
}

pub(crate) async fn a_stale_write_leaves_no_trace(place: Place) {
    let store = place.open().await;
    let sys_id = insert(&store, "incident", &[("short_description", "before")]).await;
    let stale = row(&store, "incident", sys_id).await.unwrap();
    update(
        &store,
        "incident",
        sys_id,
        &[("short_description", "winner")],
    )
    .await;

    let late = change(
        &stale,
        &[("short_description", "late"), ("work_notes", "late")],
    );
    let outcome = store.update(&late, &stamp()).await;
    assert!(matches!(outcome, Err(ApplyError::Conflict)), "{outcome:?}");
    let late = Permitted::as_system(Delete::of(&stale), Reason::Job);
    let outcome = store.delete(&late, &stamp()).await;
    assert!(matches!(outcome, Err(ApplyError::Conflict)), "{outcome:?}");

    let shown = cell(&store, "incident", sys_id, "short_description").await;
    assert_eq!(shown, Value::from("winner"));
    let of_row = format!("element_id={sys_id}");
    assert!(
        values(&store, "sys_journal_field", &of_row, "value")
            .await
            .is_empty()
    );
    let of_row = format!("documentkey={sys_id}");
    assert_eq!(
        values(&store, "sys_audit", &of_row, "newvalue").await,
        ["winner"]
    );
}

pub(crate) async fn a_note_alone_is_guarded_too(place: Place) {
    let store = place.open().await;
    let sys_id = insert(&store, "incident", &[("short_description", "x")]).await;
    let stale = row(&store, "incident", sys_id).await.unwrap();
    update(&store, "incident", sys_id, &[("comments", "first")]).await;
    let outcome = store
        .update(&change(&stale, &[("comments", "late")]), &stamp())
        .await;
    assert!(matches!(outcome, Err(ApplyError::Conflict)), "{outcome:?}");
    let of_row = format!("element_id={sys_id}");
    let fields = ["name", "element", "value", "sys_created_by"];
    assert_eq!(
        list(&store, "sys_journal_field", &of_row, &fields).await,
        [["incident", "comments", "first", "admin"]]
    );
}

pub(crate) async fn an_update_of_an_audited_table_is_traced(place: Place) {
    let store = place.open().await;
    let sys_id = insert(&store, "incident", &[("short_description", "before")]).await;
    update(
        &store,
        "incident",
        sys_id,
        &[("short_description", "after")],
    )
    .await;
    let of_row = format!("documentkey={sys_id}");
    let fields = [
        "tablename",
        "fieldname",
        "oldvalue",
        "newvalue",
        "user",
        "record_checkpoint",
    ];
    assert_eq!(
        list(&store, "sys_audit", &of_row, &fields).await,
        [[
            "incident",
            "short_description",
            "before",
            "after",
            "admin",
            "1"
        ]]
    );
}

/// Whoever keeps a copy learns from these rows what is gone.
pub(crate) async fn a_deletion_is_traced_whether_its_table_is_audited_or_not(place: Place) {
    let store = place.open().await;
    for table in ["incident", "core_company"] {
        let sys_id = insert(&store, table, &[]).await;
        delete(&store, table, sys_id).await;
        let of_row = format!("documentkey={sys_id}");
        assert_eq!(
            list(
                &store,
                "sys_audit_delete",
                &of_row,
                &["tablename", "sys_created_by"]
            )
            .await,
            [[table, "admin"]]
        );
        let fields = ["tablename", "fieldname", "newvalue", "record_checkpoint"];
        assert_eq!(
            list(&store, "sys_audit", &of_row, &fields).await,
            [[table, "DELETED", "DELETED", "-1"]]
        );
    }
}

pub(crate) async fn a_duplicate_is_refused_by_name(place: Place) {
    let store = place.open().await;
    let outcome = try_insert(&store, "sys_user", &[("user_name", "ADMIN")]).await;
    assert_eq!(duplicate(outcome), ("sys_user".into(), "user_name".into()));
    let body = [("sys_id", ADMIN), ("user_name", "somebody")];
    let outcome = try_insert(&store, "sys_user", &body).await;
    assert_eq!(duplicate(outcome), ("sys_user".into(), "sys_id".into()));

    make_table(&store, "u_part", Some("cmdb_ci")).await;
    make_column(&store, "u_part", "u_code", "string", &[("unique", "true")]).await;
    insert(&store, "u_part", &[("u_code", "Q7")]).await;
    // Nothing is no duplicate of nothing.
    insert(&store, "u_part", &[]).await;
    insert(&store, "u_part", &[]).await;
    let outcome = try_insert(&store, "u_part", &[("u_code", "q7")]).await;
    let (table, column) = duplicate(outcome);
    assert_eq!((&*table, &*column), ("cmdb", "u_part.u_code"));
    assert_eq!(
        values(&store, "u_part", "u_code=Q7", "u_code").await,
        ["Q7"]
    );
}

pub(crate) async fn an_update_into_a_duplicate_is_refused(place: Place) {
    let store = place.open().await;
    let sys_id = insert(&store, "sys_user", &[("user_name", "one")]).await;
    let row = row(&store, "sys_user", sys_id).await.unwrap();
    let outcome = store
        .update(&change(&row, &[("user_name", "admin")]), &stamp())
        .await;
    assert_eq!(duplicate(outcome), ("sys_user".into(), "user_name".into()));
    assert_eq!(
        cell(&store, "sys_user", sys_id, "user_name").await,
        Value::from("one")
    );
}

pub(crate) async fn a_chosen_key_is_kept_and_found_in_any_case(place: Place) {
    let store = place.open().await;
    let chosen = "AAAABBBBccccDDDDeeeeFFFF00001111";
    let body = [("sys_id", chosen), ("short_description", "x")];
    insert(&store, "incident", &body).await;
    let lower = SysId::parse(&chosen.to_ascii_lowercase()).unwrap();
    let found = row(&store, "task", lower).await.unwrap();
    assert_eq!(found.sys_id().as_str(), chosen);
    update(
        &store,
        "incident",
        lower,
        &[("short_description", "y"), ("comments", "z")],
    )
    .await;
    assert_eq!(
        cell(&store, "task", lower, "short_description").await,
        Value::from("y")
    );
    delete(&store, "incident", lower).await;
    assert!(
        values(&store, "sys_journal_field", "value=z", "value")
            .await
            .is_empty()
    );
}

pub(crate) async fn a_write_that_cannot_be_stored_is_an_error(place: Place) {
    let store = place.open().await;
    let mut insert = new_row(&store, "incident", &[]).into_inner();
    let column = store
        .dictionary()
        .table("incident")
        .unwrap()
        .column("description")
        .cloned();
    insert
        .values
        .push((column.unwrap(), Value::Text("a\0b".into())));
    let insert = Permitted::as_system(insert, Reason::Job);
    let outcome = store.insert(insert, &stamp()).await;
    assert!(
        matches!(outcome, Err(ApplyError::Store(StoreError::Driver(_)))),
        "{outcome:?}"
    );
}

/// A handler is dropped when its client hangs up. Whatever was written by then must count.
pub(crate) async fn a_write_outlives_whoever_waited_for_it(place: Place) {
    let store = place.open().await;
    let id = |at: i32| format!("test-client-{at}");
    for at in 0..20 {
        let body = [("name", &*id(at)), ("client_id", &*id(at))];
        let insert = new_row(&store, "oauth_entity", &body);
        let stamp = stamp();
        ask_and_go(store.insert(insert, &stamp)).await;
    }
    let query = format!("client_id={}", id(19));
    until(async || {
        !values(&store, "oauth_entity", &query, "name")
            .await
            .is_empty()
    })
    .await;
    // They were not asked for one behind the other, so the last may be there first.
    for at in 0..20 {
        until(async || store.clients().by_id(&id(at)).is_some()).await;
    }
}

pub(crate) fn duplicate(outcome: Result<impl std::fmt::Debug, ApplyError>) -> (Box<str>, Box<str>) {
    match outcome {
        Err(ApplyError::Duplicate { table, column }) => (table, column),
        other => panic!("{other:?}"),
    }
}
