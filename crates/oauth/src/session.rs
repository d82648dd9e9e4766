//! How long a person stays logged in with a browser (OpenID Connect Core §1: the End-User's session at the
//! authorization server), and what ends it early.

use crate::{
    account::{Account, AccountFault},
    time::{UnixMillis, UnixSeconds},
};

/// When a session began and when it was last used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimes {
    /// When the person logged in; `auth_time` in OpenID Connect.
    pub authenticated_at: UnixMillis,
    /// When a request last came with it, give or take [`SEEN_STEP_MS`].
    pub seen_at: UnixMillis,
}

/// How long a session may last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Seconds without a request (`glide.ui.session_timeout`, which counts minutes).
    pub idle: u32,
    /// Seconds since the log-in, whatever is done with it.
    pub absolute: u32,
}

/// Why a session has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionFault {
    /// Nothing was done with it for too long.
    #[error("the session was idle for too long")]
    Idle,
    /// It was begun too long ago.
    #[error("the session has reached its greatest age")]
    TooOld,
    /// Its user is gone or blocked, must choose a new password, or has chosen one elsewhere.
    #[error("{0}")]
    Account(#[from] AccountFault),
}

/// A use is noted when the last noted one is this many milliseconds old: a page costs no write.
pub const SEEN_STEP_MS: i64 = 60_000;

impl SessionFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Idle => "session_idle",
            Self::TooOld => "session_too_old",
            Self::Account(fault) => fault.code(),
        }
    }
}

impl SessionTimes {
    /// Checks that a session still stands.
    ///
    /// # Errors
    /// [`SessionFault`] when it has ended.
    pub fn check(
        &self,
        limits: SessionLimits,
        account: Option<&Account>,
        now: UnixMillis,
    ) -> Result<(), SessionFault> {
        let began = self.authenticated_at;
        if !began.after(limits.absolute).is_after(now) {
            return Err(SessionFault::TooOld);
        }
        if !self.seen_at.after(limits.idle).is_after(now) {
            return Err(SessionFault::Idle);
        }
        let account = account.ok_or(AccountFault::Unknown)?;
        account.may_log_in()?;
        // security.md §2, 39: a new password ends what the old one began.
        if began < account.tokens_valid_from {
            return Err(AccountFault::TokensEnded.into());
        }
        Ok(())
    }

    /// Tells whether this use is worth noting.
    #[must_use]
    pub fn to_be_noted(&self, now: UnixMillis) -> bool {
        now.since(self.seen_at) >= SEEN_STEP_MS
    }

    /// Returns when the person logged in, in seconds.
    #[must_use]
    pub fn auth_time(&self) -> UnixSeconds {
        self.authenticated_at.seconds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::UserNo;

    const BEGAN: UnixMillis = UnixMillis(1_800_000_000_000);
    const LIMITS: SessionLimits = SessionLimits {
        idle: 1_800,
        absolute: 36_000,
    };

    fn account() -> Account {
        Account {
            no: UserNo(1),
            sys_id: "1".into(),
            user_name: "abel".into(),
            active: true,
            locked_out: false,
            web_service_access_only: false,
            password_needs_reset: false,
            password: None,
            tokens_valid_from: UnixMillis(0),
        }
    }

    fn check(seen_after: i64, now_after: i64, account: &Account) -> Result<(), SessionFault> {
        let times = SessionTimes {
            authenticated_at: BEGAN,
            seen_at: UnixMillis(BEGAN.0 + seen_after * 1000),
        };
        times.check(
            LIMITS,
            Some(account),
            UnixMillis(BEGAN.0 + now_after * 1000),
        )
    }

    #[test]
    fn an_idle_session_ends_at_its_second_and_not_before() {
        assert_eq!(check(0, 1_799, &account()), Ok(()));
        assert_eq!(check(0, 1_800, &account()), Err(SessionFault::Idle));
        assert_eq!(check(600, 1_800, &account()), Ok(()));
    }

    #[test]
    fn a_busy_session_ends_too() {
        assert_eq!(check(35_990, 35_999, &account()), Ok(()));
        assert_eq!(check(35_990, 36_000, &account()), Err(SessionFault::TooOld));
    }

    #[test]
    fn whatever_blocks_the_user_ends_the_session() {
        type Block = fn(&mut Account);
        let blocks: [(Block, AccountFault); 5] = [
            (|it| it.active = false, AccountFault::Inactive),
            (|it| it.locked_out = true, AccountFault::LockedOut),
            (
                |it| it.web_service_access_only = true,
                AccountFault::WebServiceAccessOnly,
            ),
            (
                |it| it.password_needs_reset = true,
                AccountFault::PasswordNeedsReset,
            ),
            (
                |it| it.tokens_valid_from = UnixMillis(BEGAN.0 + 1),
                AccountFault::TokensEnded,
            ),
        ];
        for (block, fault) in blocks {
            let mut blocked = account();
            block(&mut blocked);
            assert_eq!(check(0, 1, &blocked), Err(SessionFault::Account(fault)));
        }
        let times = SessionTimes {
            authenticated_at: BEGAN,
            seen_at: BEGAN,
        };
        let gone = times.check(LIMITS, None, BEGAN);
        assert_eq!(gone, Err(AccountFault::Unknown.into()));
    }

    #[test]
    fn the_session_that_a_new_password_begins_stands() {
        let mut changed = account();
        changed.tokens_valid_from = BEGAN;
        assert_eq!(check(0, 1, &changed), Ok(()));
    }

    #[test]
    fn a_use_is_noted_once_a_minute() {
        let times = SessionTimes {
            authenticated_at: BEGAN,
            seen_at: BEGAN,
        };
        assert!(!times.to_be_noted(UnixMillis(BEGAN.0 + SEEN_STEP_MS - 1)));
        assert!(times.to_be_noted(UnixMillis(BEGAN.0 + SEEN_STEP_MS)));
    }
}
