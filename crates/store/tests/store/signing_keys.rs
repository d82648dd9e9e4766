//! The keys that JWTs are signed with: sealed, shared, replaced in good order and removed at once.

use snowglobe_oauth::{
    jose::{Algorithm, SigningKey},
    signing::PUBLISH_AHEAD_MS,
    time::UnixMillis,
};
use snowglobe_store::{NewSigningKey, Store, backend::ApplyError};

use crate::fixture::{NOW, Place, until};

fn key() -> SigningKey {
    SigningKey::generate(Algorithm::Es256).unwrap()
}

fn new(key: &SigningKey) -> NewSigningKey<'_> {
    NewSigningKey {
        key,
        nonce: [key.kid().as_bytes()[0]; 12],
        now: NOW,
    }
}

fn signer(store: &Store, after_ms: i64) -> Option<String> {
    let now = UnixMillis(NOW.0 + after_ms);
    let keys = store.signing_keys();
    Some(keys.signer(Algorithm::Es256, now)?.kid().to_owned())
}

fn kids(store: &Store) -> Vec<String> {
    let keys = store.signing_keys();
    keys.iter().map(|key| key.kid.to_string()).collect()
}

pub(crate) async fn a_signing_key_outlives_a_restart(place: Place) {
    let store = place.open().await;
    assert_eq!(signer(&store, 0), None);
    let first = key();
    store.first_signing_key(new(&first)).await.unwrap();
    assert_eq!(signer(&store, 0).as_deref(), Some(first.kid()));
    let second = store.first_signing_key(new(&key())).await;
    assert!(matches!(second, Err(ApplyError::Conflict)), "{second:?}");
    let store = place.kept(store).await;
    let signing_keys = store.signing_keys();
    let kept = signing_keys.signer(Algorithm::Es256, NOW).unwrap();
    assert_eq!(kept.to_pkcs8().unwrap(), first.to_pkcs8().unwrap());
}

pub(crate) async fn security_59_a_replaced_signing_key_stays_until_its_tokens_are_dead(
    place: Place,
) {
    const RETENTION_MS: i64 = 1_000_000;
    let store = place.open().await;
    let (first, second, third) = (key(), key(), key());
    for key in [&first, &second] {
        let rotated = store.rotate_signing_key(new(key), RETENTION_MS).await;
        rotated.unwrap();
        // What replaces nothing signs at once.
        assert_eq!(signer(&store, 0).as_deref(), Some(first.kid()));
    }
    let store = place.kept(store).await;
    for (after, expected) in [(PUBLISH_AHEAD_MS - 1, &first), (PUBLISH_AHEAD_MS, &second)] {
        assert_eq!(signer(&store, after).as_deref(), Some(expected.kid()));
    }
    let ends = |kid: &str| {
        let keys = store.signing_keys();
        let key = keys.iter().find(|key| *key.kid == *kid).unwrap();
        key.ends.map(|ends| ends.0 - NOW.0)
    };
    assert_eq!(ends(first.kid()), Some(PUBLISH_AHEAD_MS + RETENTION_MS));
    assert_eq!(ends(second.kid()), None);
    // The next rotation, long after, sweeps it out.
    let later = NewSigningKey {
        now: UnixMillis(NOW.0 + PUBLISH_AHEAD_MS + RETENTION_MS + 1),
        ..new(&third)
    };
    let rotated = store.rotate_signing_key(later, RETENTION_MS).await;
    rotated.unwrap();
    assert_eq!(kids(&store), [third.kid(), second.kid()]);
}

pub(crate) async fn security_59_a_removed_signing_key_is_gone_at_once(place: Place) {
    let store = place.open().await;
    let (stolen, replacement) = (key(), key());
    store.first_signing_key(new(&stolen)).await.unwrap();
    for (kid, there) in [("nothing", false), (stolen.kid(), true)] {
        let removed = store.remove_signing_key(kid, new(&replacement)).await;
        assert_eq!(removed.unwrap(), there);
    }
    let store = place.kept(store).await;
    assert_eq!(kids(&store), [replacement.kid()]);
    assert_eq!(signer(&store, 0).as_deref(), Some(replacement.kid()));
}

pub(crate) async fn security_59_other_nodes_hear_of_a_removed_signing_key(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let (stolen, replacement) = (key(), key());
    one.first_signing_key(new(&stolen)).await.unwrap();
    let mut said = other.announcements();
    let raced = other.first_signing_key(new(&key())).await;
    assert!(matches!(raced, Err(ApplyError::Conflict)), "{raced:?}");
    assert_eq!(kids(&other), [stolen.kid()], "known after the race");
    let removed = one
        .remove_signing_key(stolen.kid(), new(&replacement))
        .await;
    assert!(removed.unwrap());
    until(async || {
        if let Ok(announcement) = said.try_recv() {
            other.heard(&announcement).await.unwrap();
        }
        kids(&other) == [replacement.kid()]
    })
    .await;
}
