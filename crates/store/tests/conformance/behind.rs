//! Rows that nobody waits for.

use snowglobe_store::{backend::ApplyError, sql::Batch};

use crate::place::{Place, batch, delete, guarded, ids, insert, redeem};

pub(crate) async fn a_row_written_behind_is_there_after_a_flush(place: Place) {
    let backend = place.tickets().await;
    for id in 0..5000 {
        backend.write_behind(Batch::one(insert(id))).unwrap();
    }
    backend.flush().await.unwrap();
    assert_eq!(ids(&backend).await, (0..5000).collect::<Vec<i64>>());
}

pub(crate) async fn a_row_written_behind_needs_no_flush(place: Place) {
    let backend = place.tickets().await;
    backend.write_behind(Batch::one(insert(1))).unwrap();
    while ids(&backend).await.is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(ids(&backend).await, [1]);
}

pub(crate) async fn rows_written_behind_keep_their_order_with_rows_waited_for(place: Place) {
    let backend = place.tickets().await;
    for id in 0..200 {
        backend.write_behind(Batch::one(insert(id))).unwrap();
        backend.apply(guarded(redeem(id, 1))).await.unwrap();
        backend.write_behind(Batch::one(delete(id))).unwrap();
        backend.write_behind(Batch::one(insert(id))).unwrap();
        let outcome = backend.apply(guarded(delete(id + 1))).await;
        assert!(matches!(outcome, Err(ApplyError::Conflict)), "{outcome:?}");
    }
    assert_eq!(ids(&backend).await.len(), 200);
}

pub(crate) async fn a_refused_row_harms_no_other(place: Place) {
    let backend = place.tickets().await;
    for id in [1, 2, 2, 3] {
        backend.write_behind(Batch::one(insert(id))).unwrap();
    }
    backend.write_behind(batch([insert(4), insert(1)])).unwrap();
    backend.flush().await.unwrap();
    assert_eq!(ids(&backend).await, [1, 2, 3]);
}
