//! Statements, rows and the two dialects: the vocabulary of the seam between meaning and databases.

mod builder;
mod ddl;
mod dialect;
mod rows;
mod statement;

pub use builder::Builder;
pub use ddl::Schema;
pub use dialect::{Dialect, push_quoted};
pub use rows::{Row, Rows};
pub use statement::{Batch, Expect, Guarded, Statement};
