//! Secrets of records: hashed before they come near the store, or made here where a client came without one.

use std::{fmt, sync::Arc};

use snowglobe_oauth::secret::{self, SecretHash};
use snowglobe_records::{
    Column, SysId,
    acl::Permitted,
    dictionary::{Kind, Secrecy},
    write::{Insert, Secret},
};

use super::RecordError;
use crate::{app::App, entropy};

/// A secret that this instance made; it is told once, to whoever had it made.
#[derive(Clone)]
pub(crate) struct Generated(secret::Secret);

impl Generated {
    /// Makes a secret of 256 random bits.
    pub(crate) fn new() -> Result<Self, RecordError> {
        let random = entropy::random().map_err(RecordError::NoRandomness)?;
        Ok(Self(secret::Secret::generate(random)))
    }

    /// Returns the clear text, to be shown.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Returns what is stored of it.
    pub(crate) fn kept(&self) -> Box<str> {
        SecretHash::hash_generated(&self.0).render().into()
    }
}

impl fmt::Debug for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Generated")
    }
}

/// Returns what is kept of each secret of a record: what is only ever compared as its argon2id hash, since a person
/// chose it; what the instance has to use itself sealed for its cell. `is_provider` tells that the record is of a
/// provider that this instance is a client of.
pub(super) async fn keep(
    app: &App,
    (sys_id, is_provider): (SysId, bool),
    secrets: Vec<(Arc<Column>, Secret)>,
) -> Result<Vec<(Arc<Column>, Box<str>)>, RecordError> {
    let mut kept = Vec::with_capacity(secrets.len());
    for (column, given) in secrets {
        if is_used(&column, is_provider) {
            let nonce = entropy::random().map_err(RecordError::NoRandomness)?;
            let sealed = app
                .store
                .seal_secret(&column, sys_id, given.expose(), nonce);
            kept.extend(sealed.map(|sealed| (column, sealed)));
            continue;
        }
        let salt = entropy::random().map_err(RecordError::NoRandomness)?;
        let given = secret::Secret::new(given.expose().to_owned());
        let hashing = app
            .hashes
            .run(move || SecretHash::hash_human(&given, salt).render());
        kept.push((column, hashing.await?.into()));
    }
    Ok(kept)
}

/// A `password2` that is no inbound client's secret: a shared key, a credential for another party, what a provider gave
/// this instance as its client.
fn is_used(column: &Column, is_provider: bool) -> bool {
    let is_registered = &*column.declared_in == "oauth_entity";
    column.kind == Kind::Secret(Secrecy::Sealed) && (is_provider || !is_registered)
}

/// Gives a new client the id and the secret that it came without, or an API key its token, and returns the secret.
pub(super) fn complete(insert: &mut Permitted<Insert>) -> Result<Option<Generated>, RecordError> {
    if insert.needs_client_id.is_some() {
        let random = entropy::random().map_err(RecordError::NoRandomness)?;
        insert.assign_client_id(SysId::from_bytes(random));
    }
    let Some(column) = insert.needs_secret.clone() else {
        return Ok(None);
    };
    let generated = Generated::new()?;
    insert.keep_secret(column, generated.kept());
    Ok(Some(generated))
}
