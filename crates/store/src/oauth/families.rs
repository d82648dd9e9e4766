//! The stored state of a refresh token's family: how often it was rotated, and when.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use quick_cache::unsync::Cache;
use snowglobe_oauth::{
    grants::refresh_token::Family,
    time::{UnixMillis, UnixSeconds},
    token::TokenId,
};
use snowglobe_records::Value;

use super::current::seconds;
use crate::{
    Store,
    backend::{Cost, StoreError},
    sql::{Dialect, Rows, Statement},
};

/// What was read of families lately. A client that lives on one refresh token asks for the same family again and
/// again; any rotation in this process outdates all that was read before it.
pub(crate) struct FamilyCache {
    known: Mutex<Cache<TokenId, Known>>,
    rotations: AtomicU64,
}

/// What was read of one family.
#[derive(Clone, Copy)]
struct Known {
    /// The rotations there had been before it was read.
    after: u64,
    /// `None`: its row is not there.
    family: Option<Family>,
}

impl FamilyCache {
    pub(crate) fn new() -> Self {
        const FAMILIES: usize = 16_384;
        Self {
            known: Mutex::new(Cache::new(FAMILIES)),
            rotations: AtomicU64::new(0),
        }
    }

    /// Notes that a rotation was committed.
    pub(crate) fn rotated(&self) {
        self.rotations.fetch_add(1, Ordering::AcqRel);
    }

    fn rotations(&self) -> u64 {
        self.rotations.load(Ordering::Acquire)
    }

    fn get(&self, id: TokenId) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(&id).copied();
        known.filter(|known| known.after == self.rotations())
    }

    fn insert(&self, id: TokenId, known: Known) {
        let mut cache = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        cache.insert(id, known);
    }
}

impl std::fmt::Debug for FamilyCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FamilyCache")
    }
}

impl Store {
    /// Returns what is stored of a refresh token's family, if its row is there.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn family(&self, id: TokenId) -> Result<Option<Family>, StoreError> {
        // On PostgreSQL another process may have rotated it a moment ago.
        if self.backend.dialect() == Dialect::Postgres {
            return self.stored_family(id).await;
        }
        if let Some(known) = self.families.get(id) {
            return Ok(known.family);
        }
        // Taken before the read: a rotation meanwhile outdates what is read.
        let after = self.families.rotations();
        let family = self.stored_family(id).await?;
        self.families.insert(id, Known { after, family });
        Ok(family)
    }

    async fn stored_family(&self, id: TokenId) -> Result<Option<Family>, StoreError> {
        let statement = Statement::new(
            "SELECT generation, rotated_at, expires FROM oauth_credential WHERE sys_row = $1",
            [Value::Int(id.as_i64())],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let row = rows.first().and_then(Rows::first);
        Ok(row.and_then(|row| {
            Some(Family {
                generation: u32::try_from(row.int(0)).ok()?,
                rotated_at: seconds(row.text(1)).map_or(UnixMillis(0), UnixSeconds::millis),
                expires: seconds(row.text(2))?,
            })
        }))
    }
}
