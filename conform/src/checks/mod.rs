//! One file for each family of checks, one list for all.

mod authorization;
mod client_authentication;
mod code;
mod config;
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
    id_token::CHECKS,
    userinfo::CHECKS,
    refresh::CHECKS,
    resource::CHECKS,
    form_post::CHECKS,
    logout::CHECKS,
];
