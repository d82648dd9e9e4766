//! Which tokens a repeated grant gets again.

use snowglobe_oauth::{
    change::Change, grants::CurrentTokens, scope::Scope, time::UnixSeconds, token::TokenKind,
};
use snowglobe_store::Outrun;

use futures_util::future::join_all;

use crate::{
    fixture::Place,
    holder::{Holder, SCOPE},
};

pub(crate) async fn the_newest_tokens_are_found_again(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let older = holder.issue(TokenKind::Access, None);
    let alone = holder.issue(TokenKind::Access, None);
    let refresh = holder.issue(TokenKind::Refresh, None);
    let access = holder.issue(TokenKind::Access, Some(refresh.claims.id));
    for token in [older, alone, refresh, access] {
        holder.write_behind(token).await;
    }
    let holder = holder.reopened(&place).await;
    let expected = CurrentTokens {
        alone: Some(alone),
        access: Some(access),
        refresh: Some(refresh),
    };
    assert_eq!(holder.current().await, expected);
    // What was read is the very text again.
    let keys = holder.store.keys();
    let text = keys
        .mint_again(&holder.current().await.refresh.unwrap())
        .unwrap();
    assert_eq!(keys.recover(text.expose()), Ok(refresh));
}

pub(crate) async fn a_revoked_token_is_not_current(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let refresh = holder.issue(TokenKind::Refresh, None);
    let access = holder.issue(TokenKind::Access, Some(refresh.claims.id));
    holder
        .remember(CurrentTokens::default(), [refresh, access])
        .unwrap();
    holder
        .apply(&[refresh, access].map(Change::InsertToken))
        .await
        .unwrap();
    let forget_after = UnixSeconds(1_900_000_000);
    holder
        .apply(&[Change::RevokeToken {
            id: access.claims.id,
            forget_after,
        }])
        .await
        .unwrap();
    let left = CurrentTokens {
        refresh: Some(refresh),
        ..CurrentTokens::default()
    };
    assert_eq!(holder.current().await, left);
    let holder = holder.reopened(&place).await;
    assert_eq!(holder.current().await, left);
    holder
        .apply(&[Change::RevokeFamily {
            id: refresh.claims.id,
            forget_after,
        }])
        .await
        .unwrap();
    assert_eq!(holder.current().await, CurrentTokens::default());
}

pub(crate) async fn one_of_two_racing_grants_is_remembered(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let seen = holder.current().await;
    assert_eq!(seen, CurrentTokens::default());
    let (one, other) = (
        holder.issue(TokenKind::Access, None),
        holder.issue(TokenKind::Access, None),
    );
    assert_eq!(holder.remember(seen, [one]), Ok(()));
    assert_eq!(holder.remember(seen, [other]), Err(Outrun));
    let seen = holder.current().await;
    assert_eq!(seen.alone, Some(one));
    // A revoked token does not stand in the way of the next one.
    let forget_after = UnixSeconds(1_900_000_000);
    holder
        .apply(&[Change::RevokeToken {
            id: one.claims.id,
            forget_after,
        }])
        .await
        .unwrap();
    assert_eq!(
        holder.remember(seen, [other]),
        Err(Outrun),
        "it was revoked meanwhile"
    );
    let seen = holder.current().await;
    assert_eq!(holder.remember(seen, [other]), Ok(()));
    assert_eq!(holder.current().await.alone, Some(other));
}

pub(crate) async fn tokens_of_another_scope_or_client_are_not_current(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let scope = Scope::parse("read write").unwrap();
    let scope = holder.store.number_scope(scope).await.unwrap();
    let token = holder.issue(TokenKind::Access, None);
    holder.remember(CurrentTokens::default(), [token]).unwrap();
    holder.write_behind(token).await;
    let holder = holder.reopened(&place).await;
    let (client, user) = (&holder.client, &holder.user);
    let of_scope = holder
        .store
        .current_tokens(client, user, &scope)
        .await
        .unwrap();
    assert_eq!(of_scope, CurrentTokens::default());
    let admin = holder.store.user_by_name("admin").await.unwrap().unwrap();
    let of_admin = holder
        .store
        .current_tokens(client, &admin.account, &SCOPE)
        .await
        .unwrap();
    assert_eq!(of_admin, CurrentTokens::default());
    assert_eq!(holder.current().await.alone, Some(token));
}

pub(crate) async fn a_scope_keeps_its_number(place: Place) {
    let store = place.open().await;
    let scope = |text| Scope::parse(text).unwrap();
    let numbers = join_all((0..32).map(|at| {
        let (store, scope) = (store.clone(), scope(["read", "write"][at % 2]));
        tokio::spawn(async move { store.number_scope(scope).await.unwrap().no })
    }))
    .await;
    let numbers: Vec<_> = numbers.into_iter().map(Result::unwrap).collect();
    assert_ne!(numbers[0], numbers[1]);
    assert!(
        numbers
            .iter()
            .enumerate()
            .all(|(at, no)| *no == numbers[at % 2])
    );
    let store = place.kept(store).await;
    assert_eq!(
        store.number_scope(scope("read")).await.unwrap().no,
        numbers[0]
    );
    assert_eq!(store.scope(numbers[1]), Some(scope("write")));
}
