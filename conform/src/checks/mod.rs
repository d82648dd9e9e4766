//! One file for each family of checks, one list for all.

mod audience;
mod authorization;
mod client_assertion;
mod client_authentication;
mod code;
mod config;
mod device;
mod form_post;
mod id_token;
mod logout;
mod pkce;
mod prompt;
mod refresh;
mod request;
mod resource;
mod userinfo;

use crate::Check;

/// Every check, family by family.
pub const CHECKS: &[&[Check]] = &[
    config::CHECKS,
    authorization::CHECKS,
    request::CHECKS,
    prompt::CHECKS,
    code::CHECKS,
    pkce::CHECKS,
    client_authentication::CHECKS,
    client_assertion::CHECKS,
    id_token::CHECKS,
    userinfo::CHECKS,
    refresh::CHECKS,
    resource::CHECKS,
    audience::CHECKS,
    device::CHECKS,
    form_post::CHECKS,
    logout::CHECKS,
];
