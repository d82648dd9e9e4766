//! Batches hold together or not at all, each by itself.

use futures_util::future::join_all;
use snowglobe_records::Value;
use snowglobe_store::{
    backend::{Applied, ApplyError},
    sql::{Batch, Expect, Guarded, Statement},
};

use crate::place::{Place, batch, cell, delete, guarded, ids, insert, named, numbers, redeem};

pub(crate) async fn a_batch_is_visible_when_it_is_applied(place: Place) {
    let backend = place.tickets().await;
    backend.apply(Batch::one(named(1, "einer"))).await.unwrap();
    let name = Statement::new("SELECT name FROM ticket WHERE id = $1", [1.into()]);
    assert_eq!(cell(&backend, name).await, Value::Text("einer".into()));
}

pub(crate) async fn a_guard_that_sees_no_row_is_a_conflict(place: Place) {
    let backend = place.tickets().await;
    backend.apply(Batch::one(insert(1))).await.unwrap();
    backend.apply(guarded(redeem(1, 10))).await.unwrap();
    let second = backend.apply(guarded(redeem(1, 20))).await;
    assert!(matches!(second, Err(ApplyError::Conflict)), "{second:?}");
    assert_eq!(
        numbers(&backend, r#"SELECT "used.at" FROM ticket"#).await,
        [10]
    );
}

pub(crate) async fn a_guard_that_sees_too_many_rows_undoes_its_batch_only(place: Place) {
    let backend = place.tickets().await;
    backend.apply(batch([insert(1), insert(2)])).await.unwrap();
    let all = Statement::new(r#"UPDATE ticket SET "used.at" = 5"#, []);
    let (before, wide, after) = tokio::join!(
        backend.apply(Batch::one(insert(3))),
        backend.apply(guarded(all)),
        backend.apply(Batch::one(insert(4))),
    );
    assert!(matches!(wide, Err(ApplyError::Conflict)), "{wide:?}");
    assert_eq!(
        (before.unwrap(), after.unwrap()),
        (touched([1]), touched([1]))
    );
    assert_eq!(ids(&backend).await, [1, 2, 3, 4]);
    let used = r#"SELECT id FROM ticket WHERE "used.at" IS NOT NULL"#;
    assert!(numbers(&backend, used).await.is_empty());
}

pub(crate) async fn a_batch_holds_together_or_not_at_all(place: Place) {
    let backend = place.tickets().await;
    let mut two = batch([insert(1)]);
    two.push_guarded(redeem(99, 10));
    two.push(insert(2));
    let outcome = backend.apply(two).await;
    assert!(matches!(outcome, Err(ApplyError::Conflict)), "{outcome:?}");
    assert!(ids(&backend).await.is_empty());
}

pub(crate) async fn a_refused_batch_harms_no_other_of_its_group(place: Place) {
    let backend = place.tickets().await;
    backend.apply(Batch::one(insert(0))).await.unwrap();
    // One in three is refused, each in its own way, at the end of a batch that has begun well.
    let outcomes = join_all((1..=300).map(|id| {
        let mut batch = batch([insert(id)]);
        match id % 9 {
            0 => batch.push(insert(0)),
            3 => batch.push_guarded(redeem(-1, 1)),
            6 => batch.push(Statement::new("UPDATE nowhere SET a = 1", [])),
            _ => {}
        }
        backend.apply(batch)
    }))
    .await;
    let applied: Vec<i64> = (1..)
        .zip(&outcomes)
        .filter(|(_, o)| o.is_ok())
        .map(|(id, _)| id)
        .collect();
    let expected: Vec<i64> = (1..=300).filter(|id| id % 3 != 0).collect();
    assert_eq!(applied, expected);
    assert_eq!(ids(&backend).await[1..], expected);
}

pub(crate) async fn a_batch_says_how_many_rows_it_has_touched(place: Place) {
    let backend = place.tickets().await;
    backend.apply(batch((1..=5).map(insert))).await.unwrap();
    let some = Statement::new("DELETE FROM ticket WHERE id > $1", [2.into()]);
    let outcome = backend.apply(batch([redeem(1, 1), some, delete(77)])).await;
    assert_eq!(outcome.unwrap(), touched([1, 3, 0]));
    let two = Guarded {
        statement: Statement::new("DELETE FROM ticket", []),
        expect: Expect::Exactly(2),
    };
    let exact = Batch {
        statements: vec![two],
        ..Batch::default()
    };
    assert_eq!(backend.apply(exact).await.unwrap(), touched([2]));
}

pub(crate) async fn an_empty_batch_is_applied(place: Place) {
    let backend = place.open().await;
    assert_eq!(
        backend.apply(Batch::default()).await.unwrap(),
        Applied::default()
    );
}

pub(crate) async fn a_single_use_row_is_used_once(place: Place) {
    let backend = place.tickets().await;
    for id in 0..50 {
        backend.apply(Batch::one(insert(id))).await.unwrap();
        let tasks = (0..32).map(|at| {
            let backend = backend.clone();
            tokio::spawn(async move { backend.apply(guarded(redeem(id, at))).await })
        });
        let outcomes: Vec<_> = join_all(tasks)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        let winners: Vec<i64> = (0..)
            .zip(&outcomes)
            .filter(|(_, o)| o.is_ok())
            .map(|(at, _)| at)
            .collect();
        assert_eq!(winners.len(), 1);
        assert!(
            outcomes
                .iter()
                .all(|o| matches!(o, Ok(_) | Err(ApplyError::Conflict)))
        );
        let used = Statement::new(r#"SELECT "used.at" FROM ticket WHERE id = $1"#, [id.into()]);
        assert_eq!(cell(&backend, used).await, Value::Int(winners[0]));
    }
}

pub(crate) async fn a_large_group_is_applied_whole(place: Place) {
    let backend = place.tickets().await;
    let outcomes = join_all((0..10_000).map(|id| backend.apply(Batch::one(insert(id))))).await;
    assert!(
        outcomes
            .into_iter()
            .all(|outcome| outcome.unwrap() == touched([1]))
    );
    assert_eq!(ids(&backend).await, (0..10_000).collect::<Vec<i64>>());
}

pub(crate) async fn a_row_that_yields_among_many_is_told(place: Place) {
    let backend = place.tickets().await;
    let there = 50;
    backend.apply(Batch::one(insert(there))).await.unwrap();
    let row = |id: i64| {
        let sql = "INSERT INTO ticket (id) VALUES ($1) ON CONFLICT (id) DO NOTHING";
        backend.apply(Batch::one(Statement::new(sql, [id.into()])))
    };
    let outcomes = join_all((0..200).map(row)).await;
    for (id, outcome) in (0..).zip(outcomes) {
        assert_eq!(outcome.unwrap(), touched([u64::from(id != there)]), "{id}");
    }
    assert_eq!(ids(&backend).await, (0..200).collect::<Vec<i64>>());
}

pub(crate) async fn a_duplicate_among_many_rows_is_refused_alone(place: Place) {
    let backend = place.tickets().await;
    let there = 50;
    backend.apply(Batch::one(insert(there))).await.unwrap();
    let outcomes = join_all((0..200).map(|id| backend.apply(Batch::one(insert(id))))).await;
    for (id, outcome) in (0..).zip(outcomes) {
        assert_eq!(outcome.is_err(), id == there, "{id}: {outcome:?}");
    }
    assert_eq!(ids(&backend).await, (0..200).collect::<Vec<i64>>());
}

pub(crate) async fn inserts_and_other_batches_keep_their_order(place: Place) {
    let backend = place.tickets().await;
    // Each batch makes sense only after the one before it.
    let mut batches = Vec::new();
    for id in 0..100 {
        batches.push(guarded(insert(id)));
        batches.push(guarded(redeem(id, 1)));
        batches.push(guarded(delete(id)));
        batches.push(guarded(insert(id)));
    }
    let outcomes = join_all(batches.into_iter().map(|batch| backend.apply(batch))).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(ids(&backend).await.len(), 100);
}

pub(crate) async fn a_script_is_run_whole_or_not_at_all(place: Place) {
    let backend = place.tickets().await;
    let script =
        "CREATE TABLE a (x BIGINT); INSERT INTO a VALUES (7); INSERT INTO nowhere VALUES (1)";
    assert!(backend.run_script(script).await.is_err());
    backend
        .run_script("CREATE TABLE a (x BIGINT); INSERT INTO a VALUES (8)")
        .await
        .unwrap();
    assert_eq!(numbers(&backend, "SELECT x FROM a").await, [8]);
}

fn touched<const N: usize>(rows: [u64; N]) -> Applied {
    Applied {
        touched: rows.into(),
    }
}
