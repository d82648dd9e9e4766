//! Records without I/O: what a table is, what a query means, who may do what, and how a value looks.
//!
//! Nothing here has heard of HTTP, OAuth or a database. Time and identity come in as values, decisions
//! leave as values; the crates above read and apply them.
//!
//! | module | subject | source |
//! |---|---|---|
//! | [`sys_id`], [`name`], [`value`] | identifiers and stored values | `rest-and-records.md` §13.2, §13.7 |
//! | [`dictionary`] | tables and columns, inheritance, choices | §13.1, §13.4, §13.9 |
//! | [`query`] | the encoded query language: parse, resolve, predicate | §3 |
//! | [`plan`] | one read of one table, ready to be permitted | §2.2 |
//! | [`aggregate`] | counts and calculations over one table | §5 |
//! | [`acl`] | who may read and write what; the only maker of [`acl::Permitted`] | §16 |
//! | [`parameters`] | what the query part of a URL asks for | §2.2, §5 |
//! | [`body`] | the bodies of writes, as JSON, XML and forms | §1.2, §1.3 |
//! | [`write`](mod@write) | from a request body to the columns of a row | §2.5, §13.8 |
//! | [`display`] | display values | §4 |
//! | [`base`] | the built-in tables, one file each | §14, §15 |
//! | [`pack`] | data packs: the rows a new instance starts with | §15 |

pub mod acl;
pub mod aggregate;
pub mod base;
mod behaviour;
pub mod body;
pub mod dictionary;
pub mod display;
mod literal;
pub mod name;
pub mod pack;
pub mod parameters;
pub mod plan;
pub mod query;
pub mod sys_id;
pub mod value;
pub mod write;

pub use dictionary::{Column, Dictionary, Table};
pub use sys_id::SysId;
pub use value::{Value, ValueRef};
