//! One transaction for a group of batches, each of which holds or fails by itself.
//!
//! Nearly always every batch of a group holds. So all of them are sent at once, without savepoints, and then
//! committed: two round trips. When one does not hold, all is undone and each is tried in its own savepoint.

use std::{iter, sync::Arc};

use futures_util::future::{join, join_all};
use tokio_postgres::Error;

use super::{
    cells::{Call, Param},
    fault::{apply_error, commit_error, is_lost, store_error},
    link::Link,
    merge::{self, Step},
    session::CHANNEL,
};
use crate::{
    backend::{Applied, ApplyError, StoreError},
    queue::{Outcome, Write},
    sql::{Batch, Expect},
};

/// A batch that the server has understood.
#[derive(Debug)]
pub(super) struct Ready<'a> {
    pub(super) batch: &'a Batch,
    pub(super) calls: Vec<Call<'a>>,
}

/// Commits every batch of the group that can be applied. Each has its own outcome, once all are on disk.
/// After an error the connection may be inside a transaction, and is of no more use.
pub(super) async fn commit(
    link: &Link,
    group: &[Write],
    node: u16,
) -> Result<Vec<Outcome>, StoreError> {
    let mut understood = Vec::with_capacity(group.len());
    for write in group {
        understood.push(understand(link, &write.batch).await?);
    }
    let ready: Vec<&Ready<'_>> = understood.iter().flatten().collect();
    let done = match together(link, &ready, node).await? {
        Some(applied) => applied.into_iter().map(Ok).collect(),
        None => one_by_one(link, &ready, node).await?,
    };
    // There is an outcome for each that was ready.
    let mut done = done.into_iter();
    let outcome = |one: Result<_, ApplyError>| {
        one.and_then(|_| done.next().unwrap_or(Err(ApplyError::Conflict)))
    };
    Ok(understood.into_iter().map(outcome).collect())
}

/// Prepares the statements, outside any transaction, where a refusal harms no other batch.
async fn understand<'a>(
    link: &Link,
    batch: &'a Batch,
) -> Result<Result<Ready<'a>, ApplyError>, StoreError> {
    let mut calls = Vec::with_capacity(batch.statements.len());
    for guarded in &batch.statements {
        let statement = &guarded.statement;
        let prepared = match link.prepare(&statement.sql).await {
            Ok(prepared) => prepared,
            Err(error) if is_lost(&error) => return Err(store_error(&error)),
            Err(error) => return Ok(Err(apply_error(&error))),
        };
        match Call::new(prepared, &statement.params) {
            Ok(call) => calls.push(call),
            Err(why) => return Ok(Err(StoreError::Driver(why).into())),
        }
    }
    Ok(Ok(Ready { batch, calls }))
}

/// Applies all of them, or nothing when one of them does not hold.
async fn together(
    link: &Link,
    ready: &[&Ready<'_>],
    node: u16,
) -> Result<Option<Vec<Applied>>, StoreError> {
    let steps = merge::steps(link, ready)
        .await
        .map_err(|error| store_error(&error))?;
    let topics = ready.iter().flat_map(|ready| &ready.batch.topics);
    let announcements = announcements(link, topics, node).await?;
    let calls = steps.iter().flat_map(Step::calls).chain(&announcements);
    let answers = send(link, "BEGIN", calls).await?;
    let Some(applied) = merge::applied(&steps, answers, ready.len()) else {
        link.client
            .batch_execute("ROLLBACK")
            .await
            .map_err(|error| store_error(&error))?;
        return Ok(None);
    };
    link.client
        .batch_execute("COMMIT")
        .await
        .map_err(|error| commit_error(&error))?;
    Ok(Some(applied))
}

/// Applies those that hold, each in its own savepoint, in their order.
async fn one_by_one(
    link: &Link,
    ready: &[&Ready<'_>],
    node: u16,
) -> Result<Vec<Outcome>, StoreError> {
    let mut outcomes = Vec::with_capacity(ready.len());
    let mut before = "BEGIN";
    for ready in ready {
        let announcements = announcements(link, &ready.batch.topics, node).await?;
        let open = format!("{before}; SAVEPOINT batch");
        let answers = send(link, &open, ready.calls.iter().chain(&announcements)).await?;
        let outcome = judge(ready.batch, answers);
        before = match outcome {
            Ok(_) => "RELEASE batch",
            Err(_) => "ROLLBACK TO batch; RELEASE batch",
        };
        outcomes.push(outcome);
    }
    let close = format!("{before}; COMMIT");
    link.client
        .batch_execute(&close)
        .await
        .map_err(|error| commit_error(&error))?;
    Ok(outcomes)
}

/// Sends everything before the first answer is waited for. The futures are polled, and so sent, in order.
async fn send<'a>(
    link: &Link,
    open: &str,
    calls: impl Iterator<Item = &'a Call<'a>>,
) -> Result<Vec<Result<u64, Error>>, StoreError> {
    let answers = join_all(calls.map(|call| call.execute(&link.client)));
    let (opened, answers) = join(link.client.batch_execute(open), answers).await;
    opened.map_err(|error| store_error(&error))?;
    match answers
        .iter()
        .filter_map(|answer| answer.as_ref().err())
        .find(|error| is_lost(error))
    {
        Some(error) => Err(store_error(error)),
        None => Ok(answers),
    }
}

/// Judges a batch by the answers to its statements and its announcements.
fn judge(batch: &Batch, answers: Vec<Result<u64, Error>>) -> Outcome {
    let guards = batch.statements.iter().map(|guarded| guarded.expect);
    let mut touched = Vec::with_capacity(answers.len());
    for (answer, expect) in answers
        .into_iter()
        .zip(guards.chain(iter::repeat(Expect::Any)))
    {
        match answer {
            Ok(n) if expect.holds(n) => touched.push(n),
            Ok(_) => return Err(ApplyError::Conflict),
            Err(error) => return Err(apply_error(&error)),
        }
    }
    touched.truncate(batch.statements.len());
    Ok(Applied { touched })
}

/// The calls that announce each topic once, when the transaction has been committed.
async fn announcements<'a>(
    link: &Link,
    topics: impl IntoIterator<Item = &'a &'static str>,
    node: u16,
) -> Result<Vec<Call<'static>>, StoreError> {
    let mut topics: Vec<&str> = topics.into_iter().copied().collect();
    topics.sort_unstable();
    topics.dedup();
    let mut calls = Vec::with_capacity(topics.len());
    for topic in topics {
        let sql: Arc<str> = format!("SELECT pg_notify('{CHANNEL}', $1)").into();
        let prepared = link
            .prepare(&sql)
            .await
            .map_err(|error| store_error(&error))?;
        calls.push(Call::with(
            prepared.one,
            vec![Param::Payload(format!("{node}:{topic}"))],
        ));
    }
    Ok(calls)
}
