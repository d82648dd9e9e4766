//! Devices that wait for their people: what they said counts once, whoever asks, and outlives the process.

use futures_util::future::join_all;
use snowglobe_oauth::{
    account::UserNo,
    change::Change,
    client::ClientNo,
    device::{Allowed, INTERVAL, NewDevice, UserCode},
    grants::device_code::{DeviceState, StoredDevice},
    login::Proof,
    scope::ScopeNo,
    time::{UnixMillis, UnixSeconds},
    token::{TokenClaims, TokenId, TokenKind},
};
use snowglobe_store::{Store, backend::ApplyError};

use crate::fixture::{NOW, Place};

const EXPIRES: UnixSeconds = UnixSeconds(1_800_000_600);
const ABEL: Allowed = Allowed {
    user: UserNo(7),
    at: NOW,
    authenticated_at: UnixSeconds(1_799_999_990),
    proof: Proof::PasswordAndCode,
};

fn new_device(store: &Store, seed: u8) -> NewDevice {
    let (token, device_code) = store.keys().mint(TokenClaims {
        kind: TokenKind::Device,
        id: store.ids().tokens().next(NOW),
        family: None,
        client: ClientNo(3),
        user: UserNo(0),
        scope: ScopeNo(1),
        expires: EXPIRES,
        generation: 0,
    });
    NewDevice {
        token,
        device_code,
        user_code: UserCode::generate([seed; 8]),
        expires_in: 600,
    }
}

async fn asks(store: &Store, seed: u8) -> (TokenId, UserCode) {
    let device = new_device(store, seed);
    store.insert_device(&device).await.unwrap();
    (device.token.claims.id, device.user_code)
}

async fn stored(store: &Store, id: TokenId) -> StoredDevice {
    store
        .device(id)
        .await
        .unwrap()
        .expect("the device is there")
}

fn consume(id: TokenId, store: &Store) -> Change {
    Change::ConsumeDeviceCode {
        id,
        gave: store.ids().tokens().next(NOW),
        gave_until: EXPIRES,
        at: NOW,
    }
}

fn is_conflict(outcome: &Result<(), ApplyError>) -> bool {
    matches!(outcome, Err(ApplyError::Conflict))
}

pub(crate) async fn a_device_is_found_by_its_user_code_alone(place: Place) {
    let store = place.open().await;
    let (id, code) = asks(&store, 1).await;
    let asked = store.device_of(&code).await.unwrap().unwrap();
    assert_eq!(
        (
            asked.id,
            asked.client,
            asked.scope,
            asked.expires,
            asked.answered
        ),
        (id, ClientNo(3), ScopeNo(1), EXPIRES, false)
    );
    assert_eq!(
        store.device_of(&UserCode::generate([2; 8])).await.unwrap(),
        None
    );
    assert_eq!(
        stored(&store, id).await,
        StoredDevice {
            interval: INTERVAL,
            polled_at: None,
            state: DeviceState::Pending
        }
    );
    let twin = new_device(&store, 1);
    assert!(
        is_conflict(&store.insert_device(&twin).await),
        "its code is taken"
    );
    assert_eq!(store.device(twin.token.claims.id).await.unwrap(), None);
}

pub(crate) async fn security_52_one_of_many_answers_counts(place: Place) {
    let store = place.open().await;
    let (id, code) = asks(&store, 1).await;
    let tasks = (0..64).map(|n| {
        let store = store.clone();
        let said = (n % 2 == 0).then_some(ABEL);
        tokio::spawn(async move { (said, store.answer_device(id, said, NOW).await) })
    });
    let outcomes: Vec<_> = join_all(tasks)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let won: Vec<_> = outcomes
        .iter()
        .filter(|(_, outcome)| outcome.is_ok())
        .collect();
    let lost = outcomes
        .iter()
        .filter(|(_, outcome)| is_conflict(outcome))
        .count();
    assert_eq!((won.len(), lost), (1, 63));
    let expected = won[0].0.map_or(DeviceState::Denied, DeviceState::Allowed);
    assert_eq!(stored(&store, id).await.state, expected);
    assert!(store.device_of(&code).await.unwrap().unwrap().answered);
}

pub(crate) async fn security_a_device_code_is_used_once_under_64_polls(place: Place) {
    let store = place.open().await;
    let (id, _) = asks(&store, 1).await;
    let early = store.apply_changes(&[consume(id, &store)], None, NOW).await;
    assert!(is_conflict(&early), "nobody said yes");
    store.answer_device(id, Some(ABEL), NOW).await.unwrap();
    let tasks = (0..64).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.apply_changes(&[consume(id, &store)], None, NOW).await })
    });
    let outcomes: Vec<_> = join_all(tasks)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 1);
    assert_eq!(outcomes.iter().filter(|it| is_conflict(it)).count(), 63);
    assert!(matches!(
        stored(&store, id).await.state,
        DeviceState::Consumed { until: EXPIRES, .. }
    ));
}

pub(crate) async fn a_device_that_was_denied_or_came_too_late_gets_nothing(place: Place) {
    let store = place.open().await;
    let (denied, _) = asks(&store, 1).await;
    store.answer_device(denied, None, NOW).await.unwrap();
    let (late, _) = asks(&store, 2).await;
    let end = EXPIRES.millis();
    assert!(is_conflict(
        &store.answer_device(late, Some(ABEL), end).await
    ));
    for id in [denied, late] {
        let outcome = store.apply_changes(&[consume(id, &store)], None, NOW).await;
        assert!(is_conflict(&outcome));
    }
}

pub(crate) async fn a_poll_is_noted(place: Place) {
    let store = place.open().await;
    let (id, _) = asks(&store, 1).await;
    let poll = Change::NotePoll {
        id,
        at: UnixMillis(NOW.0 + 5),
        interval: 10,
    };
    store.apply_changes(&[poll], None, NOW).await.unwrap();
    let found = stored(&store, id).await;
    assert_eq!(
        (found.interval, found.polled_at),
        (10, Some(UnixMillis(NOW.0 + 5)))
    );
}

pub(crate) async fn devices_are_swept_a_day_after_their_codes_end(place: Place) {
    let store = place.open().await;
    let (id, _) = asks(&store, 1).await;
    let at = |seconds: i64| UnixMillis(EXPIRES.millis().0 + seconds * 1000);
    store.sweep(NOW, at(24 * 3600)).await.unwrap();
    stored(&store, id).await;
    store.sweep(NOW, at(24 * 3600 + 1)).await.unwrap();
    assert_eq!(store.device(id).await.unwrap(), None);
}

pub(crate) async fn what_a_person_said_outlives_a_restart(place: Place) {
    let store = place.open().await;
    let (id, code) = asks(&store, 1).await;
    let store = place.reopen(store).await;
    assert_eq!(store.device_of(&code).await.unwrap().unwrap().id, id);
    store.answer_device(id, Some(ABEL), NOW).await.unwrap();
    let store = place.reopen(store).await;
    assert_eq!(stored(&store, id).await.state, DeviceState::Allowed(ABEL));
    store
        .apply_changes(&[consume(id, &store)], None, NOW)
        .await
        .unwrap();
    let store = place.reopen(store).await;
    let again = store.apply_changes(&[consume(id, &store)], None, NOW).await;
    assert!(is_conflict(&again));
}
