//! Statements, rows and the two dialects: the vocabulary of the seam between meaning and databases.

mod rows;
mod statement;

pub use rows::{Row, Rows};
pub use statement::{Batch, Expect, Guarded, Statement};
