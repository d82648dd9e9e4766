//! Tokens prove themselves; what the store adds is who holds which, what was taken back, and what is used once.

use std::sync::Arc;

use futures_util::future::join_all;
use snowglobe_oauth::{
    account::Account,
    change::{Change, RotateFamily},
    client::Client,
    grants::CurrentTokens,
    scope::{NumberedScope, Scope},
    time::{UnixMillis, UnixSeconds},
    token::{IssuedToken, TokenClaims, TokenId, TokenKind},
};
use snowglobe_store::{
    Outrun, Owner, Store,
    backend::{ApplyError, StoreError},
};

use crate::fixture::{NOW, Place, ask_and_go, delete, insert, list, row, stamp, until, values};

const SCOPE: NumberedScope = NumberedScope::USERACCOUNT;

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
    let mut change = crate::fixture::change(&row, &[("user_password", "correct horse")]);
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
    let store = place_kept(&place, store).await;
    assert_eq!(
        store.number_scope(scope("read")).await.unwrap().no,
        numbers[0]
    );
    assert_eq!(store.scope(numbers[1]), Some(scope("write")));
}

async fn place_kept(place: &Place, store: Store) -> Store {
    match place.location {
        snowglobe_store::backend::Location::Memory => store,
        _ => {
            store.close().await.unwrap();
            drop(store);
            place.open().await
        }
    }
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
    assert!(store.sweep(bound, NOW).await.unwrap());
    assert_eq!(left().await.len(), 602);
    assert!(store.sweep(bound, NOW).await.unwrap());
    assert!(!store.sweep(bound, NOW).await.unwrap());
    assert_eq!(left().await, ["2027-01-15 07:51:40", "2027-01-15 08:30:00"]);
    assert!(!store.sweep(bound, NOW).await.unwrap());
    assert_eq!(left().await.len(), 2);
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
    let store = place_kept(&place, holder.store).await;
    assert!(!store.is_revoked(&token.claims));
}

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
        let new = store.ids().tokens().next(at);
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

/// A client and a user, and the tokens between them.
pub(crate) struct Holder {
    pub(crate) store: Store,
    pub(crate) client: Arc<Client>,
    pub(crate) user: Arc<Account>,
}

impl Holder {
    pub(crate) async fn make(store: Store) -> Self {
        insert(&store, "sys_user", &[("user_name", "robot")]).await;
        let body = [
            ("client_id", "robot"),
            ("name", "Robot"),
            ("type", "client"),
        ];
        insert(&store, "oauth_entity", &body).await;
        Self::of(store).await
    }

    async fn of(store: Store) -> Self {
        let client = Arc::clone(store.clients().by_id("robot").unwrap());
        let user = store.user_by_name("robot").await.unwrap().unwrap();
        Self {
            client,
            user: Arc::clone(&user.account),
            store,
        }
    }

    async fn reopened(self, place: &Place) -> Self {
        Self::of(place.reopen(self.store).await).await
    }

    /// Returns a new token; nothing is written.
    pub(crate) fn issue(&self, kind: TokenKind, family: Option<TokenId>) -> IssuedToken {
        let claims = TokenClaims {
            kind,
            id: self.store.ids().tokens().next(NOW),
            family,
            client: self.client.no,
            user: self.user.no,
            scope: SCOPE.no,
            expires: UnixSeconds(1_800_001_800),
            generation: 0,
        };
        self.store.keys().mint(claims).0
    }

    fn issue_until(&self, expires: UnixSeconds) -> IssuedToken {
        let token = self.issue(TokenKind::Access, None);
        IssuedToken {
            claims: TokenClaims {
                expires,
                ..token.claims
            },
            ..token
        }
    }

    fn step(&self, id: TokenId, from: u32) -> Change {
        Change::RotateFamily(RotateFamily {
            id,
            client: self.client.no,
            user: self.user.no,
            scope: SCOPE.no,
            from,
            to: from + 1,
            at: UnixMillis(NOW.0 + 1000),
            expires: UnixSeconds(1_800_009_999),
        })
    }

    fn owner(&self) -> Owner<'_> {
        Owner {
            client: &self.client,
            user: &self.user,
        }
    }

    pub(crate) async fn apply(&self, changes: &[Change]) -> Result<(), ApplyError> {
        self.store
            .apply_changes(changes, Some(self.owner()), NOW)
            .await
    }

    async fn write_behind(&self, token: IssuedToken) {
        let changes = [Change::InsertToken(token)];
        self.store
            .write_tokens_behind(&changes, self.owner())
            .await
            .unwrap();
    }

    async fn current(&self) -> CurrentTokens {
        self.store
            .current_tokens(&self.client, &self.user, &SCOPE)
            .await
            .unwrap()
    }

    fn remember(
        &self,
        seen: CurrentTokens,
        issued: impl IntoIterator<Item = IssuedToken>,
    ) -> Result<(), Outrun> {
        self.store
            .remember_tokens((&self.client, &self.user, &SCOPE), seen, issued)
    }
}
