//! A set of keys (RFC 7517 §5) that tokens find their key in.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    algorithm::Algorithm,
    fault::{JwtFault, KeyFault},
    json, jwk,
    jwt::Header,
    key::VerifyingKey,
    signing_key::SigningKey,
};

/// Keys of one party.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    keys: Vec<Arc<VerifyingKey>>,
}

impl KeySet {
    /// The most keys of a fetched set that are looked at.
    pub const MAX_KEYS: usize = 64;

    /// Makes a set of keys that are at hand.
    #[must_use]
    pub fn of(keys: impl IntoIterator<Item = Arc<VerifyingKey>>) -> Self {
        let keys = keys.into_iter().collect();
        Self { keys }
    }

    /// Reads a JWK Set. Keys of unknown types, for other uses, too small or damaged are left out: RFC 7517 §5
    /// wants implementations to ignore what they do not understand.
    ///
    /// # Errors
    /// [`KeyFault::Malformed`] when it is no JWK Set at all.
    pub fn parse(document: &[u8]) -> Result<Self, KeyFault> {
        let document = json::object(document).ok_or(KeyFault::Malformed)?;
        let Some(Value::Array(keys)) = document.get("keys") else {
            return Err(KeyFault::Malformed);
        };
        let usable = keys
            .iter()
            .take(Self::MAX_KEYS)
            .filter_map(Value::as_object)
            .filter_map(|key| jwk::read(key).ok());
        Ok(Self::of(usable.map(Arc::new)))
    }

    /// Writes the public halves of signing keys as a JWK Set. Shared keys have none.
    #[must_use]
    pub fn render<'k>(keys: impl IntoIterator<Item = &'k SigningKey>) -> String {
        let keys = keys.into_iter().filter_map(SigningKey::jwk);
        let keys: Vec<Value> = keys.map(Value::Object).collect();
        let document = Map::from_iter([("keys".to_owned(), Value::Array(keys))]);
        Value::Object(document).to_string()
    }

    /// Tells whether no key is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns how many keys are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Returns the keys.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<VerifyingKey>> {
        self.keys.iter()
    }

    /// Tells whether a key goes by this name.
    #[must_use]
    pub fn knows(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid() == Some(kid))
    }

    /// Finds the key that made the signature.
    ///
    /// With a `kid` that is a key of that name, or else one without a name; without a `kid`, any key. Keys that
    /// are not for the algorithm do not count.
    pub(super) fn verify(
        &self,
        header: &Header,
        message: &[u8],
        signature: &[u8],
    ) -> Result<&Arc<VerifyingKey>, JwtFault> {
        let mut outcome = JwtFault::KeyUnknown;
        for key in self.candidates(header.kid.as_deref()) {
            match key.verify(header.alg, message, signature) {
                Ok(()) => return Ok(key),
                // A wrong signature says more than a key that does not fit.
                Err(fault) if outcome != JwtFault::Signature => outcome = fault,
                Err(_) => {}
            }
        }
        Err(outcome)
    }

    fn candidates<'s>(&'s self, kid: Option<&str>) -> impl Iterator<Item = &'s Arc<VerifyingKey>> {
        let named = kid.filter(|kid| self.knows(kid));
        let named = named.map(str::to_owned);
        let any = kid.is_none();
        self.keys.iter().filter(move |key| match &named {
            Some(kid) => key.kid() == Some(kid),
            None => any || key.kid().is_none(),
        })
    }

    /// Returns the algorithms that some key of the set verifies.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.keys.iter().flat_map(|key| key.algorithms())
    }
}
