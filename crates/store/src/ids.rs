//! New keys for records and tokens, in the order of their making.

use std::sync::atomic::{AtomicU64, Ordering};

use snowglobe_oauth::{
    time::UnixMillis,
    token::{TokenId, TokenIds},
};
use snowglobe_records::SysId;

/// Makes `sys_id`s and token ids for one process.
#[derive(Debug)]
pub struct Ids {
    tokens: TokenIds,
    records: TokenIds,
    noise: AtomicU64,
}

impl Ids {
    /// `node` tells the processes on one database apart; `noise` makes record ids unguessable.
    pub(crate) fn new(node: u16, noise: u64) -> Self {
        Self {
            tokens: TokenIds::new(node),
            records: TokenIds::new(node),
            noise: AtomicU64::new(noise),
        }
    }

    /// Returns the maker of token ids.
    #[must_use]
    pub fn tokens(&self) -> &TokenIds {
        &self.tokens
    }

    /// Goes on after the newest stored token: a clock that was set back over a restart repeats no id.
    pub(crate) fn go_on_after(&self, newest: TokenId) {
        self.tokens.next(UnixMillis(newest.issued_at().0 + 1));
    }

    /// Returns the present moment or, when the clock was set back, one that every token made here lies before.
    pub(crate) fn after_all_tokens(&self, now: UnixMillis) -> UnixMillis {
        let newest = self.tokens.next(now).issued_at();
        if newest <= now {
            return now;
        }
        let after = UnixMillis(newest.0 + 1);
        self.tokens.next(after);
        after
    }

    /// Returns the next record id; after every one before it in the order of text.
    pub fn record(&self, now: UnixMillis) -> SysId {
        let step = self.noise.fetch_add(GOLDEN, Ordering::Relaxed);
        SysId::in_order(self.records.next(now).as_i64().cast_unsigned(), mix(step))
    }
}

/// The odd step of `splitmix64`: the counter meets every number once before it repeats.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finish of `splitmix64`: neighbours look like noise.
fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
