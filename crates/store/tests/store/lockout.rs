//! Failed log-ins, where ServiceNow shows them.

use std::sync::Arc;

use snowglobe_oauth::{
    lockout::{Lock, LockoutLimits, Standing},
    time::UnixMillis,
};
use snowglobe_records::SysId;
use snowglobe_store::{Store, User, backend::ApplyError};

use crate::fixture::{NOW, Place, insert, update, values};

const LIMITS: LockoutLimits = LockoutLimits {
    attempts: 2,
    minutes: 15,
};
const OVER: UnixMillis = UnixMillis(NOW.0 + 15 * 60_000);

async fn tester(store: &Store) -> SysId {
    insert(store, "sys_user", &[("user_name", "tester")]).await
}

async fn user(store: &Store) -> Arc<User> {
    store.user_by_name("tester").await.unwrap().unwrap()
}

async fn fail(store: &Store) {
    let user = user(store).await;
    let next = user.standing.failed(LIMITS, NOW);
    let put = store
        .put_standing(user.account.no, user.standing, next)
        .await;
    put.unwrap();
}

async fn shown(store: &Store) -> (String, String) {
    let field = |name| values(store, "sys_user", "user_name=tester", name);
    let (failed, locked) = (field("failed_attempts").await, field("locked_out").await);
    (failed[0].clone(), locked[0].clone())
}

pub(crate) async fn failures_are_shown_and_the_last_one_locks(place: Place) {
    let store = place.open().await;
    tester(&store).await;
    assert_eq!(user(&store).await.standing, Standing::default());
    fail(&store).await;
    assert_eq!(shown(&store).await, ("1".to_owned(), "false".to_owned()));
    fail(&store).await;
    assert_eq!(shown(&store).await, ("2".to_owned(), "true".to_owned()));
    let locked = user(&store).await;
    assert!(locked.account.locked_out);
    assert_eq!(
        locked.standing,
        Standing {
            failed: 2,
            lock: Lock::ByGuesses(NOW)
        }
    );
}

pub(crate) async fn a_failure_that_was_outrun_conflicts(place: Place) {
    let store = place.open().await;
    tester(&store).await;
    let seen = user(&store).await;
    fail(&store).await;
    let next = seen.standing.failed(LIMITS, NOW);
    let put = store
        .put_standing(seen.account.no, seen.standing, next)
        .await;
    assert!(matches!(put, Err(ApplyError::Conflict)), "{put:?}");
    assert_eq!(user(&store).await.standing.failed, 1);
}

pub(crate) async fn a_lock_by_guesses_is_lifted_when_its_time_is_over(place: Place) {
    let store = place.open().await;
    let sys_id = tester(&store).await;
    insert(
        &store,
        "sys_user",
        &[("user_name", "other"), ("locked_out", "true")],
    )
    .await;
    fail(&store).await;
    fail(&store).await;
    let early = store.unlock_rested(LIMITS, UnixMillis(OVER.0 - 1)).await;
    assert_eq!(early.unwrap(), 0);
    assert!(user(&store).await.account.locked_out);
    assert_eq!(store.unlock_rested(LIMITS, OVER).await.unwrap(), 1);
    assert_eq!(user(&store).await.standing, Standing::default());
    assert!(!user(&store).await.account.locked_out);
    let other = store.user_by_name("other").await.unwrap().unwrap();
    assert_eq!(other.standing.lock, Lock::ByAdministrator);
    // Locked by hand now: what guesses did before is forgotten.
    fail(&store).await;
    fail(&store).await;
    update(&store, "sys_user", sys_id, &[("locked_out", "false")]).await;
    assert_eq!(user(&store).await.standing, Standing::default());
    update(&store, "sys_user", sys_id, &[("locked_out", "true")]).await;
    assert_eq!(user(&store).await.standing.lock, Lock::ByAdministrator);
    assert_eq!(store.unlock_rested(LIMITS, OVER).await.unwrap(), 0);
}

pub(crate) async fn a_log_in_is_shown_and_is_no_edit(place: Place) {
    let store = place.open().await;
    tester(&store).await;
    let before = values(&store, "sys_user", "user_name=tester", "sys_mod_count").await;
    store.note_login(user(&store).await.account.no, NOW);
    store.count_failure_of_nobody().await.unwrap();
    store.count_failure_of_nobody().await.unwrap();
    let field = |name| values(&store, "sys_user", "user_name=tester", name);
    assert_eq!(field("last_login_time").await, ["2027-01-15 08:00:00"]);
    assert_eq!(field("last_login").await, ["2027-01-15"]);
    assert_eq!(field("sys_mod_count").await, before);
    let counted = store.fact("failures of nobody").await.unwrap();
    assert_eq!(counted.as_deref(), Some("2"));
}
