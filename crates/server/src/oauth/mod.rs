//! The OAuth endpoints, in both dialects.

mod answer;
pub(crate) mod revoke;
pub(crate) mod token;
