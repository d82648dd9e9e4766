//! Access control (`rest-and-records.md` §16) and what "not allowed" looks like (§2.6), on the built-in tables.

#![expect(clippy::unwrap_used, reason = "tests")]

mod classes;
mod declared;
mod fixture;
mod flows;
mod matching;
mod query;
mod read;
mod related;
mod write;
