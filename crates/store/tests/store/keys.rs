//! What a token carries must mean the same for ever: its key, its number, its user and client.

use snowglobe_oauth::{time::UnixMillis, token::TokenKind};
use snowglobe_store::{
    Store,
    backend::{ApplyError, StoreError},
};

use crate::{
    fixture::{NOW, Place, delete},
    holder::Holder,
};

pub(crate) async fn old_keys_verify_after_a_rotation(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let claims = holder.issue(TokenKind::Access, None).claims;
    let old = holder.store.keys().mint(claims).1;
    assert_eq!(
        holder
            .store
            .rotate_keys([9; 32], [9; 12], NOW.0)
            .await
            .unwrap(),
        2
    );
    let new = holder.store.keys().mint(claims).1;
    assert_ne!(old.expose(), new.expose());
    let check = |store: &Store| {
        let keys = store.keys();
        assert_eq!(keys.current(), 2);
        assert_eq!(keys.recover(old.expose()).unwrap().key_id, 1);
        assert_eq!(keys.recover(new.expose()).unwrap().key_id, 2);
    };
    check(&holder.store);
    check(&place.reopen(holder.store).await);
}

pub(crate) async fn another_master_key_opens_nothing(place: Place) {
    let store = place.open().await;
    store.close().await.unwrap();
    drop(store);
    let outcome = place.try_open(NOW, 8).await;
    assert!(
        matches!(outcome, Err(ApplyError::Store(StoreError::WrongMasterKey))),
        "{outcome:?}"
    );
    place.open().await;
}

/// A clock that was set back, or a moved test clock, must not give a new token an old one's number.
pub(crate) async fn an_id_is_never_given_twice(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let newest = holder.issue(TokenKind::Access, None);
    holder.write_behind(newest).await;
    holder.store.close().await.unwrap();
    drop(holder);
    let store = place
        .try_open(UnixMillis(NOW.0 - 3_600_000), 7)
        .await
        .unwrap();
    let next = store.ids().tokens().next(UnixMillis(NOW.0 - 3_600_000));
    assert!(next > newest.claims.id);
}

/// A number in a token must mean the same user and the same client for ever.
pub(crate) async fn the_number_of_a_deleted_user_or_client_is_not_given_again(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let store = &holder.store;
    let (user, client) = (holder.user.no, holder.client.no);
    delete(store, "sys_user", holder.user.sys_id.parse().unwrap()).await;
    delete(store, "oauth_entity", holder.client.sys_id.parse().unwrap()).await;
    assert!(store.user_by_no(user).await.unwrap().is_none());
    assert!(store.clients().by_no(client).is_none());
    let next = Holder::make(store.clone()).await;
    assert_ne!(next.user.no, user);
    assert_ne!(next.client.no, client);
    assert!(store.user_by_no(user).await.unwrap().is_none());
}
