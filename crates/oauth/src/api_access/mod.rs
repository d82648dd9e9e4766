//! Which calls of the REST surface a token opens, beyond the rules for its user (`inbound-oauth.md` §5).
//!
//! ```text
//! ApiCall ─┬─ policy:     how must its caller have proved who they are?   401
//!          └─ auth_scope: has the token's client a scope for it?          403
//! ```
//! Both are lists that an administrator keeps; where nothing is listed for an API, they cost a look at an empty list.
//! A third, [`cors`], says which pages of other origins may call at all.

pub mod auth_scope;
mod call;
pub mod cors;
pub mod criteria;
mod path;
pub mod policy;
pub mod rate;

pub use auth_scope::{ApiScopes, Binding};
pub use call::{ApiCall, Pattern};
pub use cors::{CorsRule, CorsRules};
pub use path::{decoded, tidied, unescaped};
pub use policy::{AccessPolicy, ApiPolicies, Profile, ProfileKind};
pub use rate::{RateRule, RateRules};
