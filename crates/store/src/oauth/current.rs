//! The tokens that a repeated grant returns (`inbound-oauth.md` §2.0, same-token rule).

use std::sync::{Arc, Mutex, PoisonError};

use quick_cache::unsync::Cache;
use snowglobe_oauth::{
    account::{Account, UserNo},
    client::{Client, ClientNo},
    grants::CurrentTokens,
    scope::{NumberedScope, ScopeNo},
    time::UnixSeconds,
    token::{IssuedToken, TokenClaims, TokenId, TokenKind},
};
use snowglobe_records::Value;

use crate::{
    Store,
    backend::{Cost, StoreError},
    sql::{Row, Rows, Statement},
};

/// Whose tokens.
pub(super) type Key = (ClientNo, UserNo, ScopeNo);

/// The current tokens of the grants made lately.
pub(crate) struct CurrentCache(Mutex<Cache<Key, CurrentTokens>>);

/// Somebody else's token became the current one meanwhile: decide again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outrun;

impl CurrentCache {
    pub(crate) fn new() -> Self {
        const GRANTS: usize = 32_768;
        Self(Mutex::new(Cache::new(GRANTS)))
    }

    fn get(&self, key: &Key) -> Option<CurrentTokens> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .copied()
    }

    /// Replaces what was seen; two grants at the same moment must not each make a token.
    fn replace(&self, key: Key, seen: CurrentTokens, new: CurrentTokens) -> Result<(), Outrun> {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.get(&key).is_some_and(|current| *current != seen) {
            return Err(Outrun);
        }
        cache.insert(key, new);
        Ok(())
    }

    fn offer(&self, key: Key, found: CurrentTokens) -> CurrentTokens {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(current) = cache.get(&key) {
            return *current;
        }
        cache.insert(key, found);
        found
    }
}

impl std::fmt::Debug for CurrentCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CurrentCache")
    }
}

impl Store {
    /// Returns the newest tokens of a client, user and scope that are not revoked.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn current_tokens(
        &self,
        client: &Client,
        user: &Account,
        scope: &NumberedScope,
    ) -> Result<CurrentTokens, StoreError> {
        let key = (client.no, user.no, scope.no);
        let tokens = match self.current.get(&key) {
            Some(tokens) => tokens,
            None => self.current.offer(
                key,
                Box::pin(self.stored_tokens(client, user, scope)).await?,
            ),
        };
        Ok(self.unrevoked(tokens))
    }

    fn unrevoked(&self, tokens: CurrentTokens) -> CurrentTokens {
        let alive = |token: &IssuedToken| !self.is_revoked(&token.claims);
        CurrentTokens {
            alone: tokens.alone.filter(alive),
            access: tokens.access.filter(alive),
            refresh: tokens.refresh.filter(alive),
        }
    }

    /// Makes newly issued tokens the current ones, if `seen` still are.
    ///
    /// # Errors
    /// [`Outrun`] when another request was faster.
    pub fn remember_tokens(
        &self,
        (client, user, scope): (&Client, &Account, &NumberedScope),
        seen: CurrentTokens,
        issued: impl IntoIterator<Item = IssuedToken>,
    ) -> Result<(), Outrun> {
        let key = (client.no, user.no, scope.no);
        let mut new = seen;
        for token in issued {
            let place = match (token.claims.kind, token.claims.family) {
                (TokenKind::Access, None) => &mut new.alone,
                (TokenKind::Access, Some(_)) => &mut new.access,
                (TokenKind::Refresh, _) => &mut new.refresh,
                (TokenKind::Code | TokenKind::Device, _) => continue,
            };
            *place = Some(token);
        }
        // What was seen had its revoked tokens left out; the cache has them still.
        let cached = self.current.get(&key).unwrap_or(seen);
        if self.unrevoked(cached) == seen {
            self.current.replace(key, cached, new)
        } else {
            Err(Outrun)
        }
    }

    /// Returns the id of the token that was stored last.
    pub(crate) async fn newest_token(&self) -> Result<Option<TokenId>, StoreError> {
        let statement = Statement::new(
            "SELECT max(id) FROM (SELECT max(sys_row) AS id FROM oauth_credential \
             UNION ALL SELECT max(newest) FROM sg_token_note) AS newest",
            [],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let row = rows.first().and_then(Rows::first);
        Ok(row.and_then(|row| TokenId::from_i64(row.int(0))))
    }

    async fn stored_tokens(
        &self,
        client: &Client,
        user: &Account,
        scope: &NumberedScope,
    ) -> Result<CurrentTokens, StoreError> {
        self.enter_tokens_of(&(client.no, user.no, scope.no))
            .await?;
        let newest = |statement: &Arc<str>, kind| {
            let of = [&user.sys_id, &client.sys_id, scope.scope.as_str(), kind];
            let comparable = |text: &str| Value::Text(self.backend.dialect().comparable(text));
            let params: Vec<Value> = of.into_iter().map(comparable).collect();
            Statement::new(Arc::clone(statement), params)
        };
        let statements = [
            newest(&self.statements.newest_alone, "access_token"),
            newest(&self.statements.newest_of_family, "access_token"),
            newest(&self.statements.newest_alone, "refresh_token"),
        ];
        // Usually a step in an index; but it walks past every token of the user that another client has.
        let rows = self.backend.read(Cost::Scan, &statements).await?;
        let token = |at: usize, kind| {
            let row = rows.get(at)?.first()?;
            issued(row, (client.no, user.no, scope.no), kind)
        };
        Ok(CurrentTokens {
            alone: token(0, TokenKind::Access),
            access: token(1, TokenKind::Access),
            refresh: token(2, TokenKind::Refresh),
        })
    }
}

fn issued(row: Row<'_>, (client, user, scope): Key, kind: TokenKind) -> Option<IssuedToken> {
    Some(IssuedToken {
        claims: TokenClaims {
            kind,
            id: TokenId::from_i64(row.int(0))?,
            family: TokenId::from_i64(row.int(1)),
            client,
            user,
            scope,
            expires: seconds(row.text(4))?,
            generation: u32::try_from(row.int(2)).ok()?,
        },
        key_id: u8::try_from(row.int(3)).ok()?,
    })
}

/// The second that a date-time column names.
pub(super) fn seconds(date_time: &str) -> Option<UnixSeconds> {
    let parsed: jiff::civil::DateTime = date_time.parse().ok()?;
    let moment = parsed.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    u32::try_from(moment.as_second()).ok().map(UnixSeconds)
}
