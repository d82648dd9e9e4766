//! The rows of tokens: written late, twice or never, rotated once, swept when they are dead.

use std::sync::Arc;

use futures_util::future::join_all;
use snowglobe_oauth::{
    change::Change,
    time::{UnixMillis, UnixSeconds},
    token::{IssuedToken, TokenClaims, TokenKind},
};
use snowglobe_store::{Owner, backend::ApplyError};

use crate::{
    fixture::{NOW, Place, list, values},
    holder::Holder,
};

pub(crate) async fn a_row_written_behind_is_there_after_a_close(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let access = holder.issue(TokenKind::Access, None);
    holder.write_behind(access).await;
    let store = place.reopen(holder.store).await;
    let fields = [
        "type",
        "token_id",
        "name",
        "scope",
        "expires",
        "key_id",
        "sys_created_by",
    ];
    let id = access.claims.id.as_i64().to_string();
    assert_eq!(
        list(&store, "oauth_credential", "", &fields).await,
        [[
            "access_token",
            &id,
            "Robot",
            "useraccount",
            "2027-01-15 08:30:00",
            "1",
            "robot"
        ]]
    );
}

pub(crate) async fn rows_that_come_twice_are_kept_once(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let access = holder.issue(TokenKind::Access, None);
    holder.write_behind(access).await;
    holder.apply(&[Change::InsertToken(access)]).await.unwrap();
    assert_eq!(
        values(&holder.store, "oauth_credential", "", "type")
            .await
            .len(),
        1
    );
}

pub(crate) async fn a_row_is_found_by_its_sys_id(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let tokens = [TokenKind::Access, TokenKind::Refresh].map(|kind| holder.issue(kind, None));
    for token in tokens {
        holder.apply(&[Change::InsertToken(token)]).await.unwrap();
    }
    let found = async |query: &str| values(&holder.store, "oauth_credential", query, "type").await;
    let sys_ids = values(&holder.store, "oauth_credential", "", "sys_id").await;
    let [access, refresh] = sys_ids.as_slice() else {
        panic!("{sys_ids:?}")
    };
    assert_eq!(found(&format!("sys_id={access}")).await, ["access_token"]);
    let upper = access.to_ascii_uppercase();
    assert_eq!(found(&format!("sys_id={upper}")).await, ["access_token"]);
    let both = format!("sys_idIN{refresh},{access}");
    assert_eq!(found(&both).await, ["access_token", "refresh_token"]);
    assert_eq!(found(&format!("sys_id!={access}")).await, ["refresh_token"]);
    for nobodys in ["global", "00000000000000010000000000000000"] {
        assert!(found(&format!("sys_id={nobodys}")).await.is_empty());
        let one = format!("sys_idIN{nobodys},{refresh}");
        assert_eq!(found(&one).await, ["refresh_token"]);
    }
}

pub(crate) async fn rows_come_in_the_order_of_their_making(place: Place) {
    let holder = Holder::make(place.open().await).await;
    for kind in [TokenKind::Refresh, TokenKind::Access, TokenKind::Refresh] {
        let token = holder.issue(kind, None);
        holder.apply(&[Change::InsertToken(token)]).await.unwrap();
    }
    let listed =
        async |query: &str| values(&holder.store, "oauth_credential", query, "token_id").await;
    let made = listed("").await;
    assert_eq!(listed("ORDERBYsys_created_on").await, made);
    let mut newest_first = made.clone();
    newest_first.reverse();
    assert_eq!(listed("ORDERBYDESCsys_created_on").await, newest_first);
    let [first, second, third] = made.as_slice() else {
        panic!("{made:?}")
    };
    let by_type = listed("ORDERBYtype^ORDERBYDESCsys_created_on").await;
    assert_eq!(by_type, [second.as_str(), third, first]);
}

pub(crate) async fn one_of_many_rotations_wins(place: Place) {
    let holder = Arc::new(Holder::make(place.open().await).await);
    for stored in [true, false] {
        let refresh = holder.issue(TokenKind::Refresh, None);
        if stored {
            holder.apply(&[Change::InsertToken(refresh)]).await.unwrap();
        }
        let tasks = (0..64).map(|_| {
            let holder = Arc::clone(&holder);
            let step = holder.step(refresh.claims.id, 0);
            tokio::spawn(async move { holder.apply(&[step]).await })
        });
        let outcomes: Vec<_> = join_all(tasks)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let conflict = |outcome: &&Result<_, _>| matches!(outcome, Err(ApplyError::Conflict));
        assert_eq!(outcomes.iter().filter(conflict).count(), 63);
        let family = holder
            .store
            .family(refresh.claims.id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(family.generation, 1);
        assert_eq!(family.rotated_at, UnixMillis(NOW.0 + 1000));
        assert_eq!(family.expires, UnixSeconds(1_800_009_999));
    }
}

pub(crate) async fn a_rotation_of_another_generation_conflicts(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let id = holder.issue(TokenKind::Refresh, None).claims.id;
    assert!(holder.store.family(id).await.unwrap().is_none());
    holder.apply(&[holder.step(id, 0)]).await.unwrap();
    for stale in [0, 2] {
        let outcome = holder.apply(&[holder.step(id, stale)]).await;
        assert!(
            matches!(outcome, Err(ApplyError::Conflict)),
            "{stale}: {outcome:?}"
        );
    }
    holder.apply(&[holder.step(id, 1)]).await.unwrap();
    assert_eq!(
        holder.store.family(id).await.unwrap().unwrap().generation,
        2
    );
}

pub(crate) async fn a_lost_rotation_writes_nothing_else(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let id = holder.issue(TokenKind::Refresh, None).claims.id;
    holder.apply(&[holder.step(id, 0)]).await.unwrap();
    let access = holder.issue(TokenKind::Access, Some(id));
    let both = [Change::InsertToken(access), holder.step(id, 0)];
    assert!(matches!(
        holder.apply(&both).await,
        Err(ApplyError::Conflict)
    ));
    assert!(
        values(
            &holder.store,
            "oauth_credential",
            "type=access_token",
            "type"
        )
        .await
        .is_empty()
    );
}

pub(crate) async fn the_row_of_a_late_insert_does_not_undo_a_rotation(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let refresh = holder.issue(TokenKind::Refresh, None);
    holder
        .apply(&[holder.step(refresh.claims.id, 0)])
        .await
        .unwrap();
    holder.apply(&[Change::InsertToken(refresh)]).await.unwrap();
    let family = holder
        .store
        .family(refresh.claims.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(family.generation, 1);
}

pub(crate) async fn the_dead_are_swept_in_slices(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let live = holder.issue(TokenKind::Access, None);
    holder.write_behind(live).await;
    for _ in 0..1100 {
        let mut dead = holder.issue(TokenKind::Access, None);
        dead.claims.expires = UnixSeconds(1_799_999_000);
        holder.write_behind(dead).await;
    }
    let edge = holder.issue_until(UnixSeconds(1_799_999_500));
    holder.write_behind(edge).await;
    for forget_after in [1_799_999_000, 1_900_000_000] {
        let id = holder.issue(TokenKind::Access, None).claims.id;
        let forget_after = UnixSeconds(forget_after);
        holder
            .apply(&[Change::RevokeToken { id, forget_after }])
            .await
            .unwrap();
    }
    let store = &holder.store;
    let left = async || values(store, "oauth_credential", "ORDERBYexpires", "expires").await;
    let bound = UnixMillis(1_799_999_500_000);
    assert_eq!(left().await.len(), 1102);
    assert!(store.sweep(bound, NOW).await.unwrap());
    assert_eq!(left().await.len(), 602);
    assert!(store.sweep(bound, NOW).await.unwrap());
    assert!(!store.sweep(bound, NOW).await.unwrap());
    assert_eq!(left().await, ["2027-01-15 07:51:40", "2027-01-15 08:30:00"]);
    assert!(!store.sweep(bound, NOW).await.unwrap());
    assert_eq!(left().await.len(), 2);
}

pub(crate) async fn a_swallowed_row_is_written_when_its_token_is_seen(place: Place) {
    let store = place.open().await;
    let holder = Holder::make(store).await;
    let just_before = holder.issue(TokenKind::Access, None);
    let long_before = holder.issue(TokenKind::Access, None);
    let later = UnixMillis(NOW.0 + 5000);
    let store = holder.store;
    store.close().await.unwrap();
    drop(store);
    // The rows were never written; the process starts again five seconds, or two minutes later.
    for (at, token, expected) in [
        (UnixMillis(NOW.0 + 120_000), long_before, 0),
        (later, just_before, 1),
    ] {
        let store = place.try_open(at, 7).await.unwrap();
        let user = store.user_by_name("robot").await.unwrap().unwrap();
        let client = Arc::clone(store.clients().by_id("robot").unwrap());
        let owner = Owner {
            client: &client,
            user: &user.account,
        };
        for _ in 0..2 {
            store.token_seen(&token, owner);
        }
        let new = store.ids().tokens().next(UnixMillis(at.0 + 1));
        let claims = TokenClaims {
            id: new,
            ..token.claims
        };
        store.token_seen(&IssuedToken { claims, ..token }, owner);
        store.close().await.unwrap();
        let ids = values(&store, "oauth_credential", "", "token_id").await;
        assert_eq!(ids.len(), expected, "{ids:?}");
        drop(store);
    }
}
