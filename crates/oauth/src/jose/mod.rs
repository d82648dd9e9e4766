//! Signed JWTs (RFC 7515, 7517, 7518, 7519): read, verified and made, over the primitives of `aws-lc-rs`.
//!
//! ```text
//! text ── Jwt::parse ── (who is it said to be from? whose keys?) ── verify(keys, allowed) ── Verified
//! SigningKey::sign(typ, claims) ── text
//! ```
//! What a key may verify follows from what the key *is*: an RSA key holds verifiers for `RS…` and `PS…`, a point
//! of a curve for the one `ES…` of that curve, a shared key for `HS…`. A token names an algorithm and can only
//! find a verifier or none, so no token turns a public key into a shared one (RFC 8725 §2.1). Keys come from the
//! instance's records and from key sets it fetched; nothing in a token's header is ever followed.
//!
//! There is no clock here: [`Claims::check_times`] gets the time. `docs/adr/0012-jose.md` says why this is ours.

mod algorithm;
mod certificate;
mod claims;
mod encoding;
mod fault;
mod json;
mod jwk;
mod jwks;
mod jwt;
mod key;
mod public_key;
mod signing_key;

pub use algorithm::Algorithm;
pub use certificate::{Certificate, Validity};
pub use claims::{Audience, Claims};
pub use fault::{ClaimFault, JwtFault, KeyFault};
pub use jwks::KeySet;
pub use jwt::{Header, Jwt, Verified};
pub use key::VerifyingKey;
pub use public_key::{Curve, PublicKey};
pub use signing_key::SigningKey;
