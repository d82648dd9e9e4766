//! A changed row (§13.3).

use std::sync::Arc;

use snowglobe_records::{
    Value,
    write::{AuditEntry, Draft, Mode, RowCells, update},
};

use crate::fixture::{self, NOW, World, changed, stamp};

#[test]
fn only_what_differs_is_written_and_the_count_moves_by_one() {
    let world = World::new();
    let row = world.row(
        "incident",
        &[("short_description", "old"), ("description", "same")],
    );
    let body = [("short_description", "new"), ("description", "same")];
    let update = fixture::update(&row, &body).unwrap();
    let changes: Vec<_> = update
        .changes
        .iter()
        .map(|(column, _)| {
            (
                column.element.as_str(),
                changed(&update, &column.element).unwrap(),
            )
        })
        .collect();
    let expected = [
        ("short_description", "new"),
        ("sys_updated_on", NOW),
        ("sys_updated_by", "beth.anglin"),
        ("sys_mod_count", "1"),
    ];
    assert_eq!(
        changes,
        expected.map(|(element, value)| (element, value.to_owned()))
    );
    assert_eq!(update.expected_mod_count, 0);
    assert_eq!(update.sys_id, row.sys_id());
}

#[test]
fn an_update_that_changes_nothing_is_none() {
    let world = World::new();
    let row = world.row(
        "incident",
        &[("short_description", "same"), ("impact", "2")],
    );
    for body in [
        &[][..],
        &[("short_description", "same"), ("impact", "2")],
        &[("nonsense", "1")],
    ] {
        assert!(fixture::update(&row, body).is_none(), "{body:?}");
    }
}

#[test]
fn a_journal_entry_alone_is_an_update() {
    let world = World::new();
    let update = fixture::update(&world.row("incident", &[]), &[("comments", "hello")]).unwrap();
    assert_eq!(&*update.journal[0].1, "hello");
    assert_eq!(changed(&update, "sys_updated_on").as_deref(), Some(NOW));
    assert_eq!(changed(&update, "sys_mod_count").as_deref(), Some("1"));
    assert_eq!(changed(&update, "comments"), None);
}

#[test]
fn suppressed_auto_fields_do_not_move() {
    let world = World::new();
    let row = world.row("incident", &[]);
    let mode = Mode {
        suppress_auto_sys_field: true,
        ..Mode::default()
    };
    let body = [("description", "x"), ("sys_updated_by", "importer")];
    let draft = Draft::for_update(row.table(), body, mode);
    let update = update::prepare(&row, draft, &stamp()).unwrap();
    assert_eq!(changed(&update, "sys_mod_count"), None);
    assert_eq!(changed(&update, "sys_updated_on"), None);
    assert_eq!(
        changed(&update, "sys_updated_by").as_deref(),
        Some("importer")
    );
}

#[test]
fn through_a_parent_only_its_columns_are_set() {
    let world = World::new();
    let row = world.row("incident", &[]);
    let body = [("short_description", "new"), ("severity", "1")];
    let draft = Draft::for_update(world.table("task"), body, Mode::default());
    let update = update::prepare(&row, draft, &stamp()).unwrap();
    assert_eq!(update.table.name().as_str(), "incident");
    assert_eq!(
        changed(&update, "short_description").as_deref(),
        Some("new")
    );
    assert_eq!(changed(&update, "severity"), None);
}

#[test]
fn key_and_class_never_change() {
    let world = World::new();
    let row = world.row("incident", &[]);
    let body = [
        ("sys_id", "00000000000000000000000000000009"),
        ("sys_class_name", "problem"),
    ];
    assert!(fixture::update(&row, &body).is_none());
}

#[test]
fn an_audited_table_keeps_old_and_new_but_no_secret() {
    let world = World::new();
    let row = world.row("sys_user", &[("title", "Clerk")]);
    let mode = Mode {
        secrets: true,
        ..Mode::default()
    };
    let body = [("title", "Head clerk"), ("user_password", "new one")];
    let update = update::prepare(&row, Draft::for_update(row.table(), body, mode), &stamp());
    let title = world.table("sys_user").column("title").unwrap();
    let entry = AuditEntry {
        element: title.element.clone(),
        old: Value::text("Clerk"),
        new: Value::text("Head clerk"),
    };
    assert_eq!(update.unwrap().audit, [entry]);
}

#[test]
fn clearing_a_secret_leaves_no_trace_of_it() {
    let world = World::new();
    let table = world.table("sys_user");
    let cell = |element: &str, text: &str| {
        (
            Arc::clone(table.column(element).unwrap()),
            Value::text(text),
        )
    };
    let cells = vec![cell("sys_id", "4"), cell("user_password", "hash")];
    let row = RowCells::new(Arc::clone(table), cells).unwrap();
    let mode = Mode {
        secrets: true,
        ..Mode::default()
    };
    let draft = Draft::for_update(table, [("user_password", "")], mode);
    let update = update::prepare(&row, draft, &stamp()).unwrap();
    assert_eq!(changed(&update, "user_password").as_deref(), Some(""));
    assert_eq!(update.audit, []);
}
