//! Token ids: 63 bits in the order of making, so that rows land at the end of every index.
//!
//! ```text
//! | 41 bits: milliseconds since 2020-01-01 | 10 bits: node | 12 bits: sequence |
//! ```

use std::{
    fmt,
    num::NonZeroU64,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::time::UnixMillis;

/// The number of a token, or of a family of refresh tokens; larger means later.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(NonZeroU64);

impl TokenId {
    /// Returns the id stored as `value`, if it is one (positive).
    #[must_use]
    pub fn from_i64(value: i64) -> Option<Self> {
        Self::from_bits(u64::try_from(value).ok()?)
    }

    /// Returns the id as the store keeps it: always positive.
    #[must_use]
    pub fn as_i64(self) -> i64 {
        // The sign bit is never set: `from_bits` and `compose` are the only makers.
        self.0.get().cast_signed()
    }

    /// Returns when the token was issued.
    #[must_use]
    pub fn issued_at(self) -> UnixMillis {
        let since_epoch = (self.0.get() >> TICK_SHIFT).cast_signed();
        UnixMillis(EPOCH_MS + since_epoch)
    }

    /// Returns the smallest id of a moment: the lower bound of a range over time.
    #[must_use]
    pub fn first_at(moment: UnixMillis) -> Self {
        Self::compose(tick_of(moment), 0)
    }

    pub(super) fn from_bits(bits: u64) -> Option<Self> {
        NonZeroU64::new(bits)
            .filter(|bits| bits.get() >> 63 == 0)
            .map(Self)
    }

    pub(super) fn bits(self) -> u64 {
        self.0.get()
    }

    fn compose(tick: u64, node: u64) -> Self {
        let tick = tick.min(MAX_TICK);
        let millis = tick >> SEQUENCE_BITS;
        let sequence = tick & ((1 << SEQUENCE_BITS) - 1);
        let bits = millis << TICK_SHIFT | node << SEQUENCE_BITS | sequence;
        Self(NonZeroU64::new(bits).unwrap_or(NonZeroU64::MIN))
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenId({})", self.0)
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Hands out token ids: each larger than the one before, whatever the clock does.
///
/// Time comes in; the only state is the last moment and sequence, so threads may share one.
#[derive(Debug)]
pub struct TokenIds {
    node: u64,
    /// Milliseconds and sequence in one number: a full sequence spills into the next millisecond by itself.
    last: AtomicU64,
}

impl TokenIds {
    /// Starts the ids of a node; only the low ten bits of its number count.
    #[must_use]
    pub fn new(node: u16) -> Self {
        Self {
            node: u64::from(node) & ((1 << NODE_BITS) - 1),
            last: AtomicU64::new(0),
        }
    }

    /// Starts after the newest stored id, so that a clock set back over a restart repeats none.
    #[must_use]
    pub fn after(node: u16, newest: TokenId) -> Self {
        let bits = newest.bits();
        let tick = bits >> TICK_SHIFT << SEQUENCE_BITS | bits & ((1 << SEQUENCE_BITS) - 1);
        Self {
            last: AtomicU64::new(tick),
            ..Self::new(node)
        }
    }

    /// Returns the next id.
    pub fn next(&self, now: UnixMillis) -> TokenId {
        let now = tick_of(now);
        let next = |last: u64| (last + 1).max(now);
        let last = self.last.update(Ordering::Relaxed, Ordering::Relaxed, next);
        TokenId::compose(next(last), self.node)
    }
}

fn tick_of(moment: UnixMillis) -> u64 {
    let millis = u64::try_from(moment.0.saturating_sub(EPOCH_MS)).unwrap_or(0);
    millis.min(MAX_TICK >> SEQUENCE_BITS) << SEQUENCE_BITS
}

/// 2020-01-01T00:00:00Z.
const EPOCH_MS: i64 = 1_577_836_800_000;
const NODE_BITS: u32 = 10;
const SEQUENCE_BITS: u32 = 12;
const TICK_SHIFT: u32 = NODE_BITS + SEQUENCE_BITS;
/// 41 bits of milliseconds (until 2089) and the sequence.
const MAX_TICK: u64 = (1 << 53) - 1;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_123);

    #[test]
    fn an_id_tells_when_it_was_issued() {
        assert_eq!(TokenIds::new(5).next(NOW).issued_at(), NOW);
    }

    #[test]
    fn a_full_sequence_spills_into_the_next_millisecond() {
        let ids = TokenIds::new(1);
        let issued: Vec<_> = (0..=4096).map(|_| ids.next(NOW)).collect();
        assert!(issued.is_sorted_by(|a, b| a < b));
        assert_eq!(
            issued.last().map(|id| id.issued_at()),
            Some(UnixMillis(NOW.0 + 1))
        );
    }

    #[test]
    fn a_clock_set_back_repeats_nothing() {
        let ids = TokenIds::new(1);
        let first = ids.next(NOW);
        assert!(ids.next(UnixMillis(NOW.0 - 60_000)) > first);
        assert!(TokenIds::after(1, first).next(UnixMillis(0)) > first);
    }

    #[test]
    fn a_moment_bounds_its_ids_from_below() {
        let id = TokenIds::new(0).next(NOW);
        assert!(TokenId::first_at(NOW) <= id);
        assert!(TokenId::first_at(UnixMillis(NOW.0 + 1)) > id);
        assert_eq!(TokenId::first_at(UnixMillis(0)).as_i64(), 1);
    }

    #[test]
    fn only_positive_numbers_are_ids() {
        let id = TokenIds::new(1023).next(UnixMillis(i64::MAX));
        assert!(id.as_i64() > 0);
        assert_eq!(TokenId::from_i64(id.as_i64()), Some(id));
        assert_eq!(TokenId::from_i64(0), None);
        assert_eq!(TokenId::from_i64(-1), None);
    }

    #[test]
    fn two_nodes_never_make_the_same_id() {
        assert_ne!(TokenIds::new(1).next(NOW), TokenIds::new(2).next(NOW));
    }
}
