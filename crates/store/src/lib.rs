//! Keeps everything: two SQL backends behind one seam at the level of statements, and above it the typed reads
//! and writes that the flows need.
//!
//! *SQL below, meaning above*: [`backend`] knows statements and rows and nothing else; every statement is
//! written once, for both databases.
//!
//! ```text
//! Permitted<Plan>    --read-->            Page         records/read.rs
//! Permitted<Insert>  --insert-->          one batch    records/write.rs
//! Vec<Change>        --apply_changes-->   one batch    oauth/changes.rs
//! ```

pub mod backend;
mod clock;
mod commit;
mod fault;
mod flow;
mod handles;
mod identity;
mod ids;
mod oauth;
mod open;
mod outbound;
mod postgres;
mod queue;
pub mod records;
mod seal;
mod snapshots;
pub mod sql;
mod sqlite;
mod tiny_url;
mod topic;
mod work;

use std::{
    collections::HashSet,
    ops::Deref,
    sync::{Arc, Mutex, atomic::AtomicBool},
};

use snowglobe_oauth::{time::UnixMillis, token::TokenId};

use backend::{ApplyError, Backend, StoreError, Tally};

pub use clock::ClockSetting;
pub use flow::{FlowRun, FlowRunStep, FlowUnknown, Flows, RunEnd, RunStep, StepNote};
pub use handles::Handles;
pub use identity::{SecondFactor, StoredSession, User, session_key};
pub use ids::Ids;
pub use oauth::{
    Allowance, ApiAccess, Clients, ConnectedToken, Connection, NewSigningKey, Outrun, Owner,
    Ticket, TokenRow,
};
pub use open::{Entropy, Options};
pub use outbound::{
    Alert, Execution, ExecutionResult, Farewell, HandOut, HeldGrant, NewExecution, NewTokens,
    Outbound, Parties, Requestor, SecretOf, TakeOff, Told, WarmGrant,
};
pub use topic::Topic;
pub use work::{Work, WorkKind};

/// The store; clones share it.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

/// What a store is made of.
#[derive(Debug)]
pub struct Inner {
    backend: Backend,
    ids: Ids,
    sealer: seal::Sealer,
    handles: Handles,
    snapshots: snapshots::Snapshots,
    users: identity::UserCache,
    revocations: oauth::Revocations,
    current: oauth::CurrentCache,
    families: oauth::FamilyCache,
    notes: oauth::TokenNotes,
    numbers: records::Numbers,
    counts: records::Counts,
    warm: outbound::WarmGrants,
    rates: oauth::RateCounts,
    statements: oauth::Statements,
    shift: clock::Shift,
    /// Rung when something is to be done.
    work_bell: tokio::sync::Notify,
    opened_at: UnixMillis,
    /// Whether anybody but the start can ask for something.
    is_open: AtomicBool,
    /// Tells this start of the process from every other.
    boot: u64,
    /// Tokens whose rows were written again since.
    recovered: Mutex<HashSet<TokenId>>,
}

impl Deref for Store {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Store {
    /// Returns the maker of new keys.
    #[must_use]
    pub fn ids(&self) -> &Ids {
        &self.ids
    }

    /// Returns what seals and proves the things that browsers carry for the instance.
    #[must_use]
    pub fn handles(&self) -> &Handles {
        &self.handles
    }

    /// Returns the announcements of other nodes from now on.
    #[must_use]
    pub fn announcements(&self) -> tokio::sync::broadcast::Receiver<backend::Announcement> {
        self.backend.subscribe()
    }

    /// Returns what this process has committed since it was opened, of what callers waited for.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.backend.tally()
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`StoreError`] when there is none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.fact("base").await.map(|_| ())
    }

    /// Puts everything on disk and gives unused numbers back; the last call before a stop.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn close(&self) -> Result<(), ApplyError> {
        self.return_numbers().await?;
        self.backend.flush().await?;
        Ok(())
    }
}
