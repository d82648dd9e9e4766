//! What a database refuses, in words that are the same for all of them.

use snowglobe_records::Value;
use snowglobe_store::{
    backend::{ApplyError, Cost, StoreError},
    sql::{Batch, Statement},
};

use crate::place::{Place, batch, ids, insert, named};

pub(crate) async fn a_duplicate_names_its_table_and_column(place: Place) {
    let backend = place.tickets().await;
    backend.apply(Batch::one(named(1, "same"))).await.unwrap();
    let outcome = backend.apply(Batch::one(named(2, "same"))).await;
    assert_eq!(duplicate(outcome), ("ticket".into(), "name".into()));
    assert_eq!(ids(&backend).await, [1]);
    backend
        .run_script(r#"CREATE UNIQUE INDEX "ticket:used.at" ON ticket ("used.at")"#)
        .await
        .unwrap();
    let used = |id: i64| {
        let sql = r#"INSERT INTO ticket (id, "used.at") VALUES ($1, 7)"#;
        Batch::one(Statement::new(sql, [id.into()]))
    };
    backend.apply(used(3)).await.unwrap();
    let outcome = backend.apply(used(4)).await;
    assert_eq!(duplicate(outcome), ("ticket".into(), "used.at".into()));
}

pub(crate) async fn a_duplicate_key_names_its_columns(place: Place) {
    let backend = place.tickets().await;
    backend.apply(Batch::one(named(1, "a"))).await.unwrap();
    let outcome = backend.apply(Batch::one(named(1, "b"))).await;
    assert_eq!(duplicate(outcome), ("ticket".into(), "id".into()));
    let seat = || {
        let params = [Value::Text("A, (x)=(y)".into()), Value::Int(1)];
        Batch::one(Statement::new(
            "INSERT INTO seat (hall, place) VALUES ($1, $2)",
            params,
        ))
    };
    backend.apply(seat()).await.unwrap();
    assert_eq!(
        duplicate(backend.apply(seat()).await),
        ("seat".into(), "hall,place".into())
    );
}

pub(crate) async fn a_duplicate_in_a_batch_undoes_all_of_it(place: Place) {
    let backend = place.tickets().await;
    let outcome = backend
        .apply(batch([insert(1), insert(2), insert(1)]))
        .await;
    assert_eq!(&*duplicate(outcome).0, "ticket");
    assert!(ids(&backend).await.is_empty());
}

pub(crate) async fn nul_is_refused(place: Place) {
    let backend = place.tickets().await;
    let outcome = backend.apply(Batch::one(named(1, "a\0b"))).await;
    assert!(
        matches!(outcome, Err(ApplyError::Store(StoreError::Driver(_)))),
        "{outcome:?}"
    );
    assert!(backend.write_behind(Batch::one(named(1, "\0"))).is_err());
    let select = Statement::new(
        "SELECT id FROM ticket WHERE name = $1",
        [Value::Text("\0".into())],
    );
    let rows = backend.read(Cost::Point, &[select]).await;
    assert!(matches!(rows, Err(StoreError::Driver(_))), "{rows:?}");
    assert!(ids(&backend).await.is_empty());
}

pub(crate) async fn a_statement_that_makes_no_sense_is_refused_alone(place: Place) {
    let backend = place.tickets().await;
    let nonsense = || Statement::new("SELEKT 1", []);
    let rows = backend.read(Cost::Point, &[nonsense()]).await;
    assert!(matches!(rows, Err(StoreError::Driver(_))), "{rows:?}");
    let count = Statement::new("SELECT COUNT(*) FROM ticket", []);
    let rows = backend
        .read(Cost::Point, &[count.clone(), nonsense()])
        .await;
    assert!(matches!(rows, Err(StoreError::Driver(_))), "{rows:?}");
    let outcome = backend.apply(batch([insert(1), nonsense()])).await;
    assert!(
        matches!(outcome, Err(ApplyError::Store(StoreError::Driver(_)))),
        "{outcome:?}"
    );
    backend.apply(Batch::one(insert(2))).await.unwrap();
    assert_eq!(ids(&backend).await, [2]);
    assert_eq!(
        backend.read(Cost::Point, &[count]).await.unwrap()[0]
            .first()
            .unwrap()
            .int(0),
        1
    );
}

pub(crate) async fn a_value_that_does_not_fit_is_refused(place: Place) {
    let backend = place.tickets().await;
    let missing = Statement::new("DELETE FROM ticket WHERE id = $1 AND name = $2", [1.into()]);
    let outcome = backend.apply(Batch::one(missing)).await;
    assert!(
        matches!(outcome, Err(ApplyError::Store(StoreError::Driver(_)))),
        "{outcome:?}"
    );
    let extra = Statement::new("SELECT id FROM ticket", [1.into()]);
    let rows = backend.read(Cost::Point, &[extra]).await;
    assert!(matches!(rows, Err(StoreError::Driver(_))), "{rows:?}");
}

pub(crate) async fn readers_cannot_write(place: Place) {
    let backend = place.tickets().await;
    backend.apply(Batch::one(insert(1))).await.unwrap();
    let delete = Statement::new("DELETE FROM ticket", []);
    let rows = backend.read(Cost::Point, &[delete]).await;
    assert!(rows.is_err(), "{rows:?}");
    assert_eq!(ids(&backend).await, [1]);
}

fn duplicate(outcome: Result<impl std::fmt::Debug, ApplyError>) -> (Box<str>, Box<str>) {
    match outcome {
        Err(ApplyError::Duplicate { table, column }) => (table, column),
        other => panic!("{other:?}"),
    }
}
