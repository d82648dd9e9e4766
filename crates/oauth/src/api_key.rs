//! API keys (`inbound-oauth.md` §5.5): a generated text in a header that acts as one user, until somebody takes it away.
//!
//! A key has 256 random bits, so its SHA-256 is all that is kept, and finds it. Every record is in memory: one that is
//! changed or deleted stops at the next request.

use std::{collections::HashMap, sync::Arc};

use crate::{
    account::{Account, AccountFault, UserNo},
    secret::{Secret, SecretHash},
    time::UnixMillis,
};

/// A record of `api_key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// What people call it.
    pub name: Box<str>,
    /// Whether it is in use.
    pub active: bool,
    /// Whom it acts as; `None` when the record names nobody who is there.
    pub user: Option<UserNo>,
    /// The `sys_id` of the auth scope that it is limited to.
    pub auth_scope: Option<Box<str>>,
    /// When it ends; never, if empty.
    pub expires: Option<UnixMillis>,
}

/// Why a key opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApiKeyFault {
    /// There is none like it.
    #[error("no such API key")]
    Unknown,
    /// Somebody has switched it off.
    #[error("the API key is inactive")]
    Inactive,
    /// Its time is over.
    #[error("the API key has expired")]
    Expired,
    /// Its user is gone or blocked.
    #[error("{0}")]
    Account(#[from] AccountFault),
}

impl ApiKeyFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "api_key_unknown",
            Self::Inactive => "api_key_inactive",
            Self::Expired => "api_key_expired",
            Self::Account(fault) => fault.code(),
        }
    }
}

impl ApiKey {
    /// Checks that the key, and whom it acts as, still stand.
    ///
    /// # Errors
    /// [`ApiKeyFault`] when one of them does not.
    pub fn check(&self, account: Option<&Account>, now: UnixMillis) -> Result<(), ApiKeyFault> {
        if !self.active {
            return Err(ApiKeyFault::Inactive);
        }
        if self.expires.is_some_and(|end| end <= now) {
            return Err(ApiKeyFault::Expired);
        }
        let account = account.ok_or(AccountFault::Unknown)?;
        Ok(account.in_use()?)
    }
}

/// Every key, by what is kept of it.
#[derive(Debug, Clone, Default)]
pub struct ApiKeys(HashMap<Box<str>, Arc<ApiKey>>);

impl ApiKeys {
    /// Keeps these keys, each beside the hash that its record holds.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = (Box<str>, ApiKey)>) -> Self {
        let keys = keys.into_iter().map(|(hash, key)| (hash, Arc::new(key)));
        Self(keys.collect())
    }

    /// Returns the key that was presented.
    ///
    /// # Errors
    /// [`ApiKeyFault::Unknown`] when there is none like it.
    pub fn find(&self, presented: &str) -> Result<&Arc<ApiKey>, ApiKeyFault> {
        let hash = SecretHash::hash_generated(&Secret::new(presented.to_owned())).render();
        self.0.get(&*hash).ok_or(ApiKeyFault::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    fn account() -> Account {
        Account {
            no: UserNo(1),
            sys_id: "1".into(),
            user_name: "robot".into(),
            active: true,
            locked_out: false,
            web_service_access_only: true,
            password_needs_reset: false,
            password: None,
            tokens_valid_from: NOW,
        }
    }

    fn key() -> ApiKey {
        ApiKey {
            name: "Robot".into(),
            active: true,
            user: Some(UserNo(1)),
            auth_scope: None,
            expires: None,
        }
    }

    #[test]
    fn a_key_is_found_by_the_whole_of_its_text() {
        let hash = |text: &str| SecretHash::hash_generated(&Secret::new(text.to_owned())).render();
        let keys = ApiKeys::new([(hash("right").into(), key())]);
        assert_eq!(keys.find("right").map(|key| &*key.name), Ok("Robot"));
        for wrong in ["", "righ", "right ", "Right", &hash("right")] {
            assert_eq!(
                keys.find(wrong).err(),
                Some(ApiKeyFault::Unknown),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_key_ends_with_its_time_its_record_or_its_user() {
        assert_eq!(key().check(Some(&account()), NOW), Ok(()));
        let ended = |change: fn(&mut ApiKey)| {
            let mut key = key();
            change(&mut key);
            key.check(Some(&account()), NOW)
        };
        assert_eq!(ended(|it| it.active = false), Err(ApiKeyFault::Inactive));
        assert_eq!(
            ended(|it| it.expires = Some(NOW)),
            Err(ApiKeyFault::Expired)
        );
        assert_eq!(ended(|it| it.expires = Some(UnixMillis(NOW.0 + 1))), Ok(()));
        for (block, fault) in [
            (
                (|it| it.active = false) as fn(&mut Account),
                AccountFault::Inactive,
            ),
            (|it| it.locked_out = true, AccountFault::LockedOut),
        ] {
            let mut account = account();
            block(&mut account);
            assert_eq!(key().check(Some(&account), NOW), Err(fault.into()));
        }
        assert_eq!(key().check(None, NOW), Err(AccountFault::Unknown.into()));
    }
}
