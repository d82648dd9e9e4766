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

/// What is known of families lately. A client that lives on one refresh token asks for the same family again and
/// again; a rotation in this process outdates what was read of its family before, and says what is stored now.
pub(crate) struct FamilyCache {
    known: Mutex<Cache<TokenId, Known>>,
    /// A family counts its rotations here, together with some others: what was read before one is not kept after
    /// it.
    rotations: [AtomicU64; COUNTERS],
}

const COUNTERS: usize = 256;

/// What is known of one family.
#[derive(Clone, Copy)]
struct Known {
    /// The rotations that had been counted before.
    after: u64,
    /// `None`: its row is not there.
    family: Option<Family>,
}

impl FamilyCache {
    pub(crate) fn new() -> Self {
        const FAMILIES: usize = 16_384;
        Self {
            known: Mutex::new(Cache::new(FAMILIES)),
            rotations: std::array::from_fn(|_| AtomicU64::new(0)),
        }
    }

    /// Notes that a rotation was tried, and what is stored if it was committed.
    pub(crate) fn rotated(&self, id: TokenId, family: Option<Family>) {
        let after = self.counter(id).fetch_add(1, Ordering::AcqRel) + 1;
        if family.is_some() {
            self.insert(id, Known { after, family });
        }
    }

    fn rotations(&self, id: TokenId) -> u64 {
        self.counter(id).load(Ordering::Acquire)
    }

    fn counter(&self, id: TokenId) -> &AtomicU64 {
        // An odd multiplier spreads ids, which are times, over the eight bits that choose a counter.
        let spread = id
            .as_i64()
            .wrapping_mul(0x9e37_79b9_7f4a_7c15_u64.cast_signed());
        let [at, ..] = spread.to_be_bytes();
        &self.rotations[usize::from(at)]
    }

    fn get(&self, id: TokenId) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(&id).copied();
        known.filter(|known| known.after == self.rotations(id))
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
            return Box::pin(self.stored_family(id)).await;
        }
        if let Some(known) = self.families.get(id) {
            return Ok(known.family);
        }
        // Taken before the read: a rotation meanwhile outdates what is read.
        let after = self.families.rotations(id);
        let family = Box::pin(self.stored_family(id)).await?;
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
