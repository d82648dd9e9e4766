//! What is read is what was written, as of one moment.

use snowglobe_records::{Value, ValueRef};
use snowglobe_store::{
    backend::Cost,
    sql::{Batch, Statement},
};

use crate::place::{Place, batch, insert, numbers};

pub(crate) async fn cells_come_back_as_they_went_in(place: Place) {
    let backend = place.open().await;
    backend
        .run_script("CREATE TABLE cell (id BIGINT, n BIGINT, t TEXT)")
        .await
        .unwrap();
    let long = "😀 grün\r\n\t'\"\\ ".repeat(100_000);
    let cells: [(Value, Value); 6] = [
        (Value::Int(i64::MAX), Value::Text("plain".into())),
        (Value::Int(i64::MIN), Value::Text("".into())),
        (Value::Null, Value::Null),
        (Value::Int(0), Value::Text(long.into())),
        (Value::Int(-1), Value::Text("007".into())),
        (
            Value::Int(1 << 53),
            Value::Text("\u{1}\u{7f}\u{fffd}".into()),
        ),
    ];
    let sql = "INSERT INTO cell (id, n, t) VALUES ($1, $2, $3)";
    let rows = (0..)
        .zip(&cells)
        .map(|(id, (n, t))| Statement::new(sql, [Value::Int(id), n.clone(), t.clone()]));
    backend.apply(batch(rows)).await.unwrap();
    let select = Statement::new("SELECT n, t, id FROM cell ORDER BY id", []);
    let read = backend.read(Cost::Point, &[select]).await.unwrap();
    assert_eq!(read[0].len(), cells.len());
    for (row, (n, t)) in read[0].iter().zip(&cells) {
        assert_eq!((row.get(0), row.get(1)), (n.as_ref(), t.as_ref()));
    }
}

pub(crate) async fn both_costs_answer_alike(place: Place) {
    let backend = place.tickets().await;
    backend.apply(batch((0..1000).map(insert))).await.unwrap();
    let page = Statement::new(
        "SELECT id, name FROM ticket WHERE id >= $1 ORDER BY id LIMIT $2",
        [Value::Int(500), Value::Int(20)],
    );
    for cost in [Cost::Point, Cost::Scan] {
        let rows = backend
            .read(cost, std::slice::from_ref(&page))
            .await
            .unwrap();
        assert_eq!(rows[0].len(), 20);
        let last = rows[0].iter().last().unwrap();
        assert_eq!(
            (last.get(0), last.text(1)),
            (ValueRef::Int(519), "ticket 519")
        );
    }
    assert!(backend.read(Cost::Scan, &[]).await.unwrap().is_empty());
}

pub(crate) async fn statements_of_one_read_see_one_moment(place: Place) {
    let backend = place.tickets().await;
    let count = || Statement::new("SELECT COUNT(*) FROM ticket", []);
    let writer = backend.clone();
    let writing = tokio::spawn(async move {
        for id in 0..500 {
            writer.apply(Batch::one(insert(id))).await.unwrap();
        }
    });
    let mut moments = 0;
    while !writing.is_finished() {
        for cost in [Cost::Point, Cost::Scan] {
            let rows = backend
                .read(cost, &[count(), count(), count()])
                .await
                .unwrap();
            let seen: Vec<i64> = rows
                .iter()
                .map(|rows| rows.first().unwrap().int(0))
                .collect();
            assert_eq!(seen, [seen[0]; 3]);
            moments += 1;
        }
    }
    writing.await.unwrap();
    assert!(moments > 0);
    assert_eq!(
        numbers(&backend, "SELECT COUNT(*) FROM ticket").await,
        [500]
    );
}

pub(crate) async fn a_reader_who_goes_away_harms_no_other(place: Place) {
    let backend = place.tickets().await;
    backend.apply(batch((0..100).map(insert))).await.unwrap();
    let count = || Statement::new("SELECT COUNT(*) FROM ticket", []);
    for _ in 0..50 {
        let statements = [count(), count()];
        let reading = backend.read(Cost::Scan, &statements);
        // Polled once and dropped.
        tokio::select! { biased; _ = reading => {} () = std::future::ready(()) => {} }
    }
    backend.apply(Batch::one(insert(100))).await.unwrap();
    for _ in 0..10 {
        let rows = backend.read(Cost::Scan, &[count(), count()]).await.unwrap();
        assert_eq!(rows[1].first().unwrap().int(0), 101);
    }
}
