//! What a request says, before any of it is believed.

use crate::{
    form::{Duplicate, Form},
    resource::{Resources, TargetFault},
};

/// The parameters of RFC 6749 §4.1.1 and §4.2.1, RFC 7636 §4.3, RFC 8707 §2 and OpenID Connect Core §3.1.2.1.
/// Others are ignored, as RFC 6749 §3.1 asks: clients send `grant_type` here (`inbound-oauth.md` §2.0).
#[derive(Debug, Clone)]
pub(super) struct Parameters {
    pub(super) client_id: Option<Box<str>>,
    pub(super) redirect_uri: Option<Box<str>>,
    pub(super) response_type: Option<Box<str>>,
    pub(super) response_mode: Option<Box<str>>,
    pub(super) scope: Option<Box<str>>,
    pub(super) state: Option<Box<str>>,
    pub(super) nonce: Option<Box<str>>,
    pub(super) prompt: Option<Box<str>>,
    pub(super) max_age: Option<Box<str>>,
    pub(super) login_hint: Option<Box<str>>,
    pub(super) code_challenge: Option<Box<str>>,
    pub(super) code_challenge_method: Option<Box<str>>,
    pub(super) resources: Result<Resources, TargetFault>,
    pub(super) request: bool,
    pub(super) request_uri: bool,
}

impl Parameters {
    /// Reads them; the first one that is repeated comes beside them, for its place in the order of checks is
    /// later than that of the redirection URI.
    pub(super) fn read(form: &Form<'_>) -> (Self, Option<Duplicate>) {
        let mut repeated = None;
        let mut read = |name| match form.get(name) {
            Ok(value) => value.map(Box::from),
            Err(duplicate) => {
                repeated.get_or_insert(duplicate);
                None
            }
        };
        let parameters = Self {
            client_id: read("client_id"),
            redirect_uri: read("redirect_uri"),
            response_type: read("response_type"),
            response_mode: read("response_mode"),
            scope: read("scope"),
            state: read("state"),
            nonce: read("nonce"),
            prompt: read("prompt"),
            max_age: read("max_age"),
            login_hint: read("login_hint"),
            code_challenge: read("code_challenge"),
            code_challenge_method: read("code_challenge_method"),
            request: read("request").is_some(),
            request_uri: read("request_uri").is_some(),
            resources: Resources::parse(form),
        };
        (parameters, repeated)
    }
}
