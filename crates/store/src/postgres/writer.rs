//! The task that writes: one transaction for everything that waits.

use std::time::Instant;

use tokio::{sync::Notify, time};

use super::{fault::apply_error, group, link::Slot};
use crate::{
    backend::{ApplyError, StoreError},
    queue::{Bell, Call, LastWord, Outcome, Queue, Work, Write},
};

impl Bell for Notify {
    fn ring(&self) {
        self.notify_one();
    }
}

impl Queue<Notify> {
    /// Waits for the next work; `None` when there will be none.
    async fn next(&self) -> Option<Work> {
        loop {
            match self.look() {
                Look::Work(work) => return Some(work),
                Look::End => return None,
                Look::Later(None) => self.bell.notified().await,
                Look::Later(Some(due)) => {
                    // Woken or due: either way it is time to look again.
                    let _ = time::timeout_at(due.into(), self.bell.notified()).await;
                }
            }
        }
    }

    fn look(&self) -> Look {
        let mut state = self.lock();
        let now = Instant::now();
        match state.call(now) {
            Call::Now => Look::Work(state.take(now)),
            Call::At(due) => Look::Later(Some(due)),
            Call::Idle => Look::Later(None),
            Call::End => Look::End,
        }
    }
}

/// What a glance at the queue finds.
enum Look {
    Work(Work),
    Later(Option<Instant>),
    End,
}

/// Does what the queue asks for until it is closed.
pub(super) async fn run(queue: &Queue<Notify>, slot: &Slot, node: u16) {
    let _last = LastWord(queue);
    while let Some(work) = queue.next().await {
        match work {
            Work::Group(group) => {
                let outcomes = commit(slot, &group, node).await;
                queue.settle(group, outcomes);
            }
            Work::Script(script) => {
                let outcome = run_script(slot, &script.sql).await;
                // Who has gone away does not want to know.
                let _ = script.reply.send(outcome);
            }
        }
    }
}

async fn commit(slot: &Slot, group: &[Write], node: u16) -> Result<Vec<Outcome>, StoreError> {
    let link = slot.link().await?;
    let outcomes = group::commit(&link, group, node).await;
    if outcomes.is_err() {
        // It may be inside a transaction.
        slot.forget().await;
    }
    outcomes
}

/// Text of several statements is one transaction to the server.
async fn run_script(slot: &Slot, sql: &str) -> Result<(), ApplyError> {
    let link = slot.link().await?;
    link.client
        .batch_execute(sql)
        .await
        .map_err(|error| apply_error(&error))
}
