//! The token request to another's token endpoint (`outbound-oauth.md` §3.3), as text to be sent.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::registry::{OutboundGrant, Provider, SendCredentials};
use crate::{
    form::{Form, encode},
    secret::Secret,
};

/// A request to a token endpoint.
#[derive(Debug)]
pub struct TokenCall {
    /// Where it goes.
    pub url: Box<str>,
    /// The body: `application/x-www-form-urlencoded`.
    pub form: Secret,
    /// The `Authorization` header.
    pub authorization: Option<Secret>,
}

/// What a grant brings.
#[derive(Debug)]
pub enum Material<'a> {
    /// RFC 6749 §4.1.3
    Code {
        /// `code`
        code: &'a Secret,
        /// `redirect_uri`
        redirect_uri: &'a str,
        /// `code_verifier` (RFC 7636 §4.5)
        verifier: &'a Secret,
    },
    /// RFC 6749 §4.3
    Password {
        /// `username`
        username: &'a str,
        /// `password`
        password: &'a Secret,
    },
    /// RFC 6749 §4.4
    ClientCredentials,
    /// RFC 7523 §2.1
    Assertion(&'a Secret),
    /// RFC 6749 §6
    Refresh(&'a Secret),
}

/// What proves which client asks.
#[derive(Debug)]
pub enum ClientProof<'a> {
    /// Nothing: a public client.
    None,
    /// Its secret.
    Secret(&'a Secret),
    /// A JWT that it signed (RFC 7523 §2.2).
    Assertion(&'a Secret),
}

/// Why no request can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenCallFault {
    /// The record names no token endpoint.
    #[error("the provider has no Token URL")]
    NoTokenUrl,
    /// More parameters cannot be read.
    #[error("the Token parameters of the provider cannot be read")]
    Parameters,
}

impl TokenCallFault {
    /// Returns the name of the reason.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoTokenUrl => "provider_token_url_missing",
            Self::Parameters => "provider_parameters_unreadable",
        }
    }
}

impl TokenCall {
    /// Writes a request; `scope` may be empty.
    ///
    /// # Errors
    /// [`TokenCallFault`]
    pub fn new(
        provider: &Provider,
        material: &Material<'_>,
        scope: &str,
        proof: &ClientProof<'_>,
    ) -> Result<Self, TokenCallFault> {
        if provider.token_url.is_empty() {
            return Err(TokenCallFault::NoTokenUrl);
        }
        let mut body = Body::default();
        material.push(scope, &mut body);
        let authorization = proof.push(provider, &mut body);
        body.push_more(&provider.token_parameters)?;
        Ok(Self {
            url: provider.token_url.clone(),
            form: Secret::new(body.text),
            authorization,
        })
    }

    /// Writes the request that ends a token (RFC 7009 §2.1), with the same proof of the client.
    #[must_use]
    pub fn revocation(
        provider: &Provider,
        token: &Secret,
        token_type_hint: &str,
        proof: &ClientProof<'_>,
    ) -> Self {
        let mut body = Body::default();
        body.push("token", token.expose());
        body.push("token_type_hint", token_type_hint);
        let authorization = proof.push(provider, &mut body);
        Self {
            url: provider.revoke_token_url.clone(),
            form: Secret::new(body.text),
            authorization,
        }
    }
}

impl ClientProof<'_> {
    /// Adds the proof to a form, or returns the header that it goes into.
    fn push(&self, provider: &Provider, body: &mut Body) -> Option<Secret> {
        match (self, provider.send_credentials) {
            (Self::Secret(secret), SendCredentials::Basic) => {
                return Some(basic(&provider.client_id, secret));
            }
            (Self::Secret(secret), _) => {
                body.push("client_id", &provider.client_id);
                body.push("client_secret", secret.expose());
            }
            (Self::Assertion(assertion), _) => {
                body.push("client_id", &provider.client_id);
                body.push("client_assertion_type", CLIENT_ASSERTION);
                body.push("client_assertion", assertion.expose());
            }
            (Self::None, _) => body.push("client_id", &provider.client_id),
        }
        None
    }
}

impl Material<'_> {
    fn push(&self, scope: &str, body: &mut Body) {
        match self {
            Self::Code {
                code,
                redirect_uri,
                verifier,
            } => {
                body.push("grant_type", "authorization_code");
                body.push("code", code.expose());
                body.push("redirect_uri", redirect_uri);
                body.push("code_verifier", verifier.expose());
            }
            Self::Password { username, password } => {
                body.push("grant_type", "password");
                body.push("username", username);
                body.push("password", password.expose());
                body.push_filled("scope", scope);
            }
            Self::ClientCredentials => {
                body.push("grant_type", "client_credentials");
                body.push_filled("scope", scope);
            }
            Self::Assertion(assertion) => {
                body.push("grant_type", JWT_BEARER);
                body.push("assertion", assertion.expose());
                body.push_filled("scope", scope);
            }
            // RFC 6749 §6: without a scope it stays what it was.
            Self::Refresh(token) => {
                body.push("grant_type", "refresh_token");
                body.push("refresh_token", token.expose());
            }
        }
    }
}

/// A form in the making.
#[derive(Default)]
struct Body {
    text: String,
    names: Vec<Box<str>>,
}

impl Body {
    fn push(&mut self, name: &str, value: &str) {
        self.text
            .push_str(if self.text.is_empty() { "" } else { "&" });
        encode(name, &mut self.text);
        self.text.push('=');
        encode(value, &mut self.text);
        self.names.push(name.into());
    }

    fn push_filled(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.push(name, value);
        }
    }

    /// Adds what the provider's record adds; it replaces nothing, and may come more than once (RFC 8707 §2).
    fn push_more(&mut self, more: &str) -> Result<(), TokenCallFault> {
        let more = more.trim();
        let form = Form::parse(more.as_bytes()).map_err(|_| TokenCallFault::Parameters)?;
        let own = self.names.clone();
        let added = form
            .iter()
            .filter(|(name, _)| !own.iter().any(|it| **it == **name));
        for (name, value) in added {
            self.push(name, value);
        }
        Ok(())
    }
}

/// RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
fn basic(client_id: &str, secret: &Secret) -> Secret {
    let mut pair = String::new();
    encode(client_id, &mut pair);
    pair.push(':');
    encode(secret.expose(), &mut pair);
    let header = format!("Basic {}", STANDARD.encode(&pair));
    drop(Secret::new(pair));
    Secret::new(header)
}

const CLIENT_ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

impl OutboundGrant {
    /// Returns the grant on the wire.
    #[must_use]
    pub fn grant_type(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::Password => "password",
            Self::ClientCredentials => "client_credentials",
            Self::JwtBearer => JWT_BEARER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(send_credentials: SendCredentials) -> Provider {
        Provider {
            client_id: "id ü".into(),
            token_url: "https://as.example/token".into(),
            send_credentials,
            ..Provider::default()
        }
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn outbound_3_3_a_client_proves_itself_in_one_place() {
        let own = secret("s:+");
        let proof = ClientProof::Secret(&own);
        let call = |how| {
            TokenCall::new(&provider(how), &Material::ClientCredentials, "a b", &proof)
                .expect("a call")
        };
        let body = call(SendCredentials::Body);
        assert_eq!(
            body.form.expose(),
            "grant_type=client_credentials&scope=a+b&client_id=id+%C3%BC&client_secret=s%3A%2B"
        );
        assert!(body.authorization.is_none());
        let header = call(SendCredentials::Basic);
        assert_eq!(
            header.form.expose(),
            "grant_type=client_credentials&scope=a+b"
        );
        let authorization = header.authorization.expect("a header");
        let expected = format!("Basic {}", STANDARD.encode("id+%C3%BC:s%3A%2B"));
        assert_eq!(authorization.expose(), expected);
    }

    #[test]
    fn rfc7009_2_1_a_token_is_ended_with_its_kind_and_the_clients_proof() {
        let (own, token) = (secret("s"), secret("t/1"));
        let proof = ClientProof::Secret(&own);
        let mut by = provider(SendCredentials::Body);
        by.revoke_token_url = "https://as.example/revoke".into();
        let call = TokenCall::revocation(&by, &token, "refresh_token", &proof);
        assert_eq!(&*call.url, "https://as.example/revoke");
        assert_eq!(
            call.form.expose(),
            "token=t%2F1&token_type_hint=refresh_token&client_id=id+%C3%BC&client_secret=s"
        );
        let basic = Provider {
            send_credentials: SendCredentials::Basic,
            ..by
        };
        let call = TokenCall::revocation(&basic, &token, "access_token", &proof);
        assert_eq!(
            call.form.expose(),
            "token=t%2F1&token_type_hint=access_token"
        );
        assert!(call.authorization.is_some());
    }

    #[test]
    fn outbound_3_3_each_grant_sends_its_fields() {
        let (code, verifier) = (secret("c"), secret("v"));
        let pass = secret("p&");
        let public = provider(SendCredentials::Body);
        let form = |material: &Material<'_>, scope| {
            let call = TokenCall::new(&public, material, scope, &ClientProof::None);
            call.expect("a call").form.expose().to_owned()
        };
        let by_code = Material::Code {
            code: &code,
            redirect_uri: "https://i/x",
            verifier: &verifier,
        };
        assert_eq!(
            form(&by_code, "ignored"),
            "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fi%2Fx&code_verifier=v&client_id=id+%C3%BC"
        );
        let by_password = Material::Password {
            username: "u",
            password: &pass,
        };
        assert!(
            form(&by_password, "")
                .starts_with("grant_type=password&username=u&password=p%26&client_id")
        );
        assert!(
            form(&Material::Refresh(&code), "x")
                .starts_with("grant_type=refresh_token&refresh_token=c&client_id")
        );
        let assertion = form(&Material::Assertion(&code), "x");
        assert!(
            assertion.contains("jwt-bearer&assertion=c&scope=x&"),
            "{assertion}"
        );
    }

    #[test]
    fn outbound_8_4_more_parameters_are_added_and_replace_none() {
        let more = Provider {
            token_parameters: " audience=https%3A%2F%2Fapi&resource=a&resource=b&grant_type=x"
                .into(),
            ..provider(SendCredentials::Body)
        };
        let call = TokenCall::new(&more, &Material::ClientCredentials, "", &ClientProof::None);
        assert_eq!(
            call.expect("a call").form.expose(),
            "grant_type=client_credentials&client_id=id+%C3%BC&audience=https%3A%2F%2Fapi&resource=a&resource=b"
        );
    }

    #[test]
    fn without_a_token_url_nothing_is_sent() {
        let call = TokenCall::new(
            &Provider::default(),
            &Material::ClientCredentials,
            "",
            &ClientProof::None,
        );
        assert_eq!(call.expect_err("no URL"), TokenCallFault::NoTokenUrl);
    }
}
