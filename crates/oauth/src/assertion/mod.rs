//! Assertions (RFC 7521, RFC 7523): JWTs of other parties that speak for a user or prove a client.
//!
//! ```text
//! Jwt::parse ── whose? ── keys ── verify ── check ┬─ subject ── account ── token
//!                                                 └─ AssertionId ── Change::UseAssertion, guarded
//! ```
//! | JWT | said by | to whom | proves | rules |
//! |---|---|---|---|---|
//! | `assertion` (RFC 7523 §2.1) | the client, or an issuer it names | client id, instance | a user | [`AssertionRules`] |
//! | `client_assertion` (RFC 7523 §2.2) | the client | instance | the client | [`AssertionRules`] |
//! | bearer at the API (`inbound-oauth.md` §6.2) | an OpenID provider | client id | a user | [`IdentityProvider`] |

mod checks;
mod fault;
mod id;
mod rules;

pub use checks::{Accepted, Recipients, check_bearer, check_client, check_third_party};
pub use fault::AssertionFault;
pub use id::AssertionId;
pub use rules::{AssertionRules, ClaimValidation, IdentityProvider, RemoteKeys};
