//! Access tokens of other providers, opened and at hand until somebody writes a grant or a token: a call that is proven
//! with one asks the database for nothing.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use quick_cache::unsync::Cache;
use snowglobe_oauth::{outbound::Held, secret::Secret, time::UnixMillis};

use super::grant::Requestor;
use crate::{Store, backend::StoreError};

/// A grant with its access token.
#[derive(Debug)]
pub struct WarmGrant {
    /// What decisions are made on.
    pub held: Held,
    /// The scope that was granted.
    pub scope: Box<str>,
    /// The access token.
    pub access: Secret,
}

/// The grants that were used lately.
pub(crate) struct WarmGrants(Mutex<Cache<Requestor, Known>>);

/// A grant, and what [`crate::backend::Backend::writes_to`] said before it was read.
#[derive(Clone)]
struct Known {
    writes: u64,
    grant: Arc<WarmGrant>,
}

impl WarmGrants {
    pub(crate) fn new() -> Self {
        const GRANTS: usize = 1024;
        Self(Mutex::new(Cache::new(GRANTS)))
    }

    fn of(&self, requestor: &Requestor, writes: Option<u64>) -> Option<Arc<WarmGrant>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(requestor)?;
        (Some(known.writes) == writes).then(|| Arc::clone(&known.grant))
    }

    fn keep(&self, requestor: &Requestor, known: Known) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(requestor.clone(), known);
    }
}

impl Store {
    /// Returns a requestor's grant with its access token; `None` where there is none that can be opened. `machine` is the
    /// machine's time.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn warm_grant(
        &self,
        requestor: &Requestor,
        machine: UnixMillis,
    ) -> Result<Option<Arc<WarmGrant>>, StoreError> {
        let writes = self.backend.writes_to(&TABLES);
        if let Some(known) = self.warm.of(requestor, writes) {
            return Ok(Some(known));
        }
        // Boxed: few need it, and its state would make the future of every call larger.
        let Some(read) = Box::pin(self.held(requestor, machine)).await? else {
            return Ok(None);
        };
        let Some(access) = self.held_access(&read) else {
            return Ok(None);
        };
        let grant = Arc::new(WarmGrant {
            held: read.held,
            scope: read.scope,
            access,
        });
        // Whether a request is still under way is a matter of time, not of writes.
        if let Some(writes) = writes.filter(|_| grant.held.flight.is_none()) {
            let grant = Arc::clone(&grant);
            self.warm.keep(requestor, Known { writes, grant });
        }
        Ok(Some(grant))
    }
}

impl fmt::Debug for WarmGrants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WarmGrants")
    }
}

/// Whoever writes to one of them may have changed what is held.
const TABLES: [&str; 2] = ["sg_grant", "oauth_credential"];
