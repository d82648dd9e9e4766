//! Deleting one row.

use std::sync::Arc;

use super::{CustomerUpdate, row::RowCells};
use crate::{SysId, behaviour::declared::Fired, dictionary::Table};

/// A deletion.
#[derive(Debug, Clone)]
pub struct Delete {
    /// The row's class.
    pub table: Arc<Table>,
    /// The row.
    pub sys_id: SysId,
    /// The state of the row the decision was made on; `None` deletes it as it is.
    pub expected_mod_count: Option<i64>,
    /// The flows that it starts.
    pub fired: Fired,
    /// What an application file leaves in its update set.
    pub customer_update: Option<Box<CustomerUpdate>>,
}

impl Delete {
    /// Returns the deletion of a row as it was read.
    #[must_use]
    pub fn of(row: &RowCells) -> Self {
        Self {
            table: Arc::clone(row.table()),
            sys_id: row.sys_id(),
            expected_mod_count: Some(row.mod_count()),
            fired: Fired::default(),
            customer_update: CustomerUpdate::of_delete(row).map(Box::new),
        }
    }
}
