//! A simulated identity provider: it signs what a test wants signed, and serves its keys and metadata on loopback.

#![expect(
    clippy::expect_used,
    reason = "a world that is not as a test needs it fails the test"
)]

mod server;

use serde_json::{Map, Value, json};
use snowglobe_oauth::jose::{Algorithm, KeySet, SigningKey};

use server::Server;

/// An identity provider; it stops with this value.
#[derive(Debug)]
pub struct IdentityProvider {
    server: Server,
    rs256: SigningKey,
    es256: SigningKey,
}

impl IdentityProvider {
    /// The certificate of its RSA key: PEM, valid for a hundred years from 2026-11-22.
    pub const CERTIFICATE: &str = include_str!("certificate.pem");
    /// The name of its RSA key.
    pub const RSA: &str = "idp-rsa";
    /// The name of its EC key.
    pub const EC: &str = "idp-ec";

    /// Starts a provider, whose keys are the same each time.
    #[must_use]
    pub fn start() -> Self {
        let key = |algorithm, der, kid| {
            SigningKey::from_pkcs8(algorithm, der)
                .expect("a private key")
                .named(kid)
        };
        let rs256 = key(Algorithm::Rs256, include_bytes!("key.der"), Self::RSA);
        let es256 = key(Algorithm::Es256, include_bytes!("ec.der"), Self::EC);
        let server = Server::start();
        let this = Self {
            server,
            rs256,
            es256,
        };
        this.serve("/jwks", &this.jwks());
        this.serve("/.well-known/openid-configuration", &this.metadata());
        this
    }

    /// Its `iss`, and the base of its URLs.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.server.url()
    }

    /// Where its keys are.
    #[must_use]
    pub fn jwks_url(&self) -> String {
        format!("{}/jwks", self.issuer())
    }

    /// Where its metadata is.
    #[must_use]
    pub fn metadata_url(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.issuer())
    }

    /// Its keys, as it serves them at first.
    #[must_use]
    pub fn jwks(&self) -> String {
        KeySet::render([&self.rs256, &self.es256])
    }

    fn metadata(&self) -> String {
        json!({"issuer": self.issuer(), "jwks_uri": self.jwks_url()}).to_string()
    }

    /// Serves something else at a path from now on.
    pub fn serve(&self, path: &str, body: &str) {
        let length = body.len();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
        self.serve_raw(
            path,
            &format!("{head}Content-Length: {length}\r\n\r\n{body}"),
        );
    }

    /// Serves any answer at a path, from its first line on.
    pub fn serve_raw(&self, path: &str, answer: &str) {
        self.server.serve(path, answer);
    }

    /// Serves nothing at a path any more.
    pub fn take_down(&self, path: &str) {
        self.server.take_down(path);
    }

    /// How often a path was asked for.
    #[must_use]
    pub fn asked(&self, path: &str) -> usize {
        self.server.asked(path)
    }

    /// Signs claims with its RSA key.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        signed(&self.rs256, claims)
    }

    /// Signs claims with its EC key.
    #[must_use]
    pub fn sign_es256(&self, claims: &Value) -> String {
        signed(&self.es256, claims)
    }
}

/// Signs claims; a `null` is left out.
///
/// # Panics
/// When the claims are no object.
#[must_use]
pub fn signed(key: &SigningKey, claims: &Value) -> String {
    let claims = claims.as_object().expect("claims are an object");
    let said = claims.iter().filter(|(_, value)| !value.is_null());
    let said: Map<_, _> = said
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    key.sign("JWT", &said).expect("a signature")
}
