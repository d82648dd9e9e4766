//! Secrets of records: hashed before they come near the store, or made here where a client came without one.

use std::{fmt, sync::Arc};

use snowglobe_oauth::secret::{self, SecretHash};
use snowglobe_records::{
    Column, SysId,
    acl::Permitted,
    dictionary::{Kind, Secrecy},
    write::{Insert, Secret},
};
use snowglobe_store::backend::StoreError;

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

    /// Makes a secret that is as long as the key of any HMAC has to be (RFC 7518 §3.2).
    fn new_key() -> Result<Self, RecordError> {
        let (first, second) = (Self::new()?, Self::new()?);
        let both = [first.expose(), second.expose()].concat();
        Ok(Self(secret::Secret::new(both)))
    }

    /// Makes the secret of a client, as its record asks for, and returns it with what is stored of it.
    pub(super) fn of_client(
        app: &App,
        (column, sys_id): (&Column, SysId),
        is_key: bool,
    ) -> Result<(Self, Box<str>), RecordError> {
        if !is_key {
            let generated = Self::new()?;
            let kept = SecretHash::hash_generated(&generated.0).render().into();
            return Ok((generated, kept));
        }
        let generated = Self::new_key()?;
        let nonce = entropy::random().map_err(RecordError::NoRandomness)?;
        let sealed = app
            .store
            .seal_secret(column, sys_id, generated.expose(), nonce);
        let unsealed = || StoreError::Driver("a secret cannot be sealed".to_owned());
        Ok((generated, sealed.ok_or_else(unsealed)?))
    }

    /// Returns the clear text, to be shown.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Generated")
    }
}

/// Returns what is kept of each secret of a record: what is only ever compared as its argon2id hash, since a person
/// chose it; what the instance has to use itself sealed for its cell. `uses_secret` tells that of a registered application.
pub(super) async fn keep(
    app: &App,
    (sys_id, uses_secret): (SysId, bool),
    secrets: Vec<(Arc<Column>, Secret)>,
) -> Result<Vec<(Arc<Column>, Box<str>)>, RecordError> {
    let mut kept = Vec::with_capacity(secrets.len());
    for (column, given) in secrets {
        if is_used(&column, uses_secret) {
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

/// A `password2` that is more than an inbound client's secret: a shared key, a credential for another party, what a
/// provider gave this instance as its client.
fn is_used(column: &Column, uses_secret: bool) -> bool {
    let is_registered = &*column.declared_in == "oauth_entity";
    column.kind == Kind::Secret(Secrecy::Sealed) && (uses_secret || !is_registered)
}

/// Tells whether a client's secret is the key of its JWTs, too (RFC 7523 §2.2, OpenID Connect Core §9).
pub(super) fn is_key(token_endpoint_auth_method: &str) -> bool {
    token_endpoint_auth_method == "client_secret_jwt"
}

/// Gives a new client the id and the secret that it came without, or an API key its token, and returns the secret.
pub(super) fn complete(
    app: &App,
    insert: &mut Permitted<Insert>,
) -> Result<Option<Generated>, RecordError> {
    if insert.needs_client_id.is_some() {
        let random = entropy::random().map_err(RecordError::NoRandomness)?;
        insert.assign_client_id(SysId::from_bytes(random));
    }
    let Some(column) = insert.needs_secret.clone() else {
        return Ok(None);
    };
    let method = insert.value("token_endpoint_auth_method");
    let is_key = method.as_text().is_some_and(is_key);
    let (generated, kept) = Generated::of_client(app, (&column, insert.sys_id), is_key)?;
    insert.keep_secret(column, kept);
    Ok(Some(generated))
}
