//! One file for each target, one line in [`TARGETS`].

mod authorization_header;
mod authorize_parameters;
mod certificate;
mod encoded_query;
mod endpoint_forms;
mod field_value;
mod goto;
mod jwk_set;
mod jwt;
mod network_rules;
mod opaque_token;
mod page_form;
mod provider_answer;
mod redirect_uri;
mod request_headers;
mod rest_json;
mod rest_xml;
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
    endpoint_forms::TARGET,
    field_value::TARGET,
    goto::TARGET,
    jwk_set::TARGET,
    jwt::TARGET,
    network_rules::TARGET,
    opaque_token::TARGET,
    page_form::TARGET,
    provider_answer::TARGET,
    redirect_uri::TARGET,
    request_headers::TARGET,
    rest_json::TARGET,
    rest_xml::TARGET,
    scope::TARGET,
    secret_hash::TARGET,
    token_form::TARGET,
];
