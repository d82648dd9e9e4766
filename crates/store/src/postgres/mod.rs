//! The database for many machines: one connection writes, a few read, and one listens to the other processes.
//!
//! ```text
//! writer   one transaction for everything that waits          group.rs, merge.rs
//! readers  rows by key share two connections and wait for     readers.rs
//!          nobody; lists and snapshots take one for themselves
//! session  holds the node number and hears announcements      session.rs
//! ```

mod cells;
mod fault;
mod group;
mod link;
mod merge;
mod readers;
mod session;
mod writer;

use std::sync::Arc;

use tokio::{
    sync::{Notify, broadcast},
    task::JoinHandle,
};
use tokio_postgres::Config;

use self::{
    link::{Role, Slot},
    readers::Readers,
    session::Ear,
};
use crate::{
    backend::{Announcement, Applied, ApplyError, Cost, StoreError, Tally},
    queue::Queue,
    sql::{Batch, Rows, Statement},
};

/// A PostgreSQL database; clones share its connections.
#[derive(Debug, Clone)]
pub struct Postgres(Arc<Open>);

#[derive(Debug)]
struct Open {
    queue: Arc<Queue<Notify>>,
    readers: Readers,
    ear: Arc<Ear>,
    session: JoinHandle<()>,
}

impl Postgres {
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        let config = link::configure(url)?;
        let (ear, session) = session::begin(config.clone()).await?;
        Ok(Self(Arc::new(Open {
            queue: start_writer(config.clone(), ear.node()),
            readers: Readers::new(&config),
            ear,
            session,
        })))
    }

    pub(crate) async fn read(
        &self,
        cost: Cost,
        statements: &[Statement],
    ) -> Result<Vec<Rows>, StoreError> {
        match statements {
            [only] => Ok(vec![self.0.readers.one(cost, only).await?]),
            several => self.0.readers.snapshot(several).await,
        }
    }

    pub(crate) async fn apply(&self, batch: Batch) -> Result<Applied, ApplyError> {
        self.0.queue.apply(batch).await
    }

    pub(crate) async fn catch_up(&self) -> Result<(), ApplyError> {
        self.0.queue.catch_up().await
    }

    pub(crate) fn write_behind(&self, batch: Batch) -> Result<(), Batch> {
        self.0.queue.leave(batch)
    }

    pub(crate) fn tally(&self) -> Tally {
        self.0.queue.tally()
    }

    pub(crate) async fn run_script(&self, sql: &str) -> Result<(), ApplyError> {
        self.0.queue.run(sql).await
    }

    pub(crate) fn node(&self) -> u16 {
        self.0.ear.node()
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Announcement> {
        self.0.ear.subscribe()
    }

    pub(crate) fn listening(&self) -> bool {
        self.0.ear.listening()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // The writer ends when it has written what is waiting.
        self.queue.close();
        self.session.abort();
    }
}

fn start_writer(config: Config, node: u16) -> Arc<Queue<Notify>> {
    let queue = Arc::<Queue<Notify>>::default();
    let inbox = Arc::clone(&queue);
    let slot = Slot::new(config, Role::Writer);
    tokio::spawn(async move { writer::run(&inbox, &slot, node).await });
    queue
}
