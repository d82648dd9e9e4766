//! From a request body to the columns of a row (`rest-and-records.md` §2.5, §13.3–13.6, §14), on the built-in tables.

#![expect(clippy::unwrap_used, reason = "tests")]

mod behaviour;
mod customer_update;
mod draft;
mod fixture;
mod insert;
mod registration;
mod update;
