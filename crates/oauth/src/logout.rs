//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0): a client sends its person here to log out.
//!
//! Any site may send a browser here, so a session ends without a question only where the client shows an ID token of
//! the very person who is logged in (§2); and a browser is sent on only to what the client has registered (§3).

use crate::{
    change::Change,
    client::Client,
    form::{Duplicate, Form},
    jose::{Jwt, JwtFault},
    revoke::end_of_family,
    signing::SigningKeys,
    time::{UnixMillis, UnixSeconds},
    token::TokenId,
};

/// A logout request, read but not yet believed.
#[derive(Debug, Clone, Copy)]
pub struct LogoutRequest<'r> {
    /// `id_token_hint`: an ID token that this instance gave to the client, expired or not.
    pub id_token_hint: Option<&'r str>,
    /// `client_id`
    pub client_id: Option<&'r str>,
    /// `post_logout_redirect_uri`
    pub redirect_uri: Option<&'r str>,
    /// `state`, returned as it came.
    pub state: Option<&'r str>,
}

/// What a hint proves: who logged in, at which client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// `aud`
    pub client_id: Box<str>,
    /// `sub`
    pub subject: Box<str>,
}

/// Why a logout request is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogoutFault {
    /// A parameter came more than once.
    #[error("{0}")]
    Repeated(#[from] Duplicate),
    /// The hint is no JWT of this instance.
    #[error("{0}")]
    Hint(#[from] JwtFault),
    /// The hint is a JWT of this instance, and no ID token.
    #[error("the id_token_hint is no ID token of this instance")]
    NoIdToken,
    /// `client_id` is not the hint's client.
    #[error("client_id is not the client of the id_token_hint")]
    ClientsDiffer,
    /// No active client is named, and there is somewhere to be sent on to.
    #[error("a post_logout_redirect_uri needs an id_token_hint or a client_id of a client here")]
    NoClient,
    /// The client has not registered the URI.
    #[error("the post_logout_redirect_uri is not registered for the client")]
    RedirectUriMismatch,
}

impl LogoutFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Repeated(_) => "parameter_repeated",
            Self::Hint(fault) => fault.code(),
            Self::NoIdToken => "id_token_hint_no_id_token",
            Self::ClientsDiffer => "logout_clients_differ",
            Self::NoClient => "logout_client_unknown",
            Self::RedirectUriMismatch => "post_logout_redirect_uri_mismatch",
        }
    }
}

impl<'r> LogoutRequest<'r> {
    /// Reads a request.
    ///
    /// # Errors
    /// [`LogoutFault::Repeated`] when a parameter comes twice.
    pub fn parse(form: &'r Form<'_>) -> Result<Self, LogoutFault> {
        Ok(Self {
            id_token_hint: form.get("id_token_hint")?,
            client_id: form.get("client_id")?,
            redirect_uri: form.get("post_logout_redirect_uri")?,
            state: form.get("state")?,
        })
    }

    /// Verifies the hint. §2: "the OP SHOULD accept ID Tokens … even when the exp time has passed".
    ///
    /// # Errors
    /// [`LogoutFault`] when it is no ID token of this instance, or of another client than the request names.
    pub fn hint(
        &self,
        keys: &SigningKeys,
        issuer: &str,
        now: UnixMillis,
    ) -> Result<Option<Hint>, LogoutFault> {
        let Some(text) = self.id_token_hint else {
            return Ok(None);
        };
        let jwt = keys.verify(Jwt::parse(text)?, now)?;
        let text = |name| jwt.claims.text(name).ok().flatten();
        // An access token is signed by the same keys (RFC 8725 §3.12).
        let is_id_token = jwt.header.typ.as_deref() == Some("JWT") && text("iss") == Some(issuer);
        let (true, Some(client_id), Some(subject)) = (is_id_token, text("aud"), text("sub")) else {
            return Err(LogoutFault::NoIdToken);
        };
        if self.client_id.is_some_and(|named| named != client_id) {
            return Err(LogoutFault::ClientsDiffer);
        }
        Ok(Some(Hint {
            client_id: client_id.into(),
            subject: subject.into(),
        }))
    }

    /// Decides where the browser goes afterwards; `None`: it stays here. `client` is the hint's, or the one named.
    ///
    /// # Errors
    /// [`LogoutFault`] when it asks to go where nobody has registered (security.md §2, 5).
    pub fn destination(&self, client: Option<&Client>) -> Result<Option<String>, LogoutFault> {
        let Some(uri) = self.redirect_uri else {
            return Ok(None);
        };
        let client = client
            .filter(|client| client.active)
            .ok_or(LogoutFault::NoClient)?;
        // §3: "exactly match one of the previously registered post_logout_redirect_uris values".
        let mut registered = client.post_logout_redirect_uris.iter();
        if !registered.any(|known| known.as_str() == uri) {
            return Err(LogoutFault::RedirectUriMismatch);
        }
        Ok(Some(match self.state {
            None => uri.to_owned(),
            Some(state) => with_state(uri, state),
        }))
    }
}

/// A grant that a person made in a session, at one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionGrant {
    /// The family that its code gave, or the access token where there was no refresh token.
    pub gave: TokenId,
    /// After this second nothing of that lives.
    pub until: UnixSeconds,
    /// Whether the person let the client go on without them (`offline_access`).
    pub offline: bool,
}

/// Returns what ends with a session that its client ends: the tokens it got in it (security.md §2, 39), but those that
/// were asked for to outlive it (OpenID Connect Back-Channel Logout 1.0 §2.7).
pub fn ended(
    grants: &[SessionGrant],
    client: &Client,
    now: UnixMillis,
) -> impl Iterator<Item = Change> {
    let online = grants.iter().filter(|grant| !grant.offline);
    online.map(move |grant| Change::RevokeFamily {
        id: grant.gave,
        forget_after: end_of_family(grant.gave, grant.until, Some(client), now),
    })
}

fn with_state(uri: &str, state: &str) -> String {
    let separator = if uri.contains('?') { '&' } else { '?' };
    let mut target = format!("{uri}{separator}state=");
    for byte in state.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            target.push(char::from(byte));
        } else {
            // Writing into a string does not fail.
            let _ = std::fmt::Write::write_fmt(&mut target, format_args!("%{byte:02X}"));
        }
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RedirectUri, client::ClientNo};

    fn client() -> Client {
        Client {
            post_logout_redirect_uris: vec![
                RedirectUri::parse("https://app.example/bye").unwrap(),
                RedirectUri::parse("https://app.example/bye?a=b").unwrap(),
                RedirectUri::parse("http://127.0.0.1:8000/bye").unwrap(),
            ],
            ..Client::new(ClientNo(1), "1", "app", "App")
        }
    }

    fn to(uri: &str, state: Option<&str>) -> Result<Option<String>, LogoutFault> {
        let request = LogoutRequest {
            id_token_hint: None,
            client_id: Some("app"),
            redirect_uri: Some(uri),
            state,
        };
        request.destination(Some(&client()))
    }

    #[test]
    fn oidc_rp_logout_3_state_comes_back_as_it_was() {
        let sent = |uri, state| to(uri, Some(state)).unwrap().unwrap();
        assert_eq!(
            sent("https://app.example/bye", "a b&c=\u{e9}#"),
            "https://app.example/bye?state=a%20b%26c%3D%C3%A9%23"
        );
        assert_eq!(
            sent("https://app.example/bye?a=b", "x"),
            "https://app.example/bye?a=b&state=x"
        );
        assert_eq!(
            to("https://app.example/bye", None).unwrap().unwrap(),
            "https://app.example/bye"
        );
    }

    #[test]
    fn security_5_only_what_is_registered_to_the_letter_is_gone_to() {
        for uri in [
            "https://app.example/bye/",
            "https://APP.example/bye",
            "https://app.example/bye?x",
            "https://app.example/bye#x",
            "https://app.example@evil.example/bye",
            "//evil.example",
            // Any port is for redirection URIs of authorization responses (RFC 8252 §7.3).
            "http://127.0.0.1:8001/bye",
        ] {
            assert_eq!(
                to(uri, None),
                Err(LogoutFault::RedirectUriMismatch),
                "{uri}"
            );
        }
    }

    #[test]
    fn nobody_is_sent_on_for_a_client_that_is_none() {
        let request = LogoutRequest {
            id_token_hint: None,
            client_id: None,
            redirect_uri: Some("https://app.example/bye"),
            state: None,
        };
        assert_eq!(request.destination(None), Err(LogoutFault::NoClient));
        let inactive = Client {
            active: false,
            ..client()
        };
        assert_eq!(
            request.destination(Some(&inactive)),
            Err(LogoutFault::NoClient)
        );
    }
}
