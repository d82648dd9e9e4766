//! Writes that touch what nodes keep in memory: one batch, and what it means to the snapshots.

use snowglobe_oauth::{grants::refresh_token::Family, time::UnixSeconds, token::TokenId};
use snowglobe_records::Value;

use crate::{
    Store, Topic,
    backend::{ApplyError, StoreError},
    sql::{Batch, Dialect, Statement},
};

/// A batch, the topics it touches and the tokens it ends.
#[derive(Debug, Default)]
pub(crate) struct Commit {
    pub(crate) batch: Batch,
    topics: Vec<Topic>,
    revoked: Vec<(TokenId, UnixSeconds)>,
    rotated: Vec<(TokenId, Family)>,
}

impl Commit {
    /// Starts with a batch.
    pub(crate) fn of(batch: Batch) -> Self {
        Self {
            batch,
            ..Self::default()
        }
    }

    /// Notes a topic that the batch touches.
    pub(crate) fn touch(&mut self, topic: Topic) {
        if !self.topics.contains(&topic) {
            self.topics.push(topic);
        }
    }

    /// Notes that the batch moves a family to its next generation, and what is stored of it then.
    pub(crate) fn rotate(&mut self, id: TokenId, family: Family) {
        self.rotated.push((id, family));
    }

    /// Notes a token, or a family, that the batch ends, and until when that must be remembered.
    pub(crate) fn end(&mut self, id: TokenId, forget_after: UnixSeconds) {
        self.touch(Topic::Revocations);
        self.revoked.push((id, forget_after));
    }
}

impl Store {
    /// Applies a batch. What it touches is counted up and announced to the other nodes with it, and read again
    /// here before this returns: whoever hears of the write finds that it counts.
    ///
    /// A handler is dropped when its client hangs up. What is on disk must count all the same, so this goes on
    /// by itself when nobody waits any more.
    pub(crate) async fn commit(&self, commit: Commit) -> Result<(), ApplyError> {
        if commit.topics.is_empty() && commit.rotated.is_empty() {
            self.backend.apply(commit.batch).await?;
            return Ok(());
        }
        let store = self.clone();
        let settled = tokio::spawn(async move { store.settle(commit).await }).await;
        settled.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string()).into()))
    }

    async fn settle(&self, commit: Commit) -> Result<(), ApplyError> {
        let Commit {
            mut batch,
            topics,
            revoked,
            rotated,
        } = commit;
        if self.backend.dialect() == Dialect::Postgres {
            for topic in &topics {
                batch.push(count_up(*topic));
                batch.announce(topic.name());
            }
        }
        let applied = self.backend.apply(batch).await;
        for (id, family) in rotated {
            self.families.rotated(id, applied.is_ok().then_some(family));
        }
        applied?;
        for (id, forget_after) in revoked {
            self.revocations.insert(id, forget_after);
        }
        // Revocations are in memory already: reading them again would cost each one all of the last minute's.
        for topic in topics.into_iter().filter(|it| *it != Topic::Revocations) {
            self.reload(topic).await?;
        }
        Ok(())
    }
}

fn count_up(topic: Topic) -> Statement {
    Statement::new(
        "INSERT INTO sg_version (topic, version) VALUES ($1, 1) \
         ON CONFLICT (topic) DO UPDATE SET version = sg_version.version + 1",
        [Value::text(topic.name())],
    )
}
