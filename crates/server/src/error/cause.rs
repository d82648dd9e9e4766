//! What lies beneath an error.

use snowglobe_records::acl::Denied;
use snowglobe_store::backend::{ApplyError, StoreError};

use super::RestError;
use crate::records::RecordError;

impl From<Denied> for RestError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Insert => Self::Refused("Insert"),
            Denied::Update => Self::Refused("Update"),
            Denied::Delete => Self::Refused("Delete"),
            Denied::Query | Denied::Table => Self::UnreadableQuery,
        }
    }
}

impl From<RecordError> for RestError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Missing => Self::NoRecord,
            RecordError::Denied(denied) => denied.into(),
            RecordError::Refused {
                table,
                rule,
                code,
                why,
                ..
            } => Self::Aborted {
                table,
                rule,
                code,
                why,
            },
            RecordError::Aborted(abort) => Self::Declared(Box::new(abort)),
            RecordError::Duplicate { table, column } => Self::Duplicate { table, column },
            RecordError::Contended | RecordError::Stale => Self::Contended,
            RecordError::Overloaded(_) => Self::Overloaded,
            RecordError::NoRandomness(_) => {
                tracing::error!(error = %error, "a secret cannot be made");
                Self::Internal
            }
            RecordError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for RestError {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "the store failed");
        match error {
            StoreError::Unavailable(_) => Self::Unavailable,
            StoreError::Corrupt { .. } | StoreError::Driver(_) | StoreError::WrongMasterKey => {
                Self::Internal
            }
        }
    }
}

impl From<ApplyError> for RestError {
    fn from(error: ApplyError) -> Self {
        RecordError::from(error).into()
    }
}
