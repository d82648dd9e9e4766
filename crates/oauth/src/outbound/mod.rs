//! The other half: this instance as a client of others (`outbound-oauth.md`).
//!
//! ```text
//! alias ── resolve ── connection, credential, profile          (explains each step)
//! profile ── Held::decide ┬─ use it
//!                         ├─ fetch ── TokenRequest ── the provider ── Answer ── Held::settle
//!                         └─ refuse: needs consent, broken, or later
//! ```
//! As everywhere in this crate there is no clock, no socket and no store: what is held of a grant comes in as a value,
//! and what becomes of it leaves as one. Tokens themselves never come near these decisions.

mod answer;
mod authorization;
mod claims;
pub mod flow;
mod held;
mod message;
mod outlook;
mod registry;
mod request;
mod resolve;
mod retry;
mod settle;
mod template;

pub use answer::{Answer, Granted, Refusal, Unusable};
pub use authorization::{AuthorizationUrl, CallbackFault, Returned};
pub use claims::{Claim, ClaimKind, JwtProvider, SigningAlgorithm, SigningConfiguration};
pub use held::{Decision, Demand, Flight, Held, HeldAccess, HeldRefresh, Standing, Step, Trouble};
pub use message::{
    Brought, Built, DeclaredVariable, LogLevel, MessageAuth, MessageFault, RestFunction,
    RestMessage,
};
pub use outlook::{Event, Notice, Outlook};
pub use registry::{
    Alias, AliasKind, BasicProfile, Connection, Credential, CredentialKind, KeyPlace,
    OutboundGrant, Profile, Provider, Registry, RetryPolicy, RetryStrategy, SendCredentials,
    TokenAccess,
};
pub use request::{ClientProof, Material, TokenCall, TokenCallFault};
pub use resolve::{Resolution, ResolveFault, Resolved, Selector, Step as ResolutionStep};
pub use retry::Attempt;
pub use settle::{NewRefresh, Outcome, Settled, Terms};
pub use template::{Escaping, Variable};
