//! Browser sessions: one row each, read by every node at each request.

use snowglobe_oauth::{
    account::UserNo, login::Proof, secret::Secret, session::SessionTimes, time::UnixMillis,
};
use snowglobe_store::{Store, StoredSession};

use crate::fixture::{NOW, Place};

const USER: UserNo = UserNo(7);

fn cookie(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn stored(began: UnixMillis, seen: UnixMillis) -> StoredSession {
    StoredSession {
        user: USER,
        times: SessionTimes {
            authenticated_at: began,
            seen_at: seen,
        },
        proof: Proof::Password,
    }
}

async fn found(store: &Store, text: &str) -> Option<StoredSession> {
    store.session(&cookie(text)).await.unwrap()
}

async fn begin(store: &Store, text: &str) {
    let begun = store
        .begin_session(&cookie(text), (USER, Proof::Password), NOW, None)
        .await;
    begun.unwrap();
}

pub(crate) async fn a_session_is_found_by_its_cookie_alone(place: Place) {
    let store = place.open().await;
    begin(&store, "one").await;
    assert_eq!(found(&store, "one").await, Some(stored(NOW, NOW)));
    for other in ["", "One", "on", "one "] {
        assert_eq!(found(&store, other).await, None, "{other}");
    }
}

pub(crate) async fn a_session_that_takes_the_place_of_another_ends_it(place: Place) {
    let store = place.open().await;
    begin(&store, "old").await;
    store
        .begin_session(
            &cookie("new"),
            (USER, Proof::Password),
            NOW,
            Some(&cookie("old")),
        )
        .await
        .unwrap();
    assert_eq!(found(&store, "old").await, None);
    assert_eq!(found(&store, "new").await, Some(stored(NOW, NOW)));
}

pub(crate) async fn a_use_is_noted(place: Place) {
    let store = place.open().await;
    begin(&store, "one").await;
    let later = UnixMillis(NOW.0 + 90_000);
    store.session_used(&cookie("one"), later);
    store.session_used(&cookie("none"), later);
    // Whatever is written behind is on disk before a later write.
    begin(&store, "two").await;
    assert_eq!(found(&store, "one").await, Some(stored(NOW, later)));
    assert_eq!(found(&store, "two").await, Some(stored(NOW, NOW)));
    assert_eq!(found(&store, "none").await, None);
}

pub(crate) async fn sessions_end_one_by_one_or_all_of_a_user(place: Place) {
    let store = place.open().await;
    for text in ["one", "two", "three"] {
        begin(&store, text).await;
    }
    let of_other = cookie("other");
    let other = store
        .begin_session(&of_other, (UserNo(8), Proof::Password), NOW, None)
        .await;
    other.unwrap();
    store.end_session(&cookie("one")).await.unwrap();
    assert_eq!(found(&store, "one").await, None);
    assert!(found(&store, "two").await.is_some());
    store.end_sessions(USER).await.unwrap();
    assert_eq!(found(&store, "two").await, None);
    assert_eq!(found(&store, "three").await, None);
    assert!(store.session(&of_other).await.unwrap().is_some());
}

pub(crate) async fn old_sessions_are_swept(place: Place) {
    let store = place.open().await;
    begin(&store, "old").await;
    let later = UnixMillis(NOW.0 + 1);
    let new = store
        .begin_session(&cookie("new"), (USER, Proof::Password), later, None)
        .await;
    new.unwrap();
    assert!(!store.sweep_sessions(later).await.unwrap());
    assert_eq!(found(&store, "old").await, None);
    assert!(found(&store, "new").await.is_some());
}

pub(crate) async fn a_session_outlives_a_restart(place: Place) {
    let store = place.open().await;
    begin(&store, "one").await;
    let store = place.reopen(store).await;
    assert_eq!(found(&store, "one").await, Some(stored(NOW, NOW)));
}

pub(crate) async fn a_session_that_one_node_ends_is_ended_on_the_other(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    begin(&one, "one").await;
    assert_eq!(found(&other, "one").await, Some(stored(NOW, NOW)));
    other.end_session(&cookie("one")).await.unwrap();
    assert_eq!(found(&one, "one").await, None);
}

pub(crate) async fn what_one_node_seals_the_other_opens(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let sealed = one.handles().seal("login", b"who", [3; 24]).unwrap();
    let opened = other.handles().open("login", &sealed);
    assert_eq!(opened.as_deref(), Some(&b"who"[..]));
    let proof = one.handles().proof("ck", b"session");
    assert!(other.handles().proves("ck", b"session", &proof));
}
