//! What a grant needs to know of a user (`sys_user`), and whether the account stands.

use crate::{secret::SecretHash, time::UnixMillis, token::TokenId};

/// The number of a user, as tokens carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserNo(pub u32);

/// What the instance knows of a user when a grant is decided.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are columns of sys_user"
)]
pub struct Account {
    /// The number tokens carry.
    pub no: UserNo,
    /// The `sys_id` of the record.
    pub sys_id: Box<str>,
    /// The name people log in with.
    pub user_name: Box<str>,
    /// Whether the account is in use.
    pub active: bool,
    /// Whether it was locked, by failed logins or by an admin.
    pub locked_out: bool,
    /// A machine's account: it has no login of its own, hence no password grant.
    pub web_service_access_only: bool,
    /// Whether the password must be changed first.
    pub password_needs_reset: bool,
    /// The password; `None` where another party checks it or there is none.
    pub password: Option<SecretHash>,
    /// Tokens issued before this moment are dead: the password changed, or somebody signed the user out.
    pub tokens_valid_from: UnixMillis,
}

/// Why an account gets or keeps no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccountFault {
    /// There is no such user.
    #[error("the user does not exist")]
    Unknown,
    /// The account is not active.
    #[error("the user is inactive")]
    Inactive,
    /// The account is locked.
    #[error("the user is locked out")]
    LockedOut,
    /// The account is for web services only, and the grant is for people.
    #[error("the user is web-service-only")]
    WebServiceAccessOnly,
    /// The password must be changed first.
    #[error("the user's password needs a reset")]
    PasswordNeedsReset,
    /// The user has a second factor, which the request cannot bring.
    #[error("the user logs in with a second factor")]
    SecondFactorNeeded,
    /// The token is older than the user's last password change or sign-out.
    #[error("the token was issued before the user's tokens were ended")]
    TokensEnded,
}

impl AccountFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "user_unknown",
            Self::Inactive => "user_inactive",
            Self::LockedOut => "user_locked_out",
            Self::WebServiceAccessOnly => "user_web_service_access_only",
            Self::PasswordNeedsReset => "user_password_needs_reset",
            Self::SecondFactorNeeded => "user_second_factor_needed",
            Self::TokensEnded => "user_tokens_ended",
        }
    }
}

impl Account {
    /// Checks that the account is in use: what every token needs, whenever it is used.
    ///
    /// # Errors
    /// [`AccountFault`] when it is inactive or locked.
    pub fn in_use(&self) -> Result<(), AccountFault> {
        if !self.active {
            return Err(AccountFault::Inactive);
        }
        if self.locked_out {
            return Err(AccountFault::LockedOut);
        }
        Ok(())
    }

    /// Checks what a client-credentials grant asks of its user (`inbound-oauth.md` §2.4).
    ///
    /// # Errors
    /// [`AccountFault`] when the account is not in use or needs a new password.
    pub fn may_serve_an_application(&self) -> Result<(), AccountFault> {
        self.in_use()?;
        if self.password_needs_reset {
            Err(AccountFault::PasswordNeedsReset)
        } else {
            Ok(())
        }
    }

    /// Checks what a password grant asks of its user (`inbound-oauth.md` §2.3).
    ///
    /// # Errors
    /// [`AccountFault`] when the account is not in use, not for people, or needs a new password.
    pub fn may_log_in(&self) -> Result<(), AccountFault> {
        self.in_use()?;
        if self.web_service_access_only {
            return Err(AccountFault::WebServiceAccessOnly);
        }
        if self.password_needs_reset {
            Err(AccountFault::PasswordNeedsReset)
        } else {
            Ok(())
        }
    }

    /// Checks that a token, or the family a refresh token began, is not older than the last ending of all.
    ///
    /// # Errors
    /// [`AccountFault::TokensEnded`] when it is.
    pub fn honours(&self, token: TokenId) -> Result<(), AccountFault> {
        let ended = token.issued_at() < self.tokens_valid_from;
        if ended {
            Err(AccountFault::TokensEnded)
        } else {
            Ok(())
        }
    }
}
