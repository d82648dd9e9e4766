//! The OAuth endpoints, in both dialects.

mod answer;
pub(crate) mod authorize;
mod client;
pub(crate) mod device_authorization;
mod identity;
pub(crate) mod introspect;
pub(crate) mod jwks;
mod jwt_bearer;
pub(crate) mod logout;
pub(crate) mod metadata;
pub(crate) mod revoke;
pub(crate) mod signing;
mod subject;
pub(crate) mod token;
pub(crate) mod userinfo;
