//! The keys that JWTs of this instance are signed with (RFC 9068, OpenID Connect Core §10): which one signs now, which
//! ones still verify, and which the world is told of.
//!
//! ```text
//! key 1   made ── signs ────────────────┐ verifies ─────────────┐ gone
//! key 2             made, published ──── signs ───────────────────────
//!                   |<- PUBLISH_AHEAD ->|<------- retention --->|
//! ```
//! A key that replaces another is published before it signs, so that nobody meets a signature of a key he has not
//! heard of; the one it replaces stays until its last token is dead. A key that fell into wrong hands is removed
//! whole, and its tokens die with it.

use std::sync::{Arc, OnceLock};

use zeroize::Zeroizing;

use crate::{
    jose::{Algorithm, Jwt, JwtFault, KeySet, SigningKey, Verified},
    time::UnixMillis,
};

/// The algorithms that this instance signs with; the first is the default (OpenID Connect Core §15.1 demands it).
pub const ALGORITHMS: [Algorithm; 2] = [Algorithm::Rs256, Algorithm::Es256];

/// How long a key set may be kept by those who fetch it, in seconds.
pub const JWKS_MAX_AGE: u32 = 300;

/// How long before its first signature a key is published, in milliseconds: whoever keeps the key set as long as
/// he may has it by then.
pub const PUBLISH_AHEAD_MS: i64 = 2 * 1000 * JWKS_MAX_AGE as i64;

/// How many days a replaced key stays where nothing else is set (`inbound-oauth.md` §1).
pub const RETENTION_DAYS: i64 = 105;

/// One key, and the time it signs in.
pub struct TimedKey {
    /// The name by which tokens call for it.
    pub kid: Box<str>,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// When it begins to sign.
    pub signs_from: UnixMillis,
    /// When it is gone; `None` while nothing replaces it.
    pub ends: Option<UnixMillis>,
    der: Zeroizing<Vec<u8>>,
    /// Reading a private key takes longer than a start should, so it waits until it is needed.
    key: OnceLock<Option<Arc<SigningKey>>>,
}

/// The keys of an instance, as of one reading of the store.
#[derive(Debug, Default)]
pub struct SigningKeys {
    keys: Vec<TimedKey>,
    verifying: OnceLock<KeySet>,
}

impl TimedKey {
    /// Takes a key as it is stored.
    #[must_use]
    pub fn new(
        kid: &str,
        algorithm: Algorithm,
        signs_from: UnixMillis,
        ends: Option<UnixMillis>,
        der: Vec<u8>,
    ) -> Self {
        Self {
            kid: kid.into(),
            algorithm,
            signs_from,
            ends,
            der: Zeroizing::new(der),
            key: OnceLock::new(),
        }
    }

    /// Returns the key itself; `None` when what is stored is damaged.
    pub fn key(&self) -> Option<&Arc<SigningKey>> {
        let read = || {
            let key = SigningKey::from_pkcs8(self.algorithm, &self.der).ok()?;
            Some(Arc::new(key.named(&self.kid)))
        };
        self.key.get_or_init(read).as_ref()
    }

    fn lives(&self, now: UnixMillis) -> bool {
        self.ends.is_none_or(|ends| now < ends)
    }
}

impl std::fmt::Debug for TimedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TimedKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .field("signs_from", &self.signs_from)
            .field("ends", &self.ends)
            .finish_non_exhaustive()
    }
}

impl SigningKeys {
    /// Collects keys.
    #[must_use]
    pub fn of(keys: Vec<TimedKey>) -> Self {
        Self {
            keys,
            verifying: OnceLock::new(),
        }
    }

    /// Returns the key that signs with an algorithm now: the newest that has begun. `None` when there is no key yet.
    #[must_use]
    pub fn signer(&self, algorithm: Algorithm, now: UnixMillis) -> Option<&Arc<SigningKey>> {
        let fit = |key: &&TimedKey| key.algorithm == algorithm && key.lives(now);
        let begun = self
            .keys
            .iter()
            .filter(fit)
            .filter(|key| key.signs_from <= now);
        // When the one that signed was removed in an emergency, its successor does not wait.
        let newest = begun.max_by_key(|key| key.signs_from);
        let next = || {
            self.keys
                .iter()
                .filter(fit)
                .min_by_key(|key| key.signs_from)
        };
        newest.or_else(next)?.key()
    }

    /// Verifies a JWT of this instance. A key whose time is over verifies nothing, even before its row is gone.
    ///
    /// # Errors
    /// [`JwtFault`] when no living key signed it.
    pub fn verify(&self, jwt: Jwt<'_>, now: UnixMillis) -> Result<Verified, JwtFault> {
        let verified = jwt.verify(
            self.verifying.get_or_init(|| key_set(&self.keys)),
            &ALGORITHMS,
        )?;
        let by = |key: &&TimedKey| verified.key.kid() == Some(&*key.kid);
        let lives = self.keys.iter().find(by).is_some_and(|key| key.lives(now));
        lives.then_some(verified).ok_or(JwtFault::KeyUnknown)
    }

    /// Writes the JWK Set that the world is told (RFC 7517 §5), keys that are yet to sign among them.
    #[must_use]
    pub fn render(&self, now: UnixMillis) -> String {
        let alive = self.keys.iter().filter(|key| key.lives(now));
        KeySet::render(alive.filter_map(TimedKey::key).map(|key| &**key))
    }

    /// Tells whether there is a key for an algorithm.
    #[must_use]
    pub fn has(&self, algorithm: Algorithm) -> bool {
        self.keys.iter().any(|key| key.algorithm == algorithm)
    }

    /// Iterates over the keys.
    pub fn iter(&self) -> impl Iterator<Item = &TimedKey> {
        self.keys.iter()
    }
}

fn key_set(keys: &[TimedKey]) -> KeySet {
    let verifying = |key: &TimedKey| key.key()?.verifying_key().ok().map(Arc::new);
    KeySet::of(keys.iter().filter_map(verifying))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Map;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    fn at(offset: i64) -> UnixMillis {
        UnixMillis(NOW.0 + offset)
    }

    fn timed(key: &SigningKey, from: i64, ends: Option<i64>) -> TimedKey {
        let der = key.to_pkcs8().unwrap().to_vec();
        TimedKey::new(key.kid(), key.algorithm(), at(from), ends.map(at), der)
    }

    fn new_key() -> SigningKey {
        SigningKey::generate(Algorithm::Es256).unwrap()
    }

    fn kids(keys: &SigningKeys, now: i64) -> Vec<String> {
        let document: serde_json::Value = serde_json::from_str(&keys.render(at(now))).unwrap();
        let keys = document["keys"].as_array().unwrap();
        let kid = |key: &serde_json::Value| key["kid"].as_str().unwrap().to_owned();
        keys.iter().map(kid).collect()
    }

    #[test]
    fn security_59_a_new_key_is_published_before_it_signs_and_the_old_one_verifies_after() {
        let (old, new) = (new_key(), new_key());
        let keys = SigningKeys::of(vec![timed(&new, 100, None), timed(&old, -100, Some(200))]);
        for (now, expected) in [(0, &old), (99, &old), (100, &new), (300, &new)] {
            let signer = keys.signer(Algorithm::Es256, at(now)).unwrap();
            assert_eq!(signer.kid(), expected.kid(), "{now}");
        }
        assert_eq!(kids(&keys, 0), [new.kid(), old.kid()]);
        assert_eq!(kids(&keys, 199), [new.kid(), old.kid()]);
        assert_eq!(kids(&keys, 200), [new.kid()]);

        let text = old.sign(crate::access_jwt::TYP, &Map::new()).unwrap();
        let verify = |now| keys.verify(Jwt::parse(&text).unwrap(), at(now)).map(|_| ());
        assert_eq!(verify(0), Ok(()));
        assert_eq!(verify(199), Ok(()));
        assert_eq!(verify(200), Err(JwtFault::KeyUnknown));
    }

    #[test]
    fn security_59_when_the_signing_key_is_gone_its_successor_does_not_wait() {
        let next = new_key();
        let keys = SigningKeys::of(vec![timed(&next, 100, None)]);
        let signer = keys.signer(Algorithm::Es256, NOW).unwrap();
        assert_eq!(signer.kid(), next.kid());
        assert!(keys.signer(Algorithm::Rs256, NOW).is_none());
        let none = SigningKeys::default();
        assert!(none.signer(Algorithm::Es256, NOW).is_none());
    }

    #[test]
    fn a_damaged_key_signs_and_verifies_nothing() {
        let damaged = TimedKey::new("x", Algorithm::Es256, NOW, None, vec![1, 2, 3]);
        let keys = SigningKeys::of(vec![damaged]);
        assert!(keys.signer(Algorithm::Es256, NOW).is_none());
        assert_eq!(keys.render(NOW), r#"{"keys":[]}"#);
    }

    #[test]
    fn keys_are_not_printed() {
        let key = new_key();
        let shown = format!("{:?}", timed(&key, 0, None));
        assert!(
            shown.contains(key.kid()) && shown.ends_with(".. }"),
            "{shown}"
        );
    }
}
