//! Why a read or a write failed, in words that are the same for both databases.

/// Why a read failed, or could not be understood.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached or is shutting down; the same call may work later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A cell holds what its column cannot mean; the row is named so that a person can mend it.
    #[error("the {table} row {row} holds an impossible value in {column}")]
    Corrupt {
        /// The table.
        table: Box<str>,
        /// The row's key.
        row: Box<str>,
        /// The column.
        column: Box<str>,
    },
    /// The instance's keys were sealed with another master key than the one given.
    #[error("the instance's keys cannot be opened: they were sealed with another master key")]
    WrongMasterKey,
    /// The database refused a statement: a defect of ours.
    #[error("the database refused a statement: {0}")]
    Driver(String),
}

/// Why a batch was not applied; nothing of it was.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ApplyError {
    /// A guard did not hold: somebody else was first. Read again and decide again.
    #[error("the rows changed since they were read")]
    Conflict,
    /// A unique index refused the row.
    #[error("another row of {table} has the same {column}")]
    Duplicate {
        /// The table's database name.
        table: Box<str>,
        /// The column's database name; several are joined by `,`.
        column: Box<str>,
    },
    /// Anything else.
    #[error(transparent)]
    Store(#[from] StoreError),
}
