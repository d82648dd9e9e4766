//! Secrets in a body: hashed before they come near the store, off the async threads.

use std::sync::Arc;

use snowglobe_oauth::secret::{self, SecretHash};
use snowglobe_records::{Column, write::Secret};

use crate::{app::App, entropy, error::RestError};

/// Returns what is kept of each secret: its argon2id hash, since a person chose it.
pub(super) async fn keep(
    app: &App,
    secrets: Vec<(Arc<Column>, Secret)>,
) -> Result<Vec<(Arc<Column>, Box<str>)>, RestError> {
    let mut kept = Vec::with_capacity(secrets.len());
    for (column, given) in secrets {
        let salt = entropy::random().map_err(|_| RestError::Internal)?;
        let given = secret::Secret::new(given.expose().to_owned());
        let hashing = app
            .hashes
            .run(move || SecretHash::hash_human(&given, salt).render());
        let hash = hashing.await.map_err(|_| RestError::Overloaded)?;
        kept.push((column, hash.into()));
    }
    Ok(kept)
}
