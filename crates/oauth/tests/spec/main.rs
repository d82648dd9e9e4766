//! The crate against its sources: one file for each RFC, one for ServiceNow's own ways, one for properties.
//!
//! All of them drive [`instance::Instance`], which goes the way a server goes, with vectors for tables.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod api_access;
mod authorization;
mod cors;
mod http1;
mod instance;
mod jose;
mod openid_connect;
mod props;
mod reasons;
mod redirect_uris;
mod rfc6749;
mod rfc6749_authorization;
mod rfc6750;
mod rfc7009;
mod rfc7523;
mod rfc7636;
mod rfc8628;
mod rfc9207;
mod rfc9700;
mod servicenow;
mod servicenow_authorization;
