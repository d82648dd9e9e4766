//! Tokens that no longer count although they prove themselves: a small set in memory, fed by every commit and by
//! the other nodes.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use snowglobe_oauth::{
    time::{UnixMillis, UnixSeconds},
    token::{TokenClaims, TokenId},
};
use snowglobe_records::Value;

use crate::{
    Store,
    backend::{Cost, StoreError},
    sql::Statement,
};

/// The ids of revoked tokens and token families, until they would have expired.
#[derive(Debug, Default)]
pub(crate) struct Revocations {
    ids: RwLock<HashMap<TokenId, UnixSeconds>>,
    /// The latest `revoked_at` that was read.
    seen: AtomicI64,
}

/// Nodes' clocks may differ and commits end out of order, so each look goes back this far.
const OVERLAP_MS: i64 = 60_000;

impl Revocations {
    pub(crate) fn contains(&self, id: TokenId) -> bool {
        self.ids
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(&id)
    }

    pub(crate) fn insert(&self, id: TokenId, expires: UnixSeconds) {
        self.ids
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, expires);
    }

    /// Forgets what has expired by itself.
    pub(crate) fn forget_before(&self, now: UnixMillis) {
        let mut ids = self.ids.write().unwrap_or_else(PoisonError::into_inner);
        ids.retain(|_, expires| expires.is_after(now));
    }
}

impl Store {
    /// Tells whether a token, or the family it belongs to, was revoked.
    #[must_use]
    pub fn is_revoked(&self, claims: &TokenClaims) -> bool {
        let revoked = |id| self.revocations.contains(id);
        revoked(claims.id) || claims.family.is_some_and(revoked)
    }

    /// Tells whether this very id was revoked.
    #[must_use]
    pub fn is_revoked_id(&self, id: TokenId) -> bool {
        self.revocations.contains(id)
    }

    /// Reads what other nodes revoked since the last look.
    pub(crate) async fn load_revocations(&self) -> Result<(), StoreError> {
        let since = self
            .revocations
            .seen
            .load(Ordering::Acquire)
            .saturating_sub(OVERLAP_MS);
        let statement = Statement::new(
            "SELECT token_id, expires, revoked_at FROM sg_revocation WHERE revoked_at > $1",
            [Value::Int(since)],
        );
        let rows = self.backend.read(Cost::Scan, &[statement]).await?;
        for row in rows.iter().flat_map(crate::sql::Rows::iter) {
            if let Some(id) = TokenId::from_i64(row.int(0)) {
                let expires = u32::try_from(row.int(1)).unwrap_or(u32::MAX);
                self.revocations.insert(id, UnixSeconds(expires));
            }
            self.revocations
                .seen
                .fetch_max(row.int(2), Ordering::AcqRel);
        }
        Ok(())
    }
}
