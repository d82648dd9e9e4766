//! What the instance asks of others: the one place that sends.
//!
//! ```text
//! URL ── Reach (which hosts and addresses) ── resolve ── connect to what was checked ── answer within bounds
//!                                                     └─ or tell the proxy that address, not the name
//! Documents: by URL, for as long as a record says, one fetch at a time
//! ```
//! A URL comes from an administrator or from another party's metadata, so whoever names one must not reach what only
//! this machine can (security.md §1, SSRF).

mod documents;
mod exchange;
mod explain;
mod fetch;
mod keys;
mod reach;
mod resolve;
mod send;
#[cfg(test)]
mod tests;
mod tunnel;

pub(crate) use exchange::{Outbound, Way};
pub(crate) use explain::explained;
pub(crate) use keys::TrustedKeys;
pub(crate) use reach::Reach;
pub(crate) use send::{ApiCall, FormPost, Reply, SendFault, sensitive};
