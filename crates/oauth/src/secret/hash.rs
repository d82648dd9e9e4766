//! What is stored in place of a secret.
//!
//! A secret that the instance generated has 256 random bits: no search finds it, so one SHA-256 keeps it and
//! a check costs nothing. What people choose gets argon2id with OWASP's parameters, and its checks belong
//! off the threads that serve requests ([`SecretHash::is_slow`]).

use std::fmt;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::Secret;

/// The stored form of a secret.
#[derive(Clone)]
pub struct SecretHash(Kind);

#[derive(Clone)]
enum Kind {
    Generated([u8; 32]),
    /// A PHC string that [`checked_argon2`] accepted.
    Argon2id(Box<str>),
}

/// The text is no hash this instance can check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is neither '$sha256$…' nor an argon2id hash of reasonable cost")]
pub struct InvalidSecretHash;

impl SecretHash {
    /// Hashes a secret of at least 128 random bits. Never use it for what a person chose.
    #[must_use]
    pub fn hash_generated(secret: &Secret) -> Self {
        Self(Kind::Generated(sha256(secret.expose())))
    }

    /// Hashes what a person chose, with a random salt from the caller. Takes tens of milliseconds.
    #[must_use]
    pub fn hash_human(secret: &Secret, salt: [u8; 16]) -> Self {
        // OWASP Password Storage Cheat Sheet: argon2id, m = 19 MiB, t = 2, p = 1: the crate's default.
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
        #[expect(clippy::expect_used, reason = "fails only for texts above 4 GiB")]
        let hash = argon2
            .hash_password_with_salt(secret.expose().as_bytes(), &salt)
            .expect("the default parameters and a salt of 16 bytes are valid");
        Self(Kind::Argon2id(hash.to_string().into()))
    }

    /// Parses the stored text: `$sha256$` and base64url, or an argon2id PHC string.
    ///
    /// # Errors
    /// [`InvalidSecretHash`] when it is neither, or so costly that checking it would be an attack.
    pub fn parse(text: &str) -> Result<Self, InvalidSecretHash> {
        if let Some(digest) = text.strip_prefix(SHA256_PREFIX) {
            let digest = URL_SAFE_NO_PAD
                .decode(digest)
                .map_err(|_| InvalidSecretHash)?;
            let digest = digest.try_into().map_err(|_| InvalidSecretHash)?;
            return Ok(Self(Kind::Generated(digest)));
        }
        checked_argon2(text).ok_or(InvalidSecretHash)?;
        Ok(Self(Kind::Argon2id(text.into())))
    }

    /// Renders the text to store.
    #[must_use]
    pub fn render(&self) -> String {
        match &self.0 {
            Kind::Generated(digest) => format!("{SHA256_PREFIX}{}", URL_SAFE_NO_PAD.encode(digest)),
            Kind::Argon2id(phc) => phc.to_string(),
        }
    }

    /// Tells whether a check takes tens of milliseconds and must not hold up a serving thread.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        matches!(self.0, Kind::Argon2id(_))
    }

    /// Tells whether `presented` is the secret, in constant time.
    #[must_use]
    pub fn verify(&self, presented: &str) -> bool {
        match &self.0 {
            Kind::Generated(digest) => sha256(presented).ct_eq(digest).into(),
            Kind::Argon2id(phc) => checked_argon2(phc).is_some_and(|hash| {
                Argon2::default()
                    .verify_password(presented.as_bytes(), &hash)
                    .is_ok()
            }),
        }
    }

    /// Returns a slow hash that nothing matches, so that an unknown name costs what a known one costs.
    pub(crate) fn slow_decoy() -> Self {
        Self(Kind::Argon2id(DECOY.into()))
    }

    /// Returns a fast hash that nothing known matches.
    pub(crate) fn fast_decoy() -> Self {
        Self(Kind::Generated([0; 32]))
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Generated(_) => "SecretHash(sha256 …)",
            Kind::Argon2id(_) => "SecretHash(argon2id …)",
        })
    }
}

fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Returns the parsed hash if it is argon2id, complete and within [`MAX_MEMORY_KIB`] and [`MAX_PASSES`].
fn checked_argon2(phc: &str) -> Option<PasswordHash> {
    let hash = PasswordHash::new(phc).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let fits = params.m_cost() <= MAX_MEMORY_KIB && params.t_cost() <= MAX_PASSES;
    let complete = hash.salt.is_some() && hash.hash.is_some();
    (hash.algorithm.as_str() == "argon2id" && fits && complete).then_some(hash)
}

const SHA256_PREFIX: &str = "$sha256$";
/// An imported hash may cost more than ours, up to 128 MiB …
const MAX_MEMORY_KIB: u32 = 128 * 1024;
/// … and ten passes.
const MAX_PASSES: u32 = 10;
/// The cost of [`SecretHash::hash_human`] with an all-zero result, which no text is known to have.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c25vd2dsb2JlIGRlY295\
                     $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn each_kind_survives_the_store_and_verifies_its_secret_only() {
        let kinds = [
            (SecretHash::hash_generated(&secret("right")), false),
            (SecretHash::hash_human(&secret("right"), [7; 16]), true),
        ];
        for (hash, slow) in kinds {
            let stored = SecretHash::parse(&hash.render()).unwrap();
            assert_eq!(stored.is_slow(), slow);
            assert!(stored.verify("right"));
            assert!(!stored.verify("Right"));
            assert!(!stored.verify(""));
        }
    }

    #[test]
    fn people_s_secrets_cost_what_owasp_asks() {
        let text = SecretHash::hash_human(&secret("x"), [0; 16]).render();
        assert!(
            text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{text}"
        );
    }

    #[test]
    fn a_decoy_costs_the_same_and_matches_nothing() {
        assert!(checked_argon2(DECOY).is_some());
        assert!(!SecretHash::slow_decoy().verify(""));
        assert!(!SecretHash::fast_decoy().verify(""));
    }

    #[test]
    fn what_cannot_be_checked_is_refused() {
        let no_hashes = [
            "",
            "password",
            "$sha256$",
            "$sha256$AAAA",
            "$2b$12$abcdefghijklmnopqrstuv",
            "$argon2i$v=19$m=19456,t=2,p=1$c25vd2dsb2JlIGRlY295$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=19456,t=2,p=1$c25vd2dsb2JlIGRlY295",
            "$argon2id$v=19$m=4194304,t=2,p=1$c25vd2dsb2JlIGRlY295$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=19456,t=99,p=1$c25vd2dsb2JlIGRlY295$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ];
        for text in no_hashes {
            assert!(SecretHash::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_hash_is_not_printed() {
        let hash = SecretHash::hash_generated(&secret("x"));
        assert_eq!(format!("{hash:?}"), "SecretHash(sha256 …)");
    }
}
