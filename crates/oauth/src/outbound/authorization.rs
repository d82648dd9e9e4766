//! Sending a person to another's authorization endpoint, and reading what they come back with
//! (`outbound-oauth.md` §3.2; RFC 6749 §4.1, RFC 7636, RFC 9207).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::registry::Provider;
use crate::{
    client::CodeChallengeMethod,
    form::{Form, encode},
    secret::Secret,
};

/// The address that a person's browser is sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationUrl(Box<str>);

/// What a person comes back with.
#[derive(Debug)]
pub struct Returned {
    /// `state`
    pub state: Box<str>,
    /// `iss` (RFC 9207 §2)
    pub issuer: Option<Box<str>>,
    /// `code`, or what went wrong instead: `error` and `error_description`.
    pub result: Result<Secret, (Box<str>, Box<str>)>,
}

/// Why nothing can be made of how a person came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallbackFault {
    /// It cannot be read, or a parameter comes twice.
    #[error("the parameters cannot be read")]
    Malformed,
    /// Nobody here sent anybody with this state, or somebody else did.
    #[error("the state is not of a request that this session made")]
    State,
    /// Somebody else answers than the provider that was asked.
    #[error("the answer is of another provider than was asked")]
    Issuer,
    /// There is neither a code nor an error.
    #[error("there is neither a code nor an error")]
    Nothing,
}

impl CallbackFault {
    /// Returns the name of the reason.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "callback_malformed",
            Self::State => "callback_state_unknown",
            Self::Issuer => "callback_issuer_other",
            Self::Nothing => "callback_empty",
        }
    }
}

impl AuthorizationUrl {
    /// Writes the address. PKCE is always used (RFC 9700 §2.1.1): a provider that does not know it ignores it
    /// (RFC 6749 §3.1).
    #[must_use]
    pub fn new(
        provider: &Provider,
        scope: &str,
        redirect_uri: &str,
        state: &str,
        verifier: &Secret,
    ) -> Self {
        let mut query = String::new();
        let mut push = |name: &str, value: &str| {
            if !value.is_empty() {
                query.push_str(if query.is_empty() { "" } else { "&" });
                encode(name, &mut query);
                query.push('=');
                encode(value, &mut query);
            }
        };
        push("response_type", "code");
        push("client_id", &provider.client_id);
        push("redirect_uri", redirect_uri);
        push("scope", scope);
        push("state", state);
        if provider.code_challenge_method == CodeChallengeMethod::Plain {
            push("code_challenge", verifier.expose());
            push("code_challenge_method", "plain");
        } else {
            let digest = Sha256::digest(verifier.expose());
            push("code_challenge", &URL_SAFE_NO_PAD.encode(digest));
            push("code_challenge_method", "S256");
        }
        let more = Form::parse(provider.auth_parameters.trim().as_bytes());
        for (name, value) in more.iter().flat_map(Form::iter) {
            if !OWN.contains(&name) {
                push(name, value);
            }
        }
        // `outbound-oauth.md` §3.2: an address that has a query keeps it, and gets no second `?`.
        let (address, _fragment) = provider
            .auth_url
            .split_once('#')
            .unwrap_or((&provider.auth_url, ""));
        let joint = match address.split_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some(_) => "&",
        };
        Self([address, joint, &query].concat().into())
    }

    /// Returns the address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Returned {
    /// Reads the query of `/oauth_redirect.do`.
    ///
    /// # Errors
    /// [`CallbackFault`]
    pub fn parse(query: &str) -> Result<Self, CallbackFault> {
        let form = Form::parse(query.as_bytes()).map_err(|_| CallbackFault::Malformed)?;
        let value = |name| form.get(name).map_err(|_| CallbackFault::Malformed);
        let state = value("state")?.ok_or(CallbackFault::State)?.into();
        let result = match (value("error")?, value("code")?) {
            (Some(error), _) => Err((
                shown(error),
                shown(value("error_description")?.unwrap_or_default()),
            )),
            (None, Some(code)) => Ok(Secret::new(code.to_owned())),
            (None, None) => return Err(CallbackFault::Nothing),
        };
        Ok(Self {
            state,
            issuer: value("iss")?.map(Into::into),
            result,
        })
    }

    /// Tells whether it may come from a provider: an answer that names its issuer names one at the host of the provider's
    /// endpoints. Their record has no issuer, and with this no provider passes a code of another's off as its own
    /// (RFC 9207 §2.4, RFC 9700 §4.4).
    #[must_use]
    pub fn may_be_of(&self, provider: &Provider) -> bool {
        let Some(issuer) = self.issuer.as_deref() else {
            return true;
        };
        let endpoints = [&provider.auth_url, &provider.token_url];
        authority(issuer).is_some_and(|it| endpoints.iter().any(|url| authority(url) == Some(it)))
    }
}

fn shown(text: &str) -> Box<str> {
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    clean.take(400).collect::<String>().into()
}

/// What no parameter of a record replaces.
const OWN: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
];

/// Host and port of a URL.
fn authority(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest.get(..end).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(provider: &Provider) -> String {
        // RFC 7636 appendix B.
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned());
        AuthorizationUrl::new(
            provider,
            "a b",
            "https://i/oauth_redirect.do",
            "st",
            &verifier,
        )
        .as_str()
        .to_owned()
    }

    #[test]
    fn outbound_3_2_the_request_has_state_and_pkce() {
        let provider = Provider {
            client_id: "me".into(),
            auth_url: "https://as.example/authorize".into(),
            auth_parameters: "prompt=consent&state=forged&resource=a&resource=b".into(),
            ..Provider::default()
        };
        assert_eq!(
            url(&provider),
            "https://as.example/authorize?response_type=code&client_id=me\
             &redirect_uri=https%3A%2F%2Fi%2Foauth_redirect.do&scope=a+b&state=st\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256\
             &prompt=consent&resource=a&resource=b"
        );
    }

    #[test]
    fn outbound_3_2_an_address_with_a_query_keeps_it() {
        for (address, start) in [
            (
                "https://as.example/a?tenant=1",
                "https://as.example/a?tenant=1&response_type=code",
            ),
            (
                "https://as.example/a?",
                "https://as.example/a?response_type=code",
            ),
            (
                "https://as.example/a#x",
                "https://as.example/a?response_type=code",
            ),
        ] {
            let provider = Provider {
                auth_url: address.into(),
                ..Provider::default()
            };
            assert!(url(&provider).starts_with(start), "{address}");
        }
    }

    #[test]
    fn who_comes_back_brings_a_code_or_an_error() {
        let good = Returned::parse("code=c%2F1&state=s&iss=x").expect("a code");
        assert_eq!(&*good.state, "s");
        assert_eq!(good.result.expect("a code").expose(), "c/1");
        let bad = Returned::parse("error=access_denied&error_description=no%0Away&state=s");
        let (error, description) = bad.expect("an error").result.expect_err("an error");
        assert_eq!((&*error, &*description), ("access_denied", "no way"));
        for (query, fault) in [
            ("code=c", CallbackFault::State),
            ("state=s", CallbackFault::Nothing),
            ("state=s&code=a&code=b", CallbackFault::Malformed),
            ("state=%ff", CallbackFault::Malformed),
        ] {
            assert_eq!(
                Returned::parse(query).expect_err("refused"),
                fault,
                "{query}"
            );
        }
    }

    #[test]
    fn rfc9207_2_4_an_answer_that_names_another_issuer_is_not_of_the_provider() {
        let provider = Provider {
            auth_url: "https://as.example/o/authorize?p=1".into(),
            token_url: "https://token.example:8443/token".into(),
            ..Provider::default()
        };
        for (issuer, taken) in [
            ("", true),
            ("&iss=https%3A%2F%2Fas.example", true),
            ("&iss=https%3A%2F%2Fas.example%2Ftenant", true),
            ("&iss=https%3A%2F%2Ftoken.example%3A8443%2F", true),
            ("&iss=https%3A%2F%2Ftoken.example%2F", false),
            ("&iss=https%3A%2F%2Fevil.example%2Fas.example", false),
            ("&iss=https%3A%2F%2Fas.example%40evil.example", false),
            ("&iss=as.example", false),
            // RFC 6749 §3.1: a parameter without a value is one that was left out.
            ("&iss=", true),
        ] {
            let returned = Returned::parse(&format!("code=c&state=s{issuer}")).expect("read");
            assert_eq!(returned.may_be_of(&provider), taken, "{issuer}");
        }
    }
}
