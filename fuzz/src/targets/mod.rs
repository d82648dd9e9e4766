//! One file for each target, one line in [`TARGETS`].

mod api_path;
mod authorization_header;
mod authorize_parameters;
mod batch;
mod body_text;
mod certificate;
mod encoded_query;
mod endpoint_forms;
mod field_value;
mod flow_mapping;
mod goto;
mod http1_requests;
mod json_v2;
mod jwk_set;
mod jwt;
mod multipart;
mod network_rules;
mod opaque_token;
mod page_form;
mod provider_answer;
mod record_form;
mod redirect_uri;
mod request_headers;
mod rest_json;
mod rest_message;
mod rest_xml;
mod scope;
mod secret_hash;
mod token_form;
mod url_parameters;

use crate::Target;

/// Every target.
pub const TARGETS: &[Target] = &[
    api_path::TARGET,
    authorization_header::TARGET,
    authorize_parameters::TARGET,
    batch::TARGET,
    body_text::TARGET,
    certificate::TARGET,
    encoded_query::TARGET,
    endpoint_forms::TARGET,
    field_value::TARGET,
    flow_mapping::TARGET,
    goto::TARGET,
    http1_requests::TARGET,
    json_v2::TARGET,
    jwk_set::TARGET,
    jwt::TARGET,
    multipart::TARGET,
    network_rules::TARGET,
    opaque_token::TARGET,
    page_form::TARGET,
    provider_answer::TARGET,
    record_form::TARGET,
    redirect_uri::TARGET,
    request_headers::TARGET,
    rest_json::TARGET,
    rest_message::TARGET,
    rest_xml::TARGET,
    scope::TARGET,
    secret_hash::TARGET,
    token_form::TARGET,
    url_parameters::TARGET,
];
