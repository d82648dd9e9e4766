//! How many failures one place may cause: a bucket of tokens that fills up again with time.

use crate::time::UnixMillis;

/// How large a bucket is and how fast it fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Failures in a row.
    pub burst: u32,
    /// Milliseconds until one more is allowed.
    pub refill_ms: u32,
}

/// What is left of an allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// The moment at which the bucket would be full again.
    full_at: UnixMillis,
}

impl Bucket {
    /// Returns a full bucket.
    #[must_use]
    pub fn full(now: UnixMillis) -> Self {
        Self { full_at: now }
    }

    /// Tells whether it is as good as new, and need not be kept.
    #[must_use]
    pub fn is_full(self, now: UnixMillis) -> bool {
        self.full_at <= now
    }

    /// Tells whether one more is allowed.
    #[must_use]
    pub fn allows(self, allowance: Allowance, now: UnixMillis) -> bool {
        self.missing_ms(now) + i64::from(allowance.refill_ms) <= allowance.whole_ms()
    }

    /// Returns the bucket with one less; an empty one stays empty.
    #[must_use]
    pub fn less(self, allowance: Allowance, now: UnixMillis) -> Self {
        let missing = self.missing_ms(now) + i64::from(allowance.refill_ms);
        Self {
            full_at: UnixMillis(now.0.saturating_add(missing.min(allowance.whole_ms()))),
        }
    }

    /// What time has to fill up; a clock that was set back does not make it more than all.
    fn missing_ms(self, now: UnixMillis) -> i64 {
        self.full_at.since(now).max(0)
    }
}

impl Allowance {
    fn whole_ms(self) -> i64 {
        i64::from(self.burst) * i64::from(self.refill_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
    const ALLOWANCE: Allowance = Allowance {
        burst: 3,
        refill_ms: 1_000,
    };

    fn emptied() -> Bucket {
        (0..3).fold(Bucket::full(NOW), |bucket, at| {
            assert!(bucket.allows(ALLOWANCE, NOW), "{at}");
            bucket.less(ALLOWANCE, NOW)
        })
    }

    #[test]
    fn the_burst_is_allowed_and_no_more() {
        assert!(!emptied().allows(ALLOWANCE, NOW));
        assert_eq!(emptied().less(ALLOWANCE, NOW), emptied());
    }

    #[test]
    fn time_allows_one_after_the_other_again() {
        let second = |n: i64| UnixMillis(NOW.0 + n * 1_000);
        assert!(!emptied().allows(ALLOWANCE, UnixMillis(NOW.0 + 999)));
        assert!(emptied().allows(ALLOWANCE, second(1)));
        let again = emptied().less(ALLOWANCE, second(1));
        assert!(!again.allows(ALLOWANCE, second(1)));
        assert!(!emptied().is_full(second(2)));
        assert!(emptied().is_full(second(3)));
    }
}
