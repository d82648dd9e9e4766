//! Token and revocation requests: the form, the client it presents, the grant it asks for (RFC 6749 §3.2).

use snowglobe_oauth::{Form, Policy, TokenRequest, revoke::RevocationRequest};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "token_form",
    run,
    words: &[
        "grant_type=",
        "authorization_code",
        "password",
        "refresh_token",
        "client_credentials",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
        "&client_id=",
        "&client_secret=",
        "&code=",
        "&code_verifier=",
        "&redirect_uri=",
        "&username=",
        "&scope=",
        "&assertion=",
        "&client_assertion=",
        "&client_assertion_type=",
        "&device_code=",
        "&resource=",
        "&token=",
        "%",
        "+",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(form) = Form::parse(bytes) else {
        return;
    };
    for policy in [Policy::strict(), Policy::servicenow()] {
        if let Err(error) = TokenRequest::parse(&form, None, &policy) {
            // Whatever was wrong, it can be said in JSON.
            let body = error.render(&policy, false).body;
            let said: serde_json::Value = serde_json::from_str(&body).expect("JSON");
            assert!(said["error"].is_string(), "{body}");
        }
        let _ = RevocationRequest::parse(&form, None, &policy);
    }
}
