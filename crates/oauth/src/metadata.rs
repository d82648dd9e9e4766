//! What the strict endpoints offer, for clients that configure themselves (RFC 8414, OpenID Connect Discovery 1.0).
//!
//! Nothing is written down here that is known elsewhere: the lists are those the endpoints decide by, an endpoint is
//! named when it is routed, and a grant when the policy and the properties let it through. One document serves both
//! specifications: each tells its readers to ignore what they do not know.

use serde_json::{Map, Value};

use crate::{
    authorize::{self, ResponseMode},
    client::CodeChallengeMethod,
    client_auth,
    grants::{self, device_code},
    jose::Algorithm,
    policy::Policy,
    properties::Properties,
    scope, signing, userinfo,
};

/// The endpoints that a document may name, and where they are.
pub const ENDPOINTS: [(&str, &str); 8] = [
    (AUTHORIZATION, "/oauth2/authorize"),
    ("token_endpoint", "/oauth2/token"),
    ("revocation_endpoint", "/oauth2/revoke"),
    ("introspection_endpoint", "/oauth2/introspect"),
    (DEVICES, "/oauth2/device_authorization"),
    ("userinfo_endpoint", "/oauth2/userinfo"),
    ("end_session_endpoint", "/oauth2/logout"),
    ("jwks_uri", "/oauth2/jwks"),
];

/// The instance that a document describes.
#[derive(Debug, Clone, Copy)]
pub struct Described<'a> {
    /// Its name, which is the base of its URLs.
    pub issuer: &'a str,
    /// The rules of the strict dialect.
    pub policy: &'a Policy,
    /// The system properties.
    pub properties: &'a Properties,
}

impl Described<'_> {
    /// Returns the document; `is_routed` tells whether something answers at a path.
    #[must_use]
    pub fn document(&self, is_routed: impl Fn(&str) -> bool) -> Map<String, Value> {
        let mut document = Map::new();
        let mut put = |name: &str, value: Value| document.insert(name.to_owned(), value);
        put("issuer", self.issuer.into());
        let offered = || grants::offered(self.policy, self.properties);
        let devices = offered().any(|grant_type| grant_type == device_code::GRANT_TYPE);
        let routed = ENDPOINTS
            .into_iter()
            .filter(|(name, path)| is_routed(path) && (devices || *name != DEVICES));
        for (name, path) in routed.clone() {
            put(name, format!("{}{path}", self.issuer).into());
        }
        let asks_people = routed.clone().any(|(name, _)| name == AUTHORIZATION);
        if asks_people {
            put(
                "response_types_supported",
                list(authorize::response_types(self.policy)),
            );
            put(
                "response_modes_supported",
                list(ResponseMode::ALL.map(ResponseMode::name)),
            );
            // security.md §2, 13.
            let methods = CodeChallengeMethod::offered(self.policy);
            let methods = methods.map(CodeChallengeMethod::name);
            put("code_challenge_methods_supported", list(methods));
            // RFC 9207 §3.
            put(
                "authorization_response_iss_parameter_supported",
                true.into(),
            );
        } else {
            // RFC 8414 §2 and OpenID Connect Discovery §3 require the member.
            put("response_types_supported", list([]));
        }
        put("grant_types_supported", list(offered()));
        for (name, value) in client_authentication() {
            put(name, value);
        }
        put("scopes_supported", list(scope::well_known()));
        put("subject_types_supported", list(["public"]));
        let signs = signing::ALGORITHMS.map(Algorithm::as_str);
        put("id_token_signing_alg_values_supported", list(signs));
        put(
            "claims_supported",
            list(CLAIMS.into_iter().chain(userinfo::claim_names())),
        );
        // OpenID Connect Discovery §3: where the last is left out, it counts as true.
        for unsupported in [
            "claims_parameter_supported",
            "request_parameter_supported",
            "request_uri_parameter_supported",
        ] {
            put(unsupported, false.into());
        }
        document
    }
}

/// The same methods everywhere, but introspection is for those who prove themselves (RFC 7662 §2.1).
fn client_authentication() -> impl Iterator<Item = (&'static str, Value)> {
    let all = || client_auth::METHODS.into_iter();
    let proving = || all().filter(|method| *method != "none");
    let has = |method| all().any(|it| it == method);
    let private = Algorithm::PUBLIC
        .into_iter()
        .filter(move |_| has("private_key_jwt"));
    let shared = Algorithm::SHARED
        .into_iter()
        .filter(move |_| has("client_secret_jwt"));
    let algorithms: Vec<_> = private.chain(shared).map(Algorithm::as_str).collect();
    let endpoints = [
        ("token_endpoint_auth_methods_supported", list(all())),
        ("revocation_endpoint_auth_methods_supported", list(all())),
        (
            "introspection_endpoint_auth_methods_supported",
            list(proving()),
        ),
    ];
    let signed = [
        "token_endpoint_auth_signing_alg_values_supported",
        "revocation_endpoint_auth_signing_alg_values_supported",
        "introspection_endpoint_auth_signing_alg_values_supported",
    ];
    // RFC 8414 §2: "MUST be present if either of these authentication methods are specified".
    let signed = signed.into_iter().filter(|_| !algorithms.is_empty());
    let signed: Vec<_> = signed
        .map(|name| (name, list(algorithms.iter().copied())))
        .collect();
    endpoints.into_iter().chain(signed)
}

fn list<'a>(values: impl IntoIterator<Item = &'a str>) -> Value {
    values.into_iter().map(Value::from).collect()
}

/// What ID tokens say beside the claims of the userinfo endpoint.
const CLAIMS: [&str; 10] = [
    "iss",
    "sub",
    "aud",
    "azp",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "amr",
    "at_hash",
];
/// RFC 8628 §4
const DEVICES: &str = "device_authorization_endpoint";
const AUTHORIZATION: &str = "authorization_endpoint";
