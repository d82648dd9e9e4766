//! Wrong passwords are counted, and too many in a row lock the account for a while (`inbound-oauth.md` §8.3).
//!
//! ```text
//! open, n failed ── failed ──> open, n + 1 ── … ──> locked by guesses ── the time is over ──> open, 0
//!       ^── a right password ──┘                    locked by an administrator ── never by itself
//! ```
//! The count is the user's, wherever the guesses come from: the login form, the password grant, Basic credentials
//! or a second factor's code.

use crate::time::UnixMillis;

/// How many guesses there are, and how long a lock lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockoutLimits {
    /// `glide.user.max_unlock_attempts`: the failure that locks; 0 means that none does.
    pub attempts: u32,
    /// `glide.user.unlock_timeout_in_mins`, in minutes; 0 means until an administrator unlocks.
    pub minutes: u32,
}

/// How a user stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Failures since the last success: `sys_user.failed_attempts`.
    pub failed: u32,
    /// Whether the account is locked, and by whom.
    pub lock: Lock,
}

/// Whether an account is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lock {
    /// It is not.
    #[default]
    Open,
    /// It is, since this moment, because of failures.
    ByGuesses(UnixMillis),
    /// It is, because somebody locked it.
    ByAdministrator,
}

impl Standing {
    /// Tells whether nobody gets in, whatever the password.
    #[must_use]
    pub fn is_locked(self) -> bool {
        self.lock != Lock::Open
    }

    /// Returns how the user stands at this moment: a lock by guesses ends by itself.
    #[must_use]
    pub fn at(self, limits: LockoutLimits, now: UnixMillis) -> Self {
        match self.lock {
            Lock::ByGuesses(since)
                if limits.minutes > 0 && now.since(since) >= limits.lasts_ms() =>
            {
                Self::default()
            }
            _ => self,
        }
    }

    /// Returns how the user stands after one more failure. A locked one stands as before: guessing on does not
    /// keep the owner out for longer.
    #[must_use]
    pub fn failed(self, limits: LockoutLimits, now: UnixMillis) -> Self {
        if self.is_locked() {
            return self;
        }
        let failed = self.failed.saturating_add(1);
        let lock = if limits.attempts > 0 && failed >= limits.attempts {
            Lock::ByGuesses(now)
        } else {
            Lock::Open
        };
        Self { failed, lock }
    }

    /// Returns how the user stands after a success.
    #[must_use]
    pub fn succeeded(self) -> Self {
        if self.is_locked() {
            return self;
        }
        Self::default()
    }
}

impl LockoutLimits {
    fn lasts_ms(self) -> i64 {
        i64::from(self.minutes) * 60_000
    }

    /// Returns the moment since which a lock by guesses must last to stand now; `None` when none ends by itself.
    #[must_use]
    pub fn standing_since(self, now: UnixMillis) -> Option<UnixMillis> {
        (self.minutes > 0).then(|| UnixMillis(now.0.saturating_sub(self.lasts_ms())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
    const LIMITS: LockoutLimits = LockoutLimits {
        attempts: 5,
        minutes: 15,
    };

    fn after(failures: usize) -> Standing {
        (0..failures).fold(Standing::default(), |it, _| it.failed(LIMITS, NOW))
    }

    #[test]
    fn the_fifth_failure_locks() {
        assert_eq!(
            after(4),
            Standing {
                failed: 4,
                lock: Lock::Open
            }
        );
        assert_eq!(
            after(5),
            Standing {
                failed: 5,
                lock: Lock::ByGuesses(NOW)
            }
        );
    }

    #[test]
    fn a_success_starts_the_count_again() {
        assert_eq!(after(4).succeeded(), Standing::default());
    }

    #[test]
    fn a_success_does_not_unlock() {
        assert_eq!(after(5).succeeded(), after(5));
    }

    #[test]
    fn guessing_on_does_not_prolong_a_lock() {
        let later = UnixMillis(NOW.0 + 60_000);
        assert_eq!(after(5).failed(LIMITS, later), after(5));
    }

    #[test]
    fn a_lock_by_guesses_ends_at_its_moment_and_not_before() {
        let end = NOW.0 + 15 * 60_000;
        assert_eq!(after(5).at(LIMITS, UnixMillis(end - 1)), after(5));
        assert_eq!(after(5).at(LIMITS, UnixMillis(end)), Standing::default());
        let since = LIMITS.standing_since(UnixMillis(end));
        assert_eq!(since, Some(NOW));
    }

    #[test]
    fn an_administrator_s_lock_does_not_end_by_itself() {
        let locked = Standing {
            failed: 0,
            lock: Lock::ByAdministrator,
        };
        assert_eq!(locked.at(LIMITS, UnixMillis(i64::MAX)), locked);
    }

    #[test]
    fn zero_switches_each_half_off() {
        let never = LockoutLimits {
            attempts: 0,
            minutes: 15,
        };
        let many = (0..100).fold(Standing::default(), |it, _| it.failed(never, NOW));
        assert_eq!(
            many,
            Standing {
                failed: 100,
                lock: Lock::Open
            }
        );
        let for_ever = LockoutLimits {
            attempts: 1,
            minutes: 0,
        };
        let locked = Standing::default().failed(for_ever, NOW);
        assert_eq!(locked.at(for_ever, UnixMillis(i64::MAX)), locked);
        assert_eq!(for_ever.standing_since(NOW), None);
    }
}
