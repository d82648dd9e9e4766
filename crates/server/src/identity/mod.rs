//! Who is calling: bearer tokens, Basic credentials, and the slow hashes behind them.

pub(crate) mod basic;
pub(crate) mod caller;
pub(crate) mod slow;
