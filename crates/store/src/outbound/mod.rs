//! The records of outbound calls, and what is held of grants at other providers (`outbound-oauth.md`).
//!
//! [`Outbound`] is the snapshot that every call looks at: the registry, and its secrets, still sealed. What is held of a
//! grant is in `sg_grant`, its tokens sealed in `oauth_credential`, and how it stands in `oauth_requestor_profile`; the
//! three are written in one guarded batch.

mod alert;
mod defaults;
mod execution;
mod farewell;
mod flight;
mod grant;
mod hand_out;
mod load;
mod log;
mod messages;
mod secrets;
mod warm;

pub use alert::{Alert, Told};
pub(crate) use defaults::push_consequences;
pub use execution::{Execution, ExecutionResult, NewExecution};
pub use farewell::Farewell;
pub(crate) use farewell::{Forgotten, push_forgetting};
pub use flight::{NewTokens, TakeOff};
pub use grant::{HeldGrant, Parties, Requestor};
pub use hand_out::HandOut;
pub use secrets::{Outbound, SecretOf};
pub use warm::WarmGrant;
pub(crate) use warm::WarmGrants;
