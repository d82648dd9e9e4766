//! The keys that JWTs are signed with: sealed in the database, shared by all nodes, made when first needed.

use std::sync::Arc;

use snowglobe_oauth::{
    jose::{Algorithm, SigningKey},
    signing::{PUBLISH_AHEAD_MS, SigningKeys, TimedKey},
    time::UnixMillis,
};
use snowglobe_records::{Value, value::ValueRef};

use crate::{
    Store, Topic,
    backend::{ApplyError, Cost, StoreError},
    commit::Commit,
    sql::{Batch, Row, Rows, Statement},
};

/// A key that is to be kept, and the random nonce that seals it.
#[derive(Debug)]
pub struct NewSigningKey<'a> {
    /// The key.
    pub key: &'a SigningKey,
    /// Never the same twice.
    pub nonce: [u8; 12],
    /// The time.
    pub now: UnixMillis,
}

impl Store {
    /// Returns the keys that JWTs are signed with.
    #[must_use]
    pub fn signing_keys(&self) -> arc_swap::Guard<Arc<SigningKeys>> {
        self.snapshots.signing_keys.load()
    }

    /// Keeps the first key of its algorithm, which signs at once.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when another node has made one; it is known here then.
    pub async fn first_signing_key(&self, new: NewSigningKey<'_>) -> Result<(), ApplyError> {
        let (no, newest) = self.newest_signing_key(new.key.algorithm()).await?;
        if newest.is_some() {
            self.reload(Topic::Keys).await?;
            return Err(ApplyError::Conflict);
        }
        let mut batch = Batch::default();
        batch.push(self.insert_signing_key(no, &new, new.now)?);
        self.apply_signing_keys(batch).await
    }

    /// Replaces the key of an algorithm. The new one is published now and signs a while later; the old one verifies for
    /// `retention_ms` after that.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when another process made one at the same time.
    pub async fn rotate_signing_key(
        &self,
        new: NewSigningKey<'_>,
        retention_ms: i64,
    ) -> Result<(), ApplyError> {
        let algorithm = new.key.algorithm();
        let (no, newest) = self.newest_signing_key(algorithm).await?;
        let signs_from = match newest {
            None => new.now,
            Some(_) => UnixMillis(new.now.0.saturating_add(PUBLISH_AHEAD_MS)),
        };
        let mut batch = Batch::default();
        batch.push(Statement::new(
            "UPDATE sg_signing_key SET ends = $1 WHERE ends IS NULL AND alg = $2",
            [
                Value::Int(signs_from.0.saturating_add(retention_ms)),
                Value::text(algorithm.as_str()),
            ],
        ));
        batch.push(Statement::new(
            "DELETE FROM sg_signing_key WHERE ends < $1",
            [Value::Int(new.now.0)],
        ));
        batch.push(self.insert_signing_key(no, &new, signs_from)?);
        self.apply_signing_keys(batch).await
    }

    /// Removes a key at once, on every node: whatever it signed is worth nothing from now on. `replacement` signs in its
    /// stead without delay; returns whether there was such a key.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when another process changed the keys at the same time.
    pub async fn remove_signing_key(
        &self,
        kid: &str,
        replacement: NewSigningKey<'_>,
    ) -> Result<bool, ApplyError> {
        let signing_keys = self.signing_keys();
        let Some(removed) = signing_keys.iter().find(|key| *key.kid == *kid) else {
            return Ok(false);
        };
        let mut batch = Batch::default();
        batch.push_guarded(Statement::new(
            "DELETE FROM sg_signing_key WHERE kid = $1",
            [Value::text(kid)],
        ));
        // Only the newest has no end; an older one has its successor already.
        if removed.ends.is_none() {
            let (no, _) = self.newest_signing_key(removed.algorithm).await?;
            batch.push(self.insert_signing_key(no, &replacement, replacement.now)?);
        }
        self.apply_signing_keys(batch).await?;
        Ok(true)
    }

    pub(crate) async fn load_signing_keys(&self) -> Result<SigningKeys, StoreError> {
        let statement = Statement::new(
            "SELECT no, kid, alg, sealed, signs_from, ends FROM sg_signing_key ORDER BY no DESC",
            [],
        );
        let rows = self.backend.read(Cost::Scan, &[statement]).await?;
        let rows = rows.iter().flat_map(Rows::iter);
        let keys: Result<Vec<_>, _> = rows.filter_map(|row| self.open_signing_key(row)).collect();
        Ok(SigningKeys::of(keys?))
    }

    /// A later version's algorithm is left alone.
    fn open_signing_key(&self, row: Row<'_>) -> Option<Result<TimedKey, StoreError>> {
        let algorithm = Algorithm::parse(row.text(2))?;
        let kid = row.text(1);
        let opened = self.sealer.open(&place(kid), row.text(3));
        let ends = number(row, 5).map(UnixMillis);
        Some(
            opened
                .ok_or(StoreError::WrongMasterKey)
                .map(|der| TimedKey::new(kid, algorithm, UnixMillis(row.int(4)), ends, der)),
        )
    }

    /// Returns the next free number, and that of the newest key of the algorithm.
    async fn newest_signing_key(
        &self,
        algorithm: Algorithm,
    ) -> Result<(i64, Option<i64>), StoreError> {
        let statement = Statement::new(
            "SELECT max(no), max(CASE WHEN alg = $1 THEN no END) FROM sg_signing_key",
            [Value::text(algorithm.as_str())],
        );
        let rows = self.backend.read(Cost::Scan, &[statement]).await?;
        let row = rows.first().and_then(Rows::first);
        let number = |at| row.and_then(|row| number(row, at));
        Ok((number(0).unwrap_or(0) + 1, number(1)))
    }

    fn insert_signing_key(
        &self,
        no: i64,
        new: &NewSigningKey<'_>,
        signs_from: UnixMillis,
    ) -> Result<Statement, StoreError> {
        let kid = new.key.kid();
        let damaged = || StoreError::Driver("the signing key cannot be sealed".to_owned());
        let der = new.key.to_pkcs8().map_err(|_| damaged())?;
        let sealed = self.sealer.seal(&place(kid), &der, new.nonce);
        Ok(Statement::new(
            "INSERT INTO sg_signing_key (no, kid, alg, sealed, created_at, signs_from) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            [
                Value::Int(no),
                Value::text(kid),
                Value::text(new.key.algorithm().as_str()),
                Value::from(sealed.ok_or_else(damaged)?),
                Value::Int(new.now.0),
                Value::Int(signs_from.0),
            ],
        ))
    }

    /// Two processes that make a key at once want the same number: the number is the guard, and one of them
    /// conflicts.
    async fn apply_signing_keys(&self, batch: Batch) -> Result<(), ApplyError> {
        let mut commit = Commit::of(batch);
        commit.touch(Topic::Keys);
        match self.commit(commit).await {
            Err(ApplyError::Duplicate { .. }) => {
                self.reload(Topic::Keys).await?;
                Err(ApplyError::Conflict)
            }
            outcome => outcome,
        }
    }
}

fn number(row: Row<'_>, at: usize) -> Option<i64> {
    match row.get(at) {
        ValueRef::Int(number) => Some(number),
        _ => None,
    }
}

fn place(kid: &str) -> String {
    format!("sg_signing_key.{kid}")
}
