//! Statements, rows and the two dialects: the vocabulary of the seam between meaning and databases.

mod builder;
mod creation;
mod dates;
mod ddl;
mod dialect;
mod index;
mod insert;
mod json;
mod related;
pub(crate) mod row_key;
mod rows;
mod schema;
mod statement;

pub use builder::Builder;
pub(crate) use builder::operator;
pub use ddl::Lack;
pub use dialect::{Dialect, push_quoted, push_table};
pub(crate) use insert::{Columns, RowInsert};
pub use rows::{Row, Rows};
pub use schema::Schema;
pub(crate) use statement::written_table;
pub use statement::{Batch, Expect, Guarded, Statement};
