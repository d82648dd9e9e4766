//! Users that were asked for lately, so that a bearer or Basic call costs no query.
//!
//! Any write to a table that users are made of empties the cache whole. A user that was read before such a write
//! and arrives after it must not stay: the epoch tells.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use quick_cache::sync::Cache;
use snowglobe_oauth::account::UserNo;

use super::User;

/// Users by number and by name.
pub(crate) struct UserCache {
    by_no: Cache<UserNo, Entry>,
    by_name: Cache<Box<str>, Entry>,
    epoch: AtomicU64,
}

/// A user with the epoch it was read in.
type Entry = (u64, Arc<User>);

impl UserCache {
    /// Keeps some thousands: a user takes about half a kilobyte.
    pub(crate) fn new() -> Self {
        const USERS: usize = 4096;
        Self {
            by_no: Cache::new(USERS),
            by_name: Cache::new(USERS),
            epoch: AtomicU64::new(0),
        }
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    pub(crate) fn by_no(&self, no: UserNo) -> Option<Arc<User>> {
        self.current(self.by_no.get(&no)?)
    }

    pub(crate) fn by_name(&self, user_name: &str) -> Option<Arc<User>> {
        self.current(self.by_name.get(user_name)?)
    }

    fn current(&self, (epoch, user): Entry) -> Option<Arc<User>> {
        (epoch == self.epoch()).then_some(user)
    }

    pub(crate) fn insert(&self, user: &Arc<User>, epoch: u64) {
        self.by_no
            .insert(user.account.no, (epoch, Arc::clone(user)));
        self.by_name
            .insert(user.account.user_name.clone(), (epoch, Arc::clone(user)));
    }

    /// Forgets everyone.
    pub(crate) fn clear(&self) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
    }
}

impl std::fmt::Debug for UserCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UserCache({} users)", self.by_no.len())
    }
}
