//! What the instance asks of others: the one place that sends.
//!
//! ```text
//! URL ── Reach (which addresses) ── resolve, then connect to what was checked ── answer within bounds
//! Documents: by URL, for as long as a record says, one fetch at a time
//! ```
//! A URL comes from an administrator or from another party's metadata, so whoever names one must not reach what only
//! this machine can (security.md §1, SSRF).

mod documents;
mod explain;
mod fetch;
mod keys;
mod reach;
mod resolve;
mod send;

pub(crate) use explain::explained;
pub(crate) use fetch::Outbound;
pub(crate) use keys::TrustedKeys;
pub(crate) use reach::Reach;
pub(crate) use send::{ApiCall, FormPost, Reply, SendFault, sensitive};
