//! The issuer under test, and what it knows of us.

use reqwest::Url;

/// An issuer, two confidential clients, a public one and a person.
#[derive(Clone, Debug)]
pub struct Target {
    /// As the issuer names itself, without a slash at its end.
    pub issuer: Url,
    /// A confidential client that may use the authorization code and refresh token grants.
    pub client: Client,
    /// Another one with the same rights and redirect URI.
    pub other: Client,
    /// A client without a secret, with the same redirect URI.
    pub public: String,
    /// A client that proves itself with the key of [`crate::CERTIFICATE`], with the same redirect URI.
    pub jwt_client: String,
    /// A resource server that tokens can be asked for (RFC 8707).
    pub resource: String,
    /// Registered for all three, on another origin than the issuer; nothing needs to listen there.
    pub redirect_uri: String,
    /// Registered as a place to go after logging out.
    pub post_logout_redirect_uri: String,
    /// Who logs in.
    pub user: String,
    /// With this.
    pub password: String,
}

/// A confidential client.
#[derive(Clone, Debug)]
pub struct Client {
    /// RFC 6749 §2.2.
    pub id: String,
    /// In clear.
    pub secret: String,
}

impl Target {
    /// The issuer as it is compared: byte for byte.
    pub fn issuer_text(&self) -> &str {
        self.issuer.as_str().trim_end_matches('/')
    }
}
