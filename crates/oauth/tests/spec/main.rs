//! The crate against its sources: one file for each RFC, one for ServiceNow's own ways, one for properties.
//!
//! All of them drive [`instance::Instance`], which goes the way a server goes, with vectors for tables.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod instance;
mod jose;
mod props;
mod reasons;
mod rfc6749;
mod rfc6750;
mod rfc7009;
mod rfc7523;
mod rfc9700;
mod servicenow;
