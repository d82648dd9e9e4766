//! The thread that writes: one transaction for everything that waits.

use std::{
    sync::{Arc, Condvar, PoisonError},
    time::Instant,
};

use rusqlite::Connection;

use super::{
    checkpoint::{self, Checkpointer},
    connection::{self, Role},
    fault::apply_error,
    merge::Merge,
    transaction,
    writes::Writes,
};
use crate::queue::{Bell, Call, LastWord, Queue, Work};

/// The connection that writes, and what keeps its log small.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) connection: Connection,
    /// What the connection is to become before it writes first: no start waits for that.
    pub(super) unsettled: Option<Role>,
    pub(super) merge: Merge,
    pub(super) writes: Arc<Writes>,
    pub(super) checkpointer: Checkpointer,
}

impl Bell for Condvar {
    fn ring(&self) {
        self.notify_one();
    }
}

impl Queue<Condvar> {
    /// Waits for the next work; `None` when there will be none.
    fn next(&self) -> Option<Work> {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            state = match state.call(now) {
                Call::Now => return Some(state.take(now)),
                Call::End => return None,
                Call::Idle => self
                    .bell
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Call::At(due) => {
                    let woken = self.bell.wait_timeout(state, due - now);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            }
        }
    }
}

impl Writer {
    /// Does what the queue asks for until it is closed.
    pub(super) fn run(mut self, queue: &Queue<Condvar>) {
        let _last = LastWord(queue);
        while let Some(work) = queue.next() {
            self.settle();
            self.work(work, queue);
            self.mind_the_log();
        }
    }

    fn settle(&mut self) {
        let Some(role) = self.unsettled else { return };
        match connection::settle(&self.connection, role) {
            Ok(()) => self.unsettled = None,
            // SQLite's own settings are as safe, and slower. It is tried again.
            Err(error) => tracing::warn!(%error, "the writer's connection cannot be set up"),
        }
    }

    fn work(&mut self, work: Work, queue: &Queue<Condvar>) {
        match work {
            Work::Group(group) => {
                let outcomes = transaction::commit(&self.connection, &mut self.merge, &group);
                self.writes.note(&group);
                queue.settle(group, outcomes);
            }
            Work::Script(script) => {
                let outcome = transaction::run_script(&self.connection, &script.sql);
                self.writes.note_everything();
                // Who has gone away does not want to know.
                let _ = script
                    .reply
                    .send(outcome.map_err(|error| apply_error(&error)));
            }
        }
    }

    fn mind_the_log(&mut self) {
        let long = checkpoint::backlog(&self.connection).is_ok_and(|n| n > checkpoint::WORTHWHILE);
        if long && let Err(error) = self.checkpointer.ask() {
            tracing::warn!(%error, "the log cannot be copied back");
        }
    }
}
