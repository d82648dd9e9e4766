//! Tokens as their rows have them: what an administrator takes away is gone, and no more than that.

use snowglobe_oauth::{change::Change, token::TokenKind};
use snowglobe_store::Store;

use crate::{
    fixture::{NOW, Place, values},
    holder::Holder,
};

/// The keys of a kind of token's rows.
async fn keys(store: &Store, kind: &str) -> Vec<String> {
    values(store, "oauth_credential", &format!("type={kind}"), "sys_id").await
}

pub(crate) async fn a_row_that_is_revoked_takes_its_family_along(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let refresh = holder.issue(TokenKind::Refresh, None);
    let access = holder.issue(TokenKind::Access, Some(refresh.claims.id));
    let alone = holder.issue(TokenKind::Access, None);
    let all = [refresh, access, alone].map(Change::InsertToken);
    holder.apply(&all).await.unwrap();
    let store = &holder.store;
    let refresh_keys = keys(store, "refresh_token").await;
    let wanted: Vec<&str> = refresh_keys.iter().map(String::as_str).collect();
    let rows = store.token_rows(&wanted).await.unwrap();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(
        (row.id, row.family),
        (refresh.claims.id, Some(refresh.claims.id))
    );
    assert_eq!(
        (&row.client, &row.user),
        (&holder.client.sys_id, &holder.user.sys_id)
    );
    store.revoke_token_row(row, NOW).await.unwrap();
    assert!(store.is_revoked(&refresh.claims) && store.is_revoked(&access.claims));
    assert!(!store.is_revoked(&alone.claims));
    assert_eq!(store.token_rows(&[]).await.unwrap(), []);
    assert_eq!(store.token_rows(&["nonsense"]).await.unwrap(), []);
}

pub(crate) async fn the_row_of_an_access_token_ends_the_refresh_token_it_came_with(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let refresh = holder.issue(TokenKind::Refresh, None);
    let access = holder.issue(TokenKind::Access, Some(refresh.claims.id));
    let both = [refresh, access].map(Change::InsertToken);
    holder.apply(&both).await.unwrap();
    let store = &holder.store;
    let access_keys = keys(store, "access_token").await;
    let rows = store.token_rows(&[&access_keys[0]]).await.unwrap();
    assert_eq!(rows[0].family, Some(refresh.claims.id));
    store.revoke_token_row(&rows[0], NOW).await.unwrap();
    assert!(store.is_revoked(&access.claims) && store.is_revoked(&refresh.claims));
}

pub(crate) async fn every_token_of_a_client_ends_with_those_on_their_way(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let refresh = holder.issue(TokenKind::Refresh, None);
    let access = holder.issue(TokenKind::Access, Some(refresh.claims.id));
    holder.apply(&[Change::InsertToken(refresh)]).await.unwrap();
    // Its row is not there yet.
    holder.write_behind(access).await;
    let store = &holder.store;
    let ended = store
        .revoke_tokens_of_client("nobody's", NOW)
        .await
        .unwrap();
    assert_eq!(ended, 0);
    let client = holder.client.sys_id.clone();
    let ended = store.revoke_tokens_of_client(&client, NOW).await.unwrap();
    assert_eq!(ended, 2);
    assert!(store.is_revoked(&refresh.claims) && store.is_revoked(&access.claims));
    let again = store.revoke_tokens_of_client(&client, NOW).await.unwrap();
    assert_eq!(again, 0, "they are dead");
}
