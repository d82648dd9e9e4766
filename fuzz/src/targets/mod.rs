//! One file for each target, one line in [`TARGETS`].

mod authorization_header;
mod authorize_parameters;
mod certificate;
mod encoded_query;
mod field_value;
mod jwk_set;
mod jwt;
mod opaque_token;
mod page_form;
mod redirect_uri;
mod scope;
mod secret_hash;
mod token_form;

use crate::Target;

/// Every target.
pub const TARGETS: &[Target] = &[
    authorization_header::TARGET,
    authorize_parameters::TARGET,
    certificate::TARGET,
    encoded_query::TARGET,
    field_value::TARGET,
    jwk_set::TARGET,
    jwt::TARGET,
    opaque_token::TARGET,
    page_form::TARGET,
    redirect_uri::TARGET,
    scope::TARGET,
    secret_hash::TARGET,
    token_form::TARGET,
];
