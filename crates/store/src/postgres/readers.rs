//! The connections that read.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::future::{join, join_all};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::Config;

use super::{
    cells::Call,
    fault::store_error,
    link::{Link, Role, Slot},
};
use crate::{
    backend::{Cost, StoreError},
    sql::{Rows, Statement},
};

/// Connections for rows by key, which everybody uses at once, and connections that one reader has for itself.
#[derive(Debug)]
pub(super) struct Readers {
    shared: [Slot; 2],
    next: AtomicUsize,
    idle: Mutex<Vec<Slot>>,
    turns: Semaphore,
}

/// How many readers have a connection for themselves.
const ALONE: usize = 4;

impl Readers {
    pub(super) fn new(config: &Config) -> Self {
        let slot = || Slot::new(config.clone(), Role::Reader);
        Self {
            shared: [slot(), slot()],
            next: AtomicUsize::new(0),
            idle: Mutex::new((0..ALONE).map(|_| slot()).collect()),
            turns: Semaphore::new(ALONE),
        }
    }

    /// Reads the rows of a statement.
    pub(super) async fn one(&self, cost: Cost, statement: &Statement) -> Result<Rows, StoreError> {
        match cost {
            Cost::Point => one(&*self.shared().link().await?, statement).await,
            // Whoever asks for a row by key does not stand behind a list.
            Cost::Scan => {
                let turn = self.turn().await?;
                one(&*turn.slot()?.link().await?, statement).await
            }
        }
    }

    /// Reads the rows of each statement, all as of the same moment.
    pub(super) async fn snapshot(&self, statements: &[Statement]) -> Result<Vec<Rows>, StoreError> {
        let turn = self.turn().await?;
        let link = turn.slot()?.link().await?;
        let mut calls = Vec::with_capacity(statements.len());
        for statement in statements {
            calls.push(call(&link, statement).await?);
        }
        // All of it is sent at once: one round trip, and a reader who goes away leaves nothing open.
        let begin = link
            .client
            .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        let answers = join_all(calls.iter().map(|call| call.query(&link.client)));
        let end = link.client.batch_execute("COMMIT");
        let (begun, (answers, ended)) = join(begin, join(answers, end)).await;
        begun.and(ended).map_err(|error| store_error(&error))?;
        answers
            .into_iter()
            .map(|rows| rows.map_err(|error| store_error(&error)))
            .collect()
    }

    fn shared(&self) -> &Slot {
        let [one, other] = &self.shared;
        let even = self.next.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        if even { one } else { other }
    }

    async fn turn(&self) -> Result<Turn<'_>, StoreError> {
        let permit = self.turns.acquire().await;
        let permit = permit.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let slot = self.idle().pop();
        Ok(Turn {
            home: self,
            slot,
            _permit: permit,
        })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Slot>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that one reader has for itself; it goes home when the reader is done or has gone away.
struct Turn<'a> {
    home: &'a Readers,
    slot: Option<Slot>,
    _permit: SemaphorePermit<'a>,
}

impl Turn<'_> {
    fn slot(&self) -> Result<&Slot, StoreError> {
        // There is one for each permit.
        self.slot
            .as_ref()
            .ok_or_else(|| StoreError::Unavailable("no connection is free".into()))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.home.idle().extend(self.slot.take());
    }
}

async fn one(link: &Link, statement: &Statement) -> Result<Rows, StoreError> {
    let call = call(link, statement).await?;
    call.query(&link.client)
        .await
        .map_err(|error| store_error(&error))
}

async fn call<'a>(link: &Link, statement: &'a Statement) -> Result<Call<'a>, StoreError> {
    let prepared = link
        .prepare(&statement.sql)
        .await
        .map_err(|error| store_error(&error))?;
    Call::new(prepared, &statement.params).map_err(StoreError::Driver)
}
