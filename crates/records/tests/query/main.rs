//! The encoded query language, from text to the rows it selects (`rest-and-records.md` §3).

#![expect(clippy::expect_used, reason = "tests")]

mod filters;
mod fixture;
mod grammar;
mod invalid;
mod operators;
mod properties;
mod scripts;
