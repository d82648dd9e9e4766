//! Requests to the endpoints beside the token endpoint: introspection (RFC 7662), devices (RFC 8628), logging out,
//! and what a provider sends a person back with (RFC 6749 §4.1.2).

use snowglobe_oauth::{
    Form, Policy, authorize::AuthorizationRequest, device::DeviceRequest,
    introspect::IntrospectionRequest, logout::LogoutRequest, outbound::Returned,
    pkce::CodeVerifier, resource::Resources,
};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "endpoint_forms",
    run,
    words: &[
        "token=",
        "&token_type_hint=",
        "&client_id=",
        "&client_secret=",
        "&scope=",
        "&resource=",
        "https%3A%2F%2Fapi.example",
        "&id_token_hint=",
        "&post_logout_redirect_uri=",
        "&state=",
        "&code=",
        "&error=",
        "&error_description=",
        "&iss=",
        "%",
        "+",
    ],
};

fn run(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = CodeVerifier::parse(text);
        if let Ok(returned) = Returned::parse(text) {
            // What a provider says is shown to people: a line, and not a long one.
            if let Err((error, description)) = returned.result {
                let is_line =
                    |it: &str| it.chars().count() <= 400 && !it.contains(char::is_control);
                assert!(is_line(&error) && is_line(&description));
            }
        }
    }
    let Ok(form) = Form::parse(bytes) else {
        return;
    };
    for policy in [Policy::strict(), Policy::servicenow()] {
        let _ = IntrospectionRequest::parse(&form, None, &policy);
        let _ = DeviceRequest::parse(&form, None, &policy);
    }
    let _ = LogoutRequest::parse(&form);
    let _ = AuthorizationRequest::parse(&form);
    let _ = Resources::parse(&form);
}
