//! What a request says about its client, before anything is proved.

use std::borrow::Cow;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use crate::{
    error::{ClientFault, RequestFault, TokenError},
    form::{Form, decode},
    jose::Jwt,
    policy::{Policy, TwoMethods},
    secret::PresentedSecret,
};

/// What a request presents as its client: one reading, or two where the header can be read in two ways.
#[derive(Debug, Clone)]
pub struct Presented<'r> {
    first: Option<Reading<'r>>,
    second: Option<Reading<'r>>,
    assertion: Option<Jwt<'r>>,
}

#[derive(Debug, Clone)]
pub(super) struct Reading<'r> {
    pub(super) client_id: Cow<'r, str>,
    pub(super) secret: Option<PresentedSecret<'r>>,
}

impl<'r> Presented<'r> {
    /// Reads the client from the `Authorization` header and the form.
    ///
    /// # Errors
    /// [`TokenError`] when a parameter is repeated, or header and body contradict each other
    /// ([`Policy::two_methods`]). A request that names no client is not refused here but by
    /// [`check`](super::check).
    pub fn parse(
        form: &'r Form<'_>,
        authorization: Option<&str>,
        policy: &Policy,
    ) -> Result<Self, TokenError> {
        let client_id = form.get("client_id")?;
        let secret = form.get("client_secret")?.map(PresentedSecret::new);
        if let Some(assertion) = client_assertion(form, policy)? {
            // RFC 6749 §2.3, RFC 7521 §4.2: one method.
            if secret.is_some() || used_basic(authorization) {
                return Err(RequestFault::TwoMethods.into());
            }
            return Self::from_assertion(assertion, client_id);
        }
        match authorization.map(Self::from_header) {
            None => Ok(Self::from_body(client_id, secret)),
            Some(Ok(header)) => header.beside_body(client_id, secret, policy.two_methods),
            Some(Err(fault)) => match policy.two_methods {
                TwoMethods::Refused => Err(TokenError::InvalidClient(fault)),
                TwoMethods::BodyDecides => Ok(Self::from_body(client_id, secret)),
            },
        }
    }

    /// Names a client without any proof: a public one that an assertion of its own names
    /// (`inbound-oauth.md` §2.6).
    #[must_use]
    pub fn named(client_id: &'r str) -> Self {
        Self::from_body(Some(client_id), None)
    }

    /// Returns the JWT that the client authenticates with; [`check_assertion`](super::check_assertion) is for it.
    #[must_use]
    pub fn assertion(&self) -> Option<&Jwt<'r>> {
        self.assertion.as_ref()
    }

    /// Iterates over the `client_id`s to look up; the first that exists is meant.
    pub fn client_ids(&self) -> impl Iterator<Item = &str> {
        self.readings().map(|reading| &*reading.client_id)
    }

    pub(super) fn readings(&self) -> impl Iterator<Item = &Reading<'r>> {
        self.first.iter().chain(&self.second)
    }

    fn from_body(client_id: Option<&'r str>, secret: Option<PresentedSecret<'r>>) -> Self {
        let first = client_id.map(|id| Reading {
            client_id: id.into(),
            secret,
        });
        Self {
            first,
            second: None,
            assertion: None,
        }
    }

    /// RFC 7521 §4.2: `client_id` is not needed beside an assertion, and must name its subject if it is there.
    fn from_assertion(assertion: &'r str, client_id: Option<&'r str>) -> Result<Self, TokenError> {
        let refuse = |fault: ClientFault| TokenError::InvalidClient(fault);
        let jwt =
            Jwt::parse(assertion).map_err(|fault| refuse(ClientFault::Assertion(fault.into())))?;
        let subject = jwt.unproven_claims().required_text("sub");
        let subject = subject.map_err(|fault| refuse(ClientFault::Assertion(fault.into())))?;
        if client_id.is_some_and(|id| id != subject) {
            return Err(refuse(ClientFault::NamesDiffer));
        }
        Ok(Self {
            first: Some(Reading {
                client_id: subject.to_owned().into(),
                secret: None,
            }),
            second: None,
            assertion: Some(jwt),
        })
    }

    /// Reads HTTP Basic: plainly, as most clients send it (RFC 7617), and form-decoded, as RFC 6749 §2.3.1
    /// asks them to.
    fn from_header(authorization: &str) -> Result<Self, ClientFault> {
        let pair = decode_basic(authorization).ok_or(ClientFault::UnsupportedMethod)?;
        let (client_id, secret) = pair.split_once(':').ok_or(ClientFault::UnsupportedMethod)?;
        let decoded = decode(client_id.as_bytes())
            .ok()
            .zip(decode(secret.as_bytes()).ok());
        let second = decoded.filter(|decoded| *decoded != (client_id.into(), secret.into()));
        Ok(Self {
            first: Some(Reading::owned(client_id, secret)),
            second: second.map(|(client_id, secret)| Reading::owned(&client_id, &secret)),
            assertion: None,
        })
    }

    /// Settles a request whose header and body both speak of the client.
    fn beside_body(
        self,
        client_id: Option<&'r str>,
        secret: Option<PresentedSecret<'r>>,
        two_methods: TwoMethods,
    ) -> Result<Self, TokenError> {
        // RFC 6749 §2.3. A bare client_id beside the header is no second method if it is the same.
        if secret.is_some() && two_methods == TwoMethods::Refused {
            return Err(RequestFault::TwoMethods.into());
        }
        let same = |reading: &Reading<'_>| client_id.is_none_or(|id| id == reading.client_id);
        let mut meant = Self {
            first: self.first.filter(same),
            second: self.second.filter(same),
            assertion: None,
        };
        if meant.readings().next().is_none() {
            return Err(TokenError::InvalidClient(ClientFault::NamesDiffer));
        }
        if let Some(secret) = secret {
            for reading in meant.first.iter_mut().chain(&mut meant.second) {
                reading.secret = Some(secret.clone());
            }
        }
        Ok(meant)
    }
}

impl Reading<'_> {
    fn owned(client_id: &str, secret: &str) -> Self {
        let secret = (!secret.is_empty()).then(|| PresentedSecret::new(secret.to_owned()));
        Self {
            client_id: client_id.to_owned().into(),
            secret,
        }
    }
}

/// Returns the assertion of a request that authenticates its client with one (RFC 7523 §2.2).
fn client_assertion<'r>(
    form: &'r Form<'_>,
    policy: &Policy,
) -> Result<Option<&'r str>, TokenError> {
    if !policy.client_assertions {
        return Ok(None);
    }
    let assertion = form.get("client_assertion")?;
    match (assertion, form.get("client_assertion_type")?) {
        (None, None) => Ok(None),
        (Some(assertion), Some(CLIENT_ASSERTION_TYPE)) => Ok(Some(assertion)),
        (Some(_), Some(_)) => Err(TokenError::InvalidClient(ClientFault::UnsupportedMethod)),
        (Some(_), None) => Err(RequestFault::Missing("client_assertion_type").into()),
        (None, Some(_)) => Err(RequestFault::Missing("client_assertion").into()),
    }
}

const CLIENT_ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Tells whether a request tried HTTP Basic, which a 401 then has to answer (RFC 6749 §5.2).
#[must_use]
pub fn used_basic(authorization: Option<&str>) -> bool {
    authorization.and_then(basic_credentials).is_some()
}

fn basic_credentials(authorization: &str) -> Option<&str> {
    let (scheme, credentials) = authorization.trim_start().split_once(' ')?;
    // RFC 9110 §11.1: scheme names are case-insensitive.
    scheme
        .eq_ignore_ascii_case("basic")
        .then(|| credentials.trim())
}

fn decode_basic(authorization: &str) -> Option<String> {
    let decoded = LENIENT.decode(basic_credentials(authorization)?).ok()?;
    String::from_utf8(decoded).ok()
}

/// Some clients leave the padding out.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
