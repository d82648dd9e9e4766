//! A client and a user on a store, and the tokens between them.

use std::sync::Arc;

use snowglobe_oauth::{
    account::Account,
    change::{Change, RotateFamily},
    client::Client,
    grants::CurrentTokens,
    scope::NumberedScope,
    time::{UnixMillis, UnixSeconds},
    token::{IssuedToken, TokenClaims, TokenId, TokenKind},
};
use snowglobe_store::{Outrun, Owner, Store, backend::ApplyError};

use crate::fixture::{NOW, Place, insert};

pub(crate) const SCOPE: NumberedScope = NumberedScope::USERACCOUNT;

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

    pub(crate) async fn reopened(self, place: &Place) -> Self {
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

    pub(crate) fn issue_until(&self, expires: UnixSeconds) -> IssuedToken {
        let token = self.issue(TokenKind::Access, None);
        IssuedToken {
            claims: TokenClaims {
                expires,
                ..token.claims
            },
            ..token
        }
    }

    pub(crate) fn step(&self, id: TokenId, from: u32) -> Change {
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

    pub(crate) async fn write_behind(&self, token: IssuedToken) {
        let changes = [Change::InsertToken(token)];
        self.store
            .write_tokens_behind(&changes, self.owner())
            .await
            .unwrap();
    }

    pub(crate) async fn current(&self) -> CurrentTokens {
        self.store
            .current_tokens(&self.client, &self.user, &SCOPE)
            .await
            .unwrap()
    }

    pub(crate) fn remember(
        &self,
        seen: CurrentTokens,
        issued: impl IntoIterator<Item = IssuedToken>,
    ) -> Result<(), Outrun> {
        self.store
            .remember_tokens((&self.client, &self.user, &SCOPE), seen, issued)
    }
}
