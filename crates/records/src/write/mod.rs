//! Writing: from a request body to the columns of a row (`rest-and-records.md` §2.5, §13.3–13.6, §13.8).
//!
//! ```text
//! body --Draft--> typed values --field gate--> --prepare--> Insert | Update --table gate--> Permitted
//! ```
//! [`Draft`] knows the dictionary: what is no value of a column is dropped and reported, never an error. The
//! gates are [`crate::acl`]'s; [`crate::acl::Access::permit_insert`] and its siblings run the whole line.
//! [`insert::prepare`] and [`update::prepare`] add what the instance itself writes: defaults, the rules of core
//! tables (`behaviour`), system columns. They decide nothing about permission and touch no store:
//! looking up display values, hashing secrets, numbering and journal entries are left in the result to be done.
//!
//! A caller's write also passes the rules that people declared ([`Declared`]: business rules E7, data policies E8),
//! around those of core tables; what the instance writes itself does not.

mod article;
mod customer_update;
mod delete;
mod draft;
mod input;
pub mod insert;
mod registration;
pub(crate) mod row;
mod secret;
mod stamp;
pub mod update;

pub use crate::behaviour::declared::{
    Abort, Actions, BusinessRule, DataPolicy, Declared, FieldPolicy, Fired, FlowTrigger,
};
pub use customer_update::CustomerUpdate;
pub(crate) use customer_update::update_name;
pub use delete::Delete;
pub use draft::{Draft, Ignored, Mode, Origin, Why};
pub use insert::{Insert, Numbering};
pub use row::RowCells;
pub use secret::Secret;
pub use stamp::Stamp;
pub use update::{AuditEntry, Update};
