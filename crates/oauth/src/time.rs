//! Time as values: the instance's clock hands them in, nothing here reads one.

/// A moment in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMillis(pub i64);

/// A moment in whole seconds since 1970-01-01T00:00:00Z; reaches until 2106.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixSeconds(pub u32);

impl UnixMillis {
    /// Returns the second this moment lies in; moments out of range are held at its ends.
    #[must_use]
    pub fn seconds(self) -> UnixSeconds {
        let seconds = self.0.div_euclid(1000).max(0);
        UnixSeconds(u32::try_from(seconds).unwrap_or(u32::MAX))
    }

    /// Returns the second that ends a life of `lifespan` seconds begun now. It is never later than asked.
    #[must_use]
    pub fn after(self, lifespan: u32) -> UnixSeconds {
        UnixSeconds(self.seconds().0.saturating_add(lifespan))
    }

    /// Returns how many milliseconds passed since `earlier`; negative when it lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl UnixSeconds {
    /// Tells whether this end of a life still lies ahead.
    #[must_use]
    pub fn is_after(self, now: UnixMillis) -> bool {
        self.millis().0 > now.0
    }

    /// Returns the moment this second begins.
    #[must_use]
    pub fn millis(self) -> UnixMillis {
        UnixMillis(i64::from(self.0) * 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_ends_at_its_second_and_not_before() {
        let end = UnixMillis(10_500).after(2);
        assert_eq!(end, UnixSeconds(12));
        assert!(end.is_after(UnixMillis(11_999)));
        assert!(!end.is_after(UnixMillis(12_000)));
    }

    #[test]
    fn moments_out_of_range_are_held_at_the_ends() {
        assert_eq!(UnixMillis(-1).seconds(), UnixSeconds(0));
        assert_eq!(UnixMillis(i64::MAX).after(7), UnixSeconds(u32::MAX));
    }
}
