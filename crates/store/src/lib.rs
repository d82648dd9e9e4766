//! Keeps everything: two SQL backends behind one seam at the level of statements, and above it the typed reads
//! and writes that the flows need.
//!
//! *SQL below, meaning above*: [`backend`] knows statements and rows and nothing else; every statement is
//! written once, for both databases.

pub mod backend;
mod fault;
mod queue;
pub mod sql;
mod sqlite;
