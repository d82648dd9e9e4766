//! Statements, rows and the two dialects: the vocabulary of the seam between meaning and databases.

mod dialect;
mod rows;
mod statement;

pub use dialect::{Dialect, push_quoted};
pub use rows::{Row, Rows};
pub use statement::{Batch, Expect, Guarded, Statement};
