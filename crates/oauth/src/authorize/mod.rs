//! The authorization endpoint (RFC 6749 §3.1): a person lets an application act for them.
//!
//! The order of the checks is a type. A request goes through its stages one way, and each stage offers only what
//! it has proved:
//!
//! ```text
//! Form ─ parse ─ Received ─ bind ─ Redirectable ─ validate ─ Validated ─ identify ─ Identified ─ allow ─ Consented ─ grant
//!          │                 │                       │                       │         │                      │
//!          └── PageError ────┘                       └──────── Redirect ─────┴─ deny ──┘              Redirect, code or token
//! ```
//!
//! Until the redirection URI is proved, a fault is a [`PageError`], shown to the person: "the authorization server
//! … MUST NOT automatically redirect the user-agent to the invalid redirection URI" (RFC 6749 §4.1.2.1). From
//! `Redirectable` on, faults are [`Redirect`]s, and nothing else makes one:
//!
//! ```compile_fail
//! # use snowglobe_oauth::authorize::{AuthorizationRequest, Received, Rules};
//! # fn skip(request: AuthorizationRequest<Received>, rules: &Rules<'_>) {
//! let redirect = request.validate(rules); // the redirection URI is not proved
//! # }
//! ```
//! ```compile_fail
//! # use snowglobe_oauth::authorize::{AuthorizationRequest, Grounds, Validated};
//! # fn skip(request: AuthorizationRequest<Validated>, grounds: &Grounds<'_>) {
//! request.grant(grounds); // nobody has consented
//! # }
//! ```
//! ```compile_fail
//! # use snowglobe_oauth::authorize::Redirect;
//! Redirect { uri: "https://evil.example".into() }; // only a proved URI is redirected to
//! ```

mod consented;
mod error;
mod identified;
mod parameters;
mod prompt;
mod received;
mod redirectable;
mod response;
mod validated;

pub use consented::{Consented, Granted, Grounds, NewCode};
pub use error::{
    AuthorizeError, ClientRefusal, Denial, PageError, RequestFault, ResponseTypeFault,
};
pub use identified::{Consent, EarlierConsent, Identified, Person};
pub use prompt::Prompt;
pub use received::Received;
pub use redirectable::{Redirectable, response_types};
pub use response::{FormPost, Redirect, ResponseMode};
pub use validated::{Identity, Validated};

use crate::{policy::Policy, properties::Properties};
use parameters::Parameters;

/// An authorization request at one stage of its way.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest<S> {
    parameters: Parameters,
    stage: S,
}

/// What every stage looks at.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// The rules of the dialect spoken with this client.
    pub policy: &'a Policy,
    /// The system properties.
    pub properties: &'a Properties,
    /// `glide.oauth.clients.allowed.for.implicit.grant`: client ids separated by commas.
    pub implicit_clients: &'a str,
    /// The instance, as `iss` names it (RFC 9207).
    pub issuer: &'a str,
    /// Tells whether a resource server is registered under a URI (RFC 8707).
    pub is_resource: &'a dyn Fn(&str) -> bool,
}
