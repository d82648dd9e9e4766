//! An authorization request, and what the client has to remember of it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::target::Target;

/// A request that has everything a careful client sends; checks add and leave out.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) parameters: Vec<(String, String)>,
    /// RFC 7636 §4.1.
    pub(crate) verifier: String,
}

impl Ask {
    pub(crate) fn new(target: &Target) -> Self {
        let verifier = random();
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        let parameters = [
            ("response_type", "code".to_owned()),
            ("client_id", target.client.id.clone()),
            ("redirect_uri", target.redirect_uri.clone()),
            ("scope", "openid".to_owned()),
            ("state", random()),
            ("nonce", random()),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256".to_owned()),
        ];
        Self {
            parameters: parameters
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
            verifier,
        }
    }

    /// Says this, in place of what it said.
    #[must_use]
    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        let mut ask = self.without(name);
        ask.parameters.push((name.to_owned(), value.to_owned()));
        ask
    }

    /// Does not say this.
    #[must_use]
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(known, _)| known != name);
        self
    }

    /// Leaves out PKCE.
    #[must_use]
    pub(crate) fn without_pkce(self) -> Self {
        self.without("code_challenge")
            .without("code_challenge_method")
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

/// 43 characters that no one has seen before, of those that every parameter may have.
pub(crate) fn random() -> String {
    std::iter::repeat_with(fastrand::alphanumeric)
        .take(43)
        .collect()
}
