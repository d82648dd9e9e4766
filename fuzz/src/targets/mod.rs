//! One file for each target, one line in [`TARGETS`].

mod authorization_header;
mod encoded_query;
mod field_value;
mod opaque_token;
mod scope;
mod secret_hash;
mod token_form;

use crate::Target;

/// Every target.
pub const TARGETS: &[Target] = &[
    authorization_header::TARGET,
    encoded_query::TARGET,
    field_value::TARGET,
    opaque_token::TARGET,
    scope::TARGET,
    secret_hash::TARGET,
    token_form::TARGET,
];
