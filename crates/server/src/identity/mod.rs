//! Who is calling: bearer tokens, Basic credentials, API keys, sessions, and the slow hashes behind them.

pub(crate) mod api_key;
pub(crate) mod api_session;
pub(crate) mod caller;
pub(crate) mod cookie;
pub(crate) mod guesses;
pub(crate) mod peer;
pub(crate) mod seal;
pub(crate) mod session;
pub(crate) mod sign_in;
pub(crate) mod slow;
pub(crate) mod third_party;
pub(crate) mod token;
pub(crate) mod user_token;
