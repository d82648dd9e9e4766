//! Opening a database again, and bringing forward one that an earlier version left.

use std::collections::BTreeMap;

use snowglobe_records::Value;
use snowglobe_store::{
    ClockSetting,
    backend::{Backend, Cost, Location},
    sql::{Batch, Dialect, Schema, Statement},
};

use crate::fixture::{Place, delete, insert, table, values};

pub(crate) async fn opening_again_writes_nothing(place: Place) {
    let store = place.open().await;
    store.close().await.unwrap();
    drop(store);
    let before = contents(&place).await;
    assert!(before.len() > 40, "{} tables", before.len());
    assert!(before["sys_metadata"].0 > 1000);
    for _ in 0..2 {
        let store = place.open().await;
        store.close().await.unwrap();
    }
    assert_eq!(contents(&place).await, before);
}

pub(crate) async fn what_a_later_version_adds_is_made(place: Place) {
    let store = place.open().await;
    for (from, query) in [
        ("sys_dictionary", "name=problem^element=fix_notes"),
        ("sys_dictionary", "name=cmdb_rel_ci"),
        ("sys_db_object", "name=cmdb_rel_ci"),
    ] {
        for sys_id in values(&store, from, query, "sys_id").await {
            delete(&store, from, sys_id.parse().unwrap()).await;
        }
    }
    assert!(table(&store, "problem").column("fix_notes").is_none());
    assert!(store.dictionary().table("cmdb_rel_ci").is_none());
    let own = insert(&store, "incident", &[("short_description", "kept")]).await;
    store.close().await.unwrap();
    drop(store);
    let earlier = [
        "UPDATE sg_meta SET value = 'of an earlier version' WHERE key = 'base'",
        "ALTER TABLE task DROP COLUMN \"problem.fix_notes\"",
        "DROP TABLE cmdb_rel_ci",
        "DROP INDEX \"sys_user:email\"",
    ];
    run(&place, &earlier).await;

    let store = place.open().await;
    insert(&store, "problem", &[("fix_notes", "tightened")]).await;
    let notes = values(&store, "problem", "", "fix_notes").await;
    assert_eq!(notes, ["tightened"]);
    insert(&store, "cmdb_rel_ci", &[]).await;
    let incidents = values(&store, "incident", "", "sys_id").await;
    assert_eq!(incidents, [own.as_str()]);
    store.close().await.unwrap();
    drop(store);
    let facts = contents(&place).await["sg_meta"].1.clone();
    assert!(!facts.contains("earlier"), "{facts}");
    run(&place, &["DROP INDEX \"sys_user:email\""]).await;
}

pub(crate) async fn what_people_changed_stays(place: Place) {
    let store = place.open().await;
    let known = values(
        &store,
        "sys_dictionary",
        "name=incident^element=severity",
        "sys_id",
    )
    .await;
    let sys_id = known[0].parse().unwrap();
    crate::fixture::update(
        &store,
        "sys_dictionary",
        sys_id,
        &[("column_label", "Wucht")],
    )
    .await;
    store.close().await.unwrap();
    drop(store);
    run(
        &place,
        &["UPDATE sg_meta SET value = '' WHERE key = 'base'"],
    )
    .await;
    let store = place.open().await;
    assert_eq!(
        &*table(&store, "incident").column("severity").unwrap().label,
        "Wucht"
    );
}

pub(crate) async fn a_start_that_was_cut_short_is_finished(place: Place) {
    let backend = Backend::open(&place.location).await.unwrap();
    drop(backend);
    let store = place.open().await;
    store.close().await.unwrap();
    drop(store);
    let expected = contents(&place).await;
    run(
        &place,
        &[
            "DELETE FROM sg_meta",
            "DELETE FROM sys_user_has_role",
            "DELETE FROM sys_metadata WHERE sys_class_name = 'sys_choice'",
        ],
    )
    .await;
    let store = place.open().await;
    store.close().await.unwrap();
    drop(store);
    assert_eq!(contents(&place).await, expected);
}

/// SQLite's columns are read out of the statements that made its tables, which must be what it would tell itself.
pub(crate) async fn the_schema_is_what_the_database_tells(place: Place) {
    let store = place.open().await;
    store.close().await.unwrap();
    drop(store);
    let backend = Backend::open(&place.location).await.unwrap();
    let queries = Schema::queries(backend.dialect());
    let answers = backend.read(Cost::Scan, &queries).await.unwrap();
    let schema = Schema::of(backend.dialect(), &answers);
    let told = match backend.dialect() {
        Dialect::Sqlite => {
            "SELECT m.name, p.name, p.type = 'BIGINT' FROM sqlite_master m, pragma_table_info(m.name) p \
             WHERE m.type = 'table'"
        }
        Dialect::Postgres => {
            "SELECT table_name::text, column_name::text, (data_type = 'bigint')::int::bigint \
             FROM information_schema.columns WHERE table_schema = current_schema()"
        }
    };
    let told = Statement::new(told, []);
    let told = backend.read(Cost::Scan, &[told]).await.unwrap();
    assert!(told[0].iter().count() > 2000);
    // What the instance keeps for itself is no dictionary's to ask for.
    let of_records = told[0].iter().filter(|row| !row.text(0).starts_with("sg_"));
    for row in of_records {
        let (table, column) = (row.text(0), row.text(1));
        assert_eq!(
            schema.numeric(table, column),
            Some(row.int(2) != 0),
            "{table}.{column}"
        );
    }
}

pub(crate) async fn a_moved_clock_stays_moved_and_production_does_not_look(place: Place) {
    let store = place.open().await;
    let ahead = ClockSetting::Ahead(86_400_000);
    store.move_clock(ClockSetting::TRUE, ahead).await.unwrap();
    let store = place.reopen(store).await;
    assert_eq!(store.clock(), ahead);
    store.close().await.unwrap();
    drop(store);
    let production = place.open_in_production().await;
    assert_eq!(production.clock(), ClockSetting::TRUE);
}

pub(crate) async fn facts_are_kept(place: Place) {
    let store = place.open().await;
    assert_eq!(store.fact("test").await.unwrap(), None);
    store.note("test", "one").await.unwrap();
    store.note("test", "two").await.unwrap();
    let store = place.reopen(store).await;
    assert_eq!(store.fact("test").await.unwrap().as_deref(), Some("two"));
    store.ping().await.unwrap();
}

/// The rows of each table, and what its facts are.
async fn contents(place: &Place) -> BTreeMap<String, (i64, String)> {
    let backend = Backend::open(&place.location).await.unwrap();
    let tables = match place.location {
        Location::Postgres(_) => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'",
    };
    let mut contents = BTreeMap::new();
    for name in first_cells(&backend, tables).await {
        let count = Statement::new(format!("SELECT count(*) FROM \"{name}\""), []);
        let rows = backend.read(Cost::Scan, &[count]).await.unwrap();
        let count = rows[0].first().unwrap().int(0);
        let facts = match &*name {
            "sg_meta" => first_cells(&backend, "SELECT key || value FROM sg_meta ORDER BY 1").await,
            "sg_version" => {
                first_cells(
                    &backend,
                    "SELECT topic || version FROM sg_version ORDER BY 1",
                )
                .await
            }
            _ => Vec::new(),
        };
        contents.insert(name, (count, facts.join(" ")));
    }
    contents
}

async fn first_cells(backend: &Backend, sql: &str) -> Vec<String> {
    let rows = backend
        .read(Cost::Scan, &[Statement::new(sql, [])])
        .await
        .unwrap();
    rows[0].iter().map(|row| row.text(0).to_owned()).collect()
}

async fn run(place: &Place, statements: &[&str]) {
    let backend = Backend::open(&place.location).await.unwrap();
    for sql in statements {
        let params: [Value; 0] = [];
        backend
            .apply(Batch::one(Statement::new(*sql, params)))
            .await
            .unwrap();
    }
}
