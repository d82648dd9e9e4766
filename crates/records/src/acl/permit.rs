//! The proof that a decision was made: without one, the store neither reads nor writes.

use std::{ops::Deref, sync::Arc};

use crate::{
    SysId,
    dictionary::{Column, Kind},
    value::Value,
    write::{Abort, Insert, Secret, Update},
};

/// A read or write that may be carried out. Only this module's decisions make one.
#[derive(Debug, Clone)]
#[must_use]
pub struct Permitted<T> {
    value: T,
    reason: Option<Reason>,
}

/// Why something is done without a caller; the store's audit names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Tables and rows that an instance cannot be without.
    Bootstrap,
    /// The rows a new instance starts with.
    Seed,
    /// Snapshots of dictionary, rules, properties and roles.
    Snapshot,
    /// Signing in: the user, the second factor, the session.
    SignIn,
    /// Clients, codes, tokens and consents at an OAuth endpoint.
    TokenEndpoint,
    /// Connections, credentials and tokens of an outbound call.
    OutboundCall,
    /// A background job.
    Job,
    /// An administrator at the command line of the instance itself.
    CommandLine,
    /// What belongs to a permitted write: numbers, journal entries, cascades, audit.
    Consequence,
}

/// What the caller may not do. A row that may not be read is not here: it is not found (E2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Denied {
    /// The query names a field, or a table, that the caller may not query (E9).
    #[error("Field(s) present in the query do not have permission to be read")]
    Query,
    /// The caller may read none of the table's rows, and so neither count them (E10).
    #[error("No permission to read the table")]
    Table,
    /// E4
    #[error("ACL Exception Insert Failed due to security constraints")]
    Insert,
    /// E5
    #[error("ACL Exception Update Failed due to security constraints")]
    Update,
    /// E6
    #[error("ACL Exception Delete Failed due to security constraints")]
    Delete,
}

/// Why a write is not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The access rules do not let the caller do it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A declared rule refuses what would be stored.
    #[error(transparent)]
    Aborted(#[from] Abort),
}

impl<T> Permitted<T> {
    pub(super) fn new(value: T) -> Self {
        Self {
            value,
            reason: None,
        }
    }

    /// Permits without a caller; the reason goes to the audit together with what is done.
    pub fn as_system(value: T, reason: Reason) -> Self {
        Self {
            value,
            reason: Some(reason),
        }
    }

    /// Returns why nobody was asked; `None` if the rules were.
    pub fn reason(&self) -> Option<Reason> {
        self.reason
    }

    /// Returns what is permitted.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Permitted<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl Permitted<Insert> {
    /// Gives the row the next number of its table.
    pub fn assign_number(&mut self, n: i64) {
        self.value.assign_number(n);
    }

    /// Gives the row the `client_id` that it waits for.
    pub fn assign_client_id(&mut self, client_id: SysId) {
        self.value.assign_client_id(client_id);
    }

    /// Gives the row what it is known by, now that it has its number: an application file in update sets, an article
    /// through its versions.
    pub fn assign_names(&mut self) {
        self.value.assign_update_name();
        self.value.assign_article();
    }

    /// Takes the secrets out, to be hashed or sealed and given back by [`Self::keep_secret`].
    pub fn take_secrets(&mut self) -> Vec<(Arc<Column>, Secret)> {
        std::mem::take(&mut self.value.secrets)
    }

    /// Stores what became of a secret; a column that keeps none is left alone.
    pub fn keep_secret(&mut self, column: Arc<Column>, kept: Box<str>) {
        if keeps_secrets(&column) {
            self.value.put(column, Value::Text(kept.into()));
        }
    }
}

impl Permitted<Update> {
    /// Takes the secrets out, to be hashed or sealed and given back by [`Self::keep_secret`].
    pub fn take_secrets(&mut self) -> Vec<(Arc<Column>, Secret)> {
        std::mem::take(&mut self.value.secrets)
    }

    /// Stores what became of a secret; a column that keeps none is left alone.
    pub fn keep_secret(&mut self, column: Arc<Column>, kept: Box<str>) {
        if keeps_secrets(&column) {
            self.value.changes.push((column, Value::Text(kept.into())));
        }
    }
}

fn keeps_secrets(column: &Column) -> bool {
    matches!(column.kind, Kind::Secret(_))
}
