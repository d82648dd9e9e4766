//! What the instance does by itself: taken up by one, put off, over, and taken up again after a crash.

use futures_util::future::join_all;
use snowglobe_oauth::{secret::Secret, time::UnixMillis};
use snowglobe_store::{ExecutionResult, NewExecution, Store, Work, backend::ApplyError};

use crate::fixture::{NOW, Place};

const UNTIL: UnixMillis = UnixMillis(NOW.0 + 20_000);
const LATER: UnixMillis = UnixMillis(NOW.0 + 60_000);

async fn queue(store: &Store) -> String {
    let request = Secret::new("canary-request".to_owned());
    let new = NewExecution {
        message: "00000000000000000000000000000001",
        function: "00000000000000000000000000000002",
        name: "Orders / Get",
        user: None,
        request: (&request, [1; 24]),
    };
    let sys_id = store.queue_execution(&new, NOW).await.unwrap();
    sys_id.to_string()
}

async fn due(store: &Store, now: UnixMillis, machine: UnixMillis) -> Vec<Work> {
    store.due_work((now, machine), 10).await.unwrap()
}

async fn take_up(store: &Store) -> Work {
    let seen = due(store, NOW, NOW).await.remove(0);
    store.claim_work(&seen, UNTIL, NOW).await.unwrap()
}

async fn state(store: &Store, sys_id: &str) -> (String, i64) {
    let found = store.execution(sys_id).await.unwrap().unwrap();
    (found.state.into(), found.attempts)
}

fn answered(status: u16, reason: &str) -> ExecutionResult {
    ExecutionResult {
        status,
        reason: reason.into(),
        body: "a\0b".into(),
        ..ExecutionResult::default()
    }
}

pub(crate) async fn one_of_many_takes_it_up(place: Place) {
    let store = place.open().await;
    let sys_id = queue(&store).await;
    let seen = due(&store, NOW, NOW).await.remove(0);
    assert_eq!((&*seen.id, seen.attempt), (&*sys_id, 0));
    let claims = (0..16).map(|_| store.claim_work(&seen, UNTIL, NOW));
    let claims = join_all(claims).await;
    let won = claims.iter().filter(|claim| claim.is_ok()).count();
    let lost = |claim: &&Result<Work, ApplyError>| matches!(claim, Err(ApplyError::Conflict));
    assert_eq!((won, claims.iter().filter(lost).count()), (1, 15));
    assert_eq!(due(&store, NOW, NOW).await, []);
    assert_eq!(state(&store, &sys_id).await, ("running".to_owned(), 1));
}

pub(crate) async fn what_is_put_off_waits_and_what_is_over_is_gone(place: Place) {
    let store = place.open().await;
    let sys_id = queue(&store).await;
    let work = take_up(&store).await;
    let request = store.execution_request(&work).unwrap();
    assert_eq!(request.expose(), "canary-request");
    let busy = answered(503, "rest_status_error");
    store
        .settle_execution(&work, (&busy, Some(LATER)), NOW)
        .await
        .unwrap();
    assert_eq!(state(&store, &sys_id).await, ("waiting".to_owned(), 1));
    let before = UnixMillis(LATER.0 - 1);
    assert_eq!(due(&store, before, NOW).await, []);
    let seen = due(&store, LATER, NOW).await.remove(0);
    let work = store.claim_work(&seen, UNTIL, LATER).await.unwrap();
    assert_eq!(work.attempt, 2);
    store
        .settle_execution(&work, (&answered(200, ""), None), LATER)
        .await
        .unwrap();
    assert_eq!(due(&store, LATER, UNTIL).await, []);
    let done = store.execution(&sys_id).await.unwrap().unwrap();
    assert_eq!((&*done.state, done.attempts), ("done", 2));
    assert_eq!(
        (done.result.status, &*done.result.body),
        (200, "a\u{fffd}b")
    );
}

pub(crate) async fn who_was_thought_dead_does_not_have_the_last_word(place: Place) {
    let store = place.open().await;
    let sys_id = queue(&store).await;
    let slow = take_up(&store).await;
    // Nothing was heard of it for too long.
    let seen = due(&store, NOW, UNTIL).await.remove(0);
    let quick = store.claim_work(&seen, LATER, NOW).await.unwrap();
    let late = store
        .settle_execution(&slow, (&answered(500, "rest_status_error"), None), NOW)
        .await;
    assert!(matches!(late, Err(ApplyError::Conflict)));
    store
        .settle_execution(&quick, (&answered(200, ""), None), NOW)
        .await
        .unwrap();
    assert_eq!(state(&store, &sys_id).await, ("done".to_owned(), 2));
}

pub(crate) async fn what_is_held_stays_held(place: Place) {
    let store = place.open().await;
    queue(&store).await;
    take_up(&store).await;
    store.hold_work(LATER).await.unwrap();
    assert_eq!(due(&store, NOW, UNTIL).await, []);
    assert_eq!(due(&store, NOW, LATER).await.len(), 1);
}

pub(crate) async fn what_a_dead_process_was_at_is_due_again(place: Place) {
    let store = place.open().await;
    let sys_id = queue(&store).await;
    take_up(&store).await;
    let store = place.reopen(store).await;
    // At once where the next process has the number of the dead one, and otherwise when nothing was heard for a while.
    let seen = due(&store, NOW, UNTIL).await.remove(0);
    let work = store.claim_work(&seen, UNTIL, NOW).await.unwrap();
    assert_eq!(work.attempt, 2);
    assert!(store.execution_request(&work).is_some());
    assert_eq!(state(&store, &sys_id).await, ("running".to_owned(), 2));
}

pub(crate) async fn old_calls_are_swept_unless_they_are_still_to_be_made(place: Place) {
    let store = place.open().await;
    let waiting = queue(&store).await;
    let done = queue(&store).await;
    let seen = due(&store, NOW, NOW).await;
    let seen = seen.iter().find(|it| *it.id == *done).unwrap();
    let work = store.claim_work(seen, UNTIL, NOW).await.unwrap();
    store
        .settle_execution(&work, (&answered(200, ""), None), NOW)
        .await
        .unwrap();
    assert!(!store.sweep_calls(NOW).await.unwrap());
    assert!(store.execution(&done).await.unwrap().is_some());
    assert!(!store.sweep_calls(LATER).await.unwrap());
    assert!(store.execution(&done).await.unwrap().is_none());
    assert!(store.execution(&waiting).await.unwrap().is_some());
}
