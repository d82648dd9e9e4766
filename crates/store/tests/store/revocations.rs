//! What takes power away from tokens lasts as long as they would have.

use snowglobe_oauth::{
    change::Change,
    time::{UnixMillis, UnixSeconds},
    token::TokenKind,
};
use snowglobe_store::Store;

use crate::{
    fixture::{NOW, Place, ask_and_go, change, delete, list, row, stamp, until, values},
    holder::Holder,
};

pub(crate) async fn a_revocation_survives(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let family = holder.issue(TokenKind::Refresh, None);
    let of_family = holder.issue(TokenKind::Access, Some(family.claims.id));
    let (single, untouched) = (
        holder.issue(TokenKind::Access, None),
        holder.issue(TokenKind::Access, None),
    );
    let forget_after = UnixSeconds(1_900_000_000);
    let both = [
        Change::RevokeFamily {
            id: family.claims.id,
            forget_after,
        },
        Change::RevokeToken {
            id: single.claims.id,
            forget_after,
        },
    ];
    holder.write_behind(single).await;
    holder.apply(&both).await.unwrap();
    let check = |store: &Store| {
        assert!(store.is_revoked(&family.claims));
        assert!(
            store.is_revoked(&of_family.claims),
            "it came from the family"
        );
        assert!(store.is_revoked(&single.claims));
        assert!(!store.is_revoked(&untouched.claims));
    };
    check(&holder.store);
    assert_eq!(
        list(
            &holder.store,
            "oauth_credential",
            "",
            &["expires", "revoked_at"]
        )
        .await,
        [["2027-01-15 08:00:00", "2027-01-15 08:00:00"]]
    );
    check(&place.reopen(holder.store).await);
}

pub(crate) async fn a_revocation_outlives_whoever_waited_for_it(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let token = holder.issue(TokenKind::Access, None);
    let revoke = [Change::RevokeToken {
        id: token.claims.id,
        forget_after: UnixSeconds(1_900_000_000),
    }];
    ask_and_go(holder.apply(&revoke)).await;
    until(async || holder.store.is_revoked(&token.claims)).await;
}

pub(crate) async fn deleting_its_row_revokes_a_token(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let refresh = holder.issue(TokenKind::Refresh, None);
    let access = holder.issue(TokenKind::Access, Some(refresh.claims.id));
    holder
        .apply(&[refresh, access].map(Change::InsertToken))
        .await
        .unwrap();
    let store = &holder.store;
    let of_kind = values(store, "oauth_credential", "type=refresh_token", "sys_id").await;
    delete(store, "oauth_credential", of_kind[0].parse().unwrap()).await;
    assert!(store.is_revoked(&refresh.claims));
    assert!(store.is_revoked(&access.claims), "it came from the family");
    let store = place.reopen(holder.store).await;
    assert!(store.is_revoked(&access.claims));
}

pub(crate) async fn a_new_password_ends_the_tokens_of_before(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let store = &holder.store;
    assert_eq!(holder.user.tokens_valid_from, UnixMillis(0));
    let sys_id = holder.user.sys_id.parse().unwrap();
    let row = row(store, "sys_user", sys_id).await.unwrap();
    let mut change = change(&row, &[("user_password", "correct horse")]);
    for (column, secret) in change.take_secrets() {
        assert_eq!(secret.expose(), "correct horse");
        change.keep_secret(column, "sha256:00".into());
    }
    store.update(&change, &stamp()).await.unwrap();
    let user = store.user_by_name("robot").await.unwrap().unwrap();
    assert_eq!(user.account.tokens_valid_from, NOW);
    let other = store.user_by_name("admin").await.unwrap().unwrap();
    assert_eq!(other.account.tokens_valid_from, UnixMillis(0));
    let store = place.reopen(holder.store).await;
    let user = store.user_by_name("robot").await.unwrap().unwrap();
    assert_eq!(user.account.tokens_valid_from, NOW);
}

pub(crate) async fn a_revocation_is_forgotten_when_its_token_is_dead(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let token = holder.issue(TokenKind::Access, None);
    let forget_after = UnixSeconds(1_800_000_100);
    holder
        .apply(&[Change::RevokeToken {
            id: token.claims.id,
            forget_after,
        }])
        .await
        .unwrap();
    holder
        .store
        .sweep(NOW, UnixMillis(1_800_000_099_999))
        .await
        .unwrap();
    assert!(holder.store.is_revoked(&token.claims));
    holder
        .store
        .sweep(NOW, UnixMillis(1_800_000_101_000))
        .await
        .unwrap();
    assert!(!holder.store.is_revoked(&token.claims));
    let store = place.kept(holder.store).await;
    assert!(!store.is_revoked(&token.claims));
}
