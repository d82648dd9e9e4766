//! The keys that JWTs are signed with: made when the first one is needed, for making an RSA key takes longer than a
//! start should, and most instances never sign a JWT.

use std::sync::Arc;

use snowglobe_oauth::{
    jose::{Algorithm, KeyFault, SigningKey},
    signing::ALGORITHMS,
};
use snowglobe_store::{
    NewSigningKey,
    backend::{ApplyError, StoreError},
};

use crate::{app::App, entropy};

/// Returns the key that signs with an algorithm now.
pub(crate) async fn signer(app: &App, algorithm: Algorithm) -> Result<Arc<SigningKey>, ApplyError> {
    loop {
        if let Some(key) = app.store.signing_keys().signer(algorithm, app.now()) {
            return Ok(Arc::clone(key));
        }
        make(app, algorithm).await?;
    }
}

/// Makes sure that there is a key for each algorithm, so that the key set is whole.
pub(crate) async fn complete(app: &App) -> Result<(), ApplyError> {
    for algorithm in ALGORITHMS {
        signer(app, algorithm).await?;
    }
    Ok(())
}

/// Signs claims.
pub(crate) fn sign(
    key: &SigningKey,
    typ: &str,
    claims: &serde_json::Map<String, serde_json::Value>,
) -> Result<String, StoreError> {
    key.sign(typ, claims).map_err(unusable)
}

/// Many requests may find that there is no key; one of them makes it.
async fn make(app: &App, algorithm: Algorithm) -> Result<(), ApplyError> {
    let _one = app.making_key.lock().await;
    if app.store.signing_keys().has(algorithm) {
        return Ok(());
    }
    let made = tokio::task::spawn_blocking(move || SigningKey::generate(algorithm)).await;
    let key = made
        .map_err(|error| StoreError::Unavailable(error.to_string()))?
        .map_err(unusable)?;
    let new = NewSigningKey {
        key: &key,
        nonce: entropy::random().map_err(|error| StoreError::Unavailable(error.to_string()))?,
        now: app.now(),
    };
    match app.store.first_signing_key(new).await {
        // Another node was faster, and its key is known here now.
        Ok(()) | Err(ApplyError::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}

fn unusable(fault: KeyFault) -> StoreError {
    StoreError::Driver(format!("the signing key cannot be used: {fault}"))
}
