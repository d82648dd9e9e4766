//! Several processes on one database. Two stores in one process are as good as two processes: they share nothing
//! but the database.

use futures_util::future::{join, join_all};
use snowglobe_oauth::{change::Change, time::UnixSeconds, token::TokenKind};
use snowglobe_store::{
    ClockSetting, Store,
    backend::{Announcement, ApplyError},
};
use tokio::sync::broadcast::Receiver;

use crate::{
    fixture::{NOW, Place, insert, make_column, make_table, update, values},
    holder::Holder,
};

pub(crate) async fn a_table_is_usable_elsewhere_when_it_is_announced(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let mut ear = other.announcements();
    make_table(&one, "u_thing", None).await;
    make_column(&one, "u_thing", "u_name", "string", &[]).await;
    hear(&other, &mut ear, "dictionary").await;
    hear(&other, &mut ear, "dictionary").await;
    insert(&other, "u_thing", &[("u_name", "there")]).await;
    assert_eq!(values(&one, "u_thing", "", "u_name").await, ["there"]);
}

pub(crate) async fn whatever_was_not_heard_is_noticed(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    make_table(&one, "u_thing", None).await;
    make_column(&one, "u_thing", "u_name", "string", &[]).await;
    insert(
        &one,
        "sys_properties",
        &[("name", "test.p"), ("value", "x")],
    )
    .await;
    let holder = Holder::make(one).await;
    let token = holder.issue(TokenKind::Access, None);
    let forget_after = UnixSeconds(1_900_000_000);
    holder
        .apply(&[Change::RevokeToken {
            id: token.claims.id,
            forget_after,
        }])
        .await
        .unwrap();
    assert!(other.dictionary().table("u_thing").is_none());
    other.poll().await.unwrap();
    insert(&other, "u_thing", &[("u_name", "there")]).await;
    assert_eq!(other.properties().text("test.p"), Some("x"));
    assert!(other.clients().by_id("robot").is_some());
    assert!(other.is_revoked(&token.claims));
}

pub(crate) async fn a_revocation_is_heard(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let mut ear = other.announcements();
    let holder = Holder::make(one).await;
    let family = holder.issue(TokenKind::Refresh, None);
    let access = holder.issue(TokenKind::Access, Some(family.claims.id));
    let forget_after = UnixSeconds(1_900_000_000);
    holder
        .apply(&[Change::RevokeFamily {
            id: family.claims.id,
            forget_after,
        }])
        .await
        .unwrap();
    hear(&other, &mut ear, "revocations").await;
    assert!(other.is_revoked(&access.claims));
}

pub(crate) async fn a_change_of_a_user_is_heard(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let mut ear = other.announcements();
    let sys_id = insert(&one, "sys_user", &[("user_name", "tester")]).await;
    hear(&other, &mut ear, "users").await;
    assert!(
        other
            .user_by_name("tester")
            .await
            .unwrap()
            .unwrap()
            .account
            .active
    );
    update(&one, "sys_user", sys_id, &[("active", "false")]).await;
    hear(&other, &mut ear, "users").await;
    assert!(
        !other
            .user_by_name("tester")
            .await
            .unwrap()
            .unwrap()
            .account
            .active
    );
}

pub(crate) async fn a_new_key_is_heard(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let mut ear = other.announcements();
    one.rotate_keys([9; 32], [9; 12], NOW.0).await.unwrap();
    let claims = Holder::make(one.clone())
        .await
        .issue(TokenKind::Access, None)
        .claims;
    let text = one.keys().mint(claims).1;
    hear(&other, &mut ear, "keys").await;
    assert_eq!(other.keys().verify(text.expose()), Ok(claims));
}

pub(crate) async fn processes_may_start_together(place: Place) {
    let stores = join_all((0..6).map(|_| place.open())).await;
    let keys: Vec<_> = stores.iter().map(|store| store.keys().current()).collect();
    assert_eq!(keys, [1; 6]);
    let claims = Holder::make(stores[0].clone())
        .await
        .issue(TokenKind::Access, None)
        .claims;
    let text = stores[0].keys().mint(claims).1;
    for store in &stores {
        assert_eq!(store.keys().verify(text.expose()), Ok(claims));
    }
    assert_eq!(
        values(&stores[5], "sys_user", "user_name=admin", "user_name").await,
        ["admin"]
    );
}

pub(crate) async fn columns_may_be_made_in_two_places_at_once(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    for at in 0..8 {
        let names = [format!("u_one_{at}"), format!("u_other_{at}")];
        let (mine, yours) = (
            make_column(
                &one,
                "incident",
                &names[0],
                "string",
                &[("indexed", "true")],
            ),
            make_column(
                &other,
                "incident",
                &names[1],
                "string",
                &[("indexed", "true")],
            ),
        );
        join(mine, yours).await;
        one.poll().await.unwrap();
        let body = [(&*names[0], "a"), (&*names[1], "b")];
        insert(&one, "incident", &body).await;
    }
}

/// Reads announcements up to one of this topic.
pub(crate) async fn a_moved_clock_is_heard(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    let mut ear = other.announcements();
    let ahead = ClockSetting::Ahead(1_860_000);
    one.move_clock(ClockSetting::TRUE, ahead).await.unwrap();
    assert_eq!(one.clock(), ahead);
    hear(&other, &mut ear, "clock").await;
    assert_eq!(other.clock(), ahead);
    let stale = other.move_clock(ClockSetting::TRUE, ClockSetting::Ahead(5));
    assert!(matches!(stale.await, Err(ApplyError::Conflict)));
    let frozen = ClockSetting::Frozen(NOW);
    other.move_clock(ahead, frozen).await.unwrap();
    one.poll().await.unwrap();
    assert_eq!(one.clock(), frozen);
}

async fn hear(store: &Store, ear: &mut Receiver<Announcement>, topic: &str) {
    loop {
        let heard = ear.recv().await.unwrap();
        store.heard(&heard).await.unwrap();
        if &*heard == topic {
            return;
        }
    }
}
