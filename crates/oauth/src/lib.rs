//! OAuth 2.0's token endpoint as values and pure functions, in two dialects over one core.
//!
//! Nothing here has a clock, a random source, a socket or a store: time comes in as [`UnixMillis`], stored
//! facts as plain structs, and what is to be written leaves as [`Change`]s. A token request goes
//!
//! ```text
//! bytes ── Form ── TokenRequest ┬─ Presented ── client_auth::check ── AuthenticatedClient
//!                               └─ Grant ── permitted ── Scope ── (material) ── decide
//!
//! decide ┬─ Issue ── mint ── TokenResponse, Changes
//!        └─ Deny ── render ── ErrorResponse, Changes
//! ```
//!
//! and each arrow is a function a test calls without a server. Where ServiceNow and the RFCs differ, a field of
//! [`Policy`] says how; `inbound-oauth.md` names the source of each.
//!
//! | source | subject | module |
//! |---|---|---|
//! | RFC 6749 §2 | clients, their authentication | [`client`], [`client_auth`], [`check`] |
//! | RFC 6749 §3.1.2, RFC 8252 | redirection URIs | [`redirect_uri`] |
//! | RFC 6749 §3.2, appendix B | the token endpoint's form | [`form`], [`token_request`] |
//! | RFC 6749 §3.3 | scope | [`scope`] |
//! | RFC 6749 §4.3 | resource owner password credentials | [`grants::password`], [`resource_owner`] |
//! | RFC 6749 §4.4 | client credentials | [`grants::client_credentials`] |
//! | RFC 6749 §3.1, §4.1, §4.2, RFC 9207 | the authorization endpoint, the implicit grant | [`authorize`] |
//! | RFC 6749 §4.1.3 | a code's exchange | [`grants::authorization_code`] |
//! | RFC 7636 | proof key for code exchange | [`pkce`] |
//! | RFC 6749 §5 | answers and refusals | [`response`], [`error`] |
//! | RFC 6749 §6, RFC 9700 §4.14 | refresh, rotation, replay | [`grants::refresh_token`] |
//! | RFC 6749 §10.10 | tokens nobody guesses | [`token`], [`secret`] |
//! | RFC 6750 | bearer tokens at the API | [`bearer`] |
//! | RFC 7009 | revocation | [`revoke`] |
//! | RFC 7521, 7523 | assertions for users and clients | [`assertion`], [`grants::jwt_bearer`] |
//! | RFC 7515, 7517, 7518, 7519 | signed JWTs and their keys | [`jose`] |
//! | RFC 7662 | introspection | [`introspect`] |
//! | RFC 9068 | access tokens in JWT format | [`access_jwt`], [`subject`] |
//! | OpenID Connect Core | ID tokens, userinfo | [`id_token`], [`userinfo`], [`signing`] |
//! | OpenID Connect RP-Initiated Logout | logging out for a client | [`logout`] |
//! | RFC 8628 | devices without a browser | [`device`], [`grants::device_code`] |
//! | RFC 8414, OpenID Connect Discovery | what is offered | [`metadata`] |
//! | RFC 8707 | resource indicators | [`resource`] |
//! | `inbound-oauth.md` §2.0 | the same token again | [`grants::CurrentTokens`], [`policy::TokenReuse`] |
//! | `inbound-oauth.md` §7 | system properties | [`properties`] |
//! | `inbound-oauth.md` §8 | how long a browser's session lasts | [`session`] |
//! | `inbound-oauth.md` §8.3 | wrong passwords, counted | [`lockout`], [`throttle`] |
//! | `inbound-oauth.md` §8.3 | the steps of a log-in, new passwords | [`login`], [`new_password`] |
//! | RFC 9110, 6265, 7617 | request headers, where a page leads on to | [`header`], [`goto`] |
//! | RFC 9112 | targets that no URI could be, on their way in | [`http1`] |
//! | RFC 6238 | one-time codes of a second factor | [`totp`] |
//! | `inbound-oauth.md` §10 | the dialects | [`policy`] |
//! | `outbound-oauth.md` | this instance as a client of others | [`outbound`] |

#![warn(missing_docs)]

pub mod access_jwt;
pub mod account;
pub mod api_access;
pub mod api_key;
pub mod assertion;
pub mod authorize;
pub mod bearer;
pub mod change;
pub mod check;
pub mod client;
pub mod client_auth;
pub mod device;
pub mod error;
pub mod form;
pub mod goto;
pub mod grants;
pub mod header;
pub mod http1;
pub mod id_token;
pub mod introspect;
pub mod issue;
pub mod jose;
pub mod lockout;
pub mod login;
pub mod logout;
pub mod metadata;
pub mod new_password;
pub mod outbound;
pub mod pkce;
pub mod policy;
pub mod properties;
pub mod reason;
pub mod redirect_uri;
pub mod resource;
pub mod resource_owner;
pub mod response;
pub mod revoke;
pub mod scope;
pub mod secret;
pub mod session;
pub mod signing;
pub mod subject;
pub mod throttle;
pub mod time;
pub mod token;
pub mod token_request;
pub mod totp;
pub mod userinfo;

pub use account::{Account, UserNo};
pub use change::Change;
pub use client::{Client, ClientNo};
pub use error::TokenError;
pub use form::Form;
pub use grants::{Context, Decision, Grant};
pub use issue::Issue;
pub use policy::{Dialect, Policy};
pub use properties::Properties;
pub use redirect_uri::RedirectUri;
pub use resource::Resources;
pub use response::{ErrorResponse, TokenResponse};
pub use scope::{NumberedScope, Scope, ScopeNo};
pub use secret::{Secret, SecretHash};
pub use time::{UnixMillis, UnixSeconds};
pub use token::{IssuedToken, KeyRing, TokenClaims, TokenId, TokenIds, TokenKind, TokenText};
pub use token_request::TokenRequest;
