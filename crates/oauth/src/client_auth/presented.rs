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
    policy::{Policy, TwoMethods},
    secret::PresentedSecret,
};

/// What a request presents as its client: one reading, or two where the header can be read in two ways.
#[derive(Debug, Clone)]
pub struct Presented<'r> {
    first: Option<Reading<'r>>,
    second: Option<Reading<'r>>,
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
        match authorization.map(Self::from_header) {
            None => Ok(Self::from_body(client_id, secret)),
            Some(Ok(header)) => header.beside_body(client_id, secret, policy.two_methods),
            Some(Err(fault)) => match policy.two_methods {
                TwoMethods::Refused => Err(TokenError::InvalidClient(fault)),
                TwoMethods::BodyDecides => Ok(Self::from_body(client_id, secret)),
            },
        }
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
        }
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
