//! The keys that JWTs are signed with: their rotation, and their removal in an emergency.

use snowglobe_oauth::{
    jose::{Algorithm, SigningKey},
    signing::{ALGORITHMS, RETENTION_DAYS},
};
use snowglobe_store::{NewSigningKey, Store, backend::StoreError};

use super::{AdminError, Done};
use crate::{clock::Clock, entropy, instance::StartError};

/// Days that a replaced key stays; our own property, the documentation knows only its default.
const RETENTION: &str = "snowglobe.oauth.signing_key.retention_days";

/// Replaces the key of an algorithm, in good order.
pub(super) async fn rotate(store: &Store, alg: &str) -> Result<Done, AdminError> {
    let key = generate(algorithm(alg)?)?;
    store
        .rotate_signing_key(kept(store, &key)?, retention_ms(store))
        .await?;
    Ok(vec![("kid", key.kid().to_owned())])
}

/// Removes a key at once; one that still signs is replaced.
pub(super) async fn remove(store: &Store, kid: &str) -> Result<Done, AdminError> {
    let keys = store.signing_keys();
    let removed = keys.iter().find(|key| *key.kid == *kid);
    let removed = removed.ok_or_else(|| AdminError::NoSuchKey(kid.to_owned()))?;
    let replacement = generate(removed.algorithm)?;
    let new = kept(store, &replacement)?;
    if !store.remove_signing_key(kid, new).await? {
        return Err(AdminError::NoSuchKey(kid.to_owned()));
    }
    let mut done = vec![("removed", kid.to_owned())];
    if removed.ends.is_none() {
        done.push(("kid", replacement.kid().to_owned()));
    }
    Ok(done)
}

fn algorithm(alg: &str) -> Result<Algorithm, AdminError> {
    let known = ALGORITHMS.into_iter().find(|known| known.as_str() == alg);
    known.ok_or_else(|| AdminError::NoSuchAlgorithm(alg.to_owned()))
}

fn generate(algorithm: Algorithm) -> Result<SigningKey, AdminError> {
    let refused = |fault| StoreError::Driver(format!("no key can be made: {fault}"));
    Ok(SigningKey::generate(algorithm).map_err(refused)?)
}

fn kept<'k>(store: &Store, key: &'k SigningKey) -> Result<NewSigningKey<'k>, AdminError> {
    let nonce = entropy::random();
    Ok(NewSigningKey {
        key,
        nonce: nonce.map_err(StartError::system("the system gives no randomness"))?,
        now: Clock::new(store.clone()).millis(),
    })
}

/// As long as the property says, and until the last token is dead whatever it says.
fn retention_ms(store: &Store) -> i64 {
    let days = store.properties().number(RETENTION, RETENTION_DAYS).max(0);
    let longest = store.clients().longest_access_token_lifespan();
    days.saturating_mul(24 * 60 * 60 * 1000)
        .max(i64::from(longest) * 1000)
}
