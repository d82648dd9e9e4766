//! The keys that tokens prove themselves with: sealed in the database, shared by all nodes.

use snowglobe_oauth::token::KeyRing;
use snowglobe_records::Value;

use crate::{
    Store, Topic,
    backend::{ApplyError, Cost, StoreError},
    commit::Commit,
    seal::Sealer,
    sql::{Batch, Rows, Statement},
};

impl Store {
    /// Reads the ring; `None` when there is no key yet.
    pub(crate) async fn load_keys(&self) -> Result<Option<KeyRing>, StoreError> {
        let statement = Statement::new(
            "SELECT id, sealed FROM sg_key ORDER BY retired_at IS NOT NULL, id DESC",
            [],
        );
        let rows = self.backend.read(Cost::Point, &[statement]).await?;
        let mut ring: Option<KeyRing> = None;
        for row in rows.iter().flat_map(Rows::iter) {
            let (id, key) = open(&self.sealer, row.int(0), row.text(1))?;
            ring = Some(match ring {
                None => KeyRing::new(id, &key),
                Some(ring) => ring.with_older(id, &key),
            });
        }
        Ok(ring)
    }

    /// Makes the first key; `key` and `nonce` are random.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when another node has made it.
    pub(crate) async fn first_key(
        &self,
        key: [u8; 32],
        nonce: [u8; 12],
        now_ms: i64,
    ) -> Result<(), ApplyError> {
        self.add_key(1, key, nonce, now_ms).await
    }

    /// Makes a new key the current one. Older keys go on verifying, so no token dies; `key` and `nonce` are random.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when another node made one at the same time.
    pub async fn rotate_keys(
        &self,
        key: [u8; 32],
        nonce: [u8; 12],
        now_ms: i64,
    ) -> Result<u8, ApplyError> {
        let newest = Statement::new("SELECT max(id) FROM sg_key", []);
        let rows = self.backend.read(Cost::Point, &[newest]).await?;
        let newest = rows
            .first()
            .and_then(Rows::first)
            .map_or(0, |row| row.int(0));
        let id = u8::try_from(newest + 1)
            .map_err(|_| StoreError::Driver("all 255 key numbers are used".to_owned()))?;
        self.add_key(id, key, nonce, now_ms).await?;
        Ok(id)
    }

    /// Two nodes that want the same number at once: the number is the guard, and one of them conflicts.
    async fn add_key(
        &self,
        id: u8,
        key: [u8; 32],
        nonce: [u8; 12],
        now_ms: i64,
    ) -> Result<(), ApplyError> {
        let sealed = self
            .sealer
            .seal(&place(id.into()), &key, nonce)
            .ok_or_else(|| StoreError::Driver("the key cannot be sealed".to_owned()))?;
        let mut batch = Batch::default();
        batch.push(Statement::new(
            "UPDATE sg_key SET retired_at = $1 WHERE retired_at IS NULL",
            [Value::Int(now_ms)],
        ));
        batch.push(Statement::new(
            "INSERT INTO sg_key (id, sealed, created_at) VALUES ($1, $2, $3)",
            [
                Value::Int(id.into()),
                Value::from(sealed),
                Value::Int(now_ms),
            ],
        ));
        let mut commit = Commit::of(batch);
        commit.touch(Topic::Keys);
        self.commit(commit).await.map_err(|error| match error {
            ApplyError::Duplicate { .. } => ApplyError::Conflict,
            other => other,
        })
    }
}

fn place(id: i64) -> String {
    format!("sg_key.{id}")
}

fn open(sealer: &Sealer, id: i64, sealed: &str) -> Result<(u8, [u8; 32]), StoreError> {
    let key = sealer
        .open(&place(id), sealed)
        .and_then(|key| key.try_into().ok());
    match (u8::try_from(id), key) {
        (Ok(id), Some(key)) => Ok((id, key)),
        _ => Err(StoreError::WrongMasterKey),
    }
}
