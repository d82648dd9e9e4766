//! What the authorization server keeps: clients, keys, tokens, revocations. The records people see
//! (`oauth_entity`, `oauth_credential`) are the rows used here.

mod api_access;
mod api_keys;
mod assertions;
mod changes;
mod clients;
mod codes;
mod connected;
mod consents;
mod cors;
mod current;
mod devices;
mod enter;
mod families;
mod filter_criteria;
mod keys;
mod notes;
mod rate;
mod revocations;
mod scopes;
mod signing_keys;
mod standing;
mod sweep;

pub use api_access::ApiAccess;
pub use changes::Owner;
pub(crate) use changes::{Statements, date_time, revoke};
pub use clients::Clients;
pub use codes::{Allowance, Ticket};
pub use connected::{ConnectedToken, Connection};
pub(crate) use current::CurrentCache;
pub use current::Outrun;
pub(crate) use families::FamilyCache;
pub(crate) use notes::TokenNotes;
pub(crate) use rate::RateCounts;
pub(crate) use revocations::Revocations;
pub(crate) use scopes::Scopes;
pub use signing_keys::NewSigningKey;
pub use standing::TokenRow;
