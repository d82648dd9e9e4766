//! REST messages while nobody waits (`executeAsync`): taken on, made, tried again, each on disk before it counts
//! (`outbound-oauth.md` §6.4).

use serde::{Deserialize, Serialize};
use snowglobe_oauth::{secret::Secret, time::UnixMillis};
use snowglobe_records::SysId;
use snowglobe_store::{ExecutionResult, NewExecution, Work, backend::ApplyError};

use super::{
    BrokerFault,
    call::{Done, Turn, attempt, seconds_since},
    log,
    wanted::Wanted,
};
use crate::{app::App, broker::CallFault, entropy};

/// What waits in the queue: nothing of it is looked up again but the message as it is by then.
#[derive(Debug, Serialize, Deserialize)]
struct Request {
    message: Box<str>,
    function: Box<str>,
    user: Option<Box<str>>,
    wanted: Wanted,
}

/// Takes a call on, and returns the key of its record.
pub(crate) async fn enqueue(
    app: &App,
    names: (&str, &str),
    wanted: Wanted,
    user: Option<Box<str>>,
) -> Result<SysId, CallFault> {
    let (message, function) = super::find(app.store.outbound().registry(), names.0, names.1)?;
    let request = Request {
        message: message.sys_id.clone(),
        function: function.name.clone(),
        user,
        wanted,
    };
    let text = serde_json::to_string(&request).map_err(|_| CallFault::Header)?;
    let nonce = entropy::random().map_err(|_| BrokerFault::NoRandomness)?;
    let name = format!("{} / {}", message.name, function.name);
    let new = NewExecution {
        message: &message.sys_id,
        function: &function.sys_id,
        name: &name,
        user: request.user.as_deref(),
        request: (&Secret::new(text), nonce),
    };
    let queued = app.store.queue_execution(&new, app.now()).await;
    Ok(queued.map_err(BrokerFault::from)?)
}

/// Makes a call that was taken up.
pub(crate) async fn perform(app: &App, work: &Work) -> Result<(), ApplyError> {
    let (result, again) = match made(app, work).await {
        Ok((done, again)) => {
            let due = again.map(|seconds| after(app.now(), seconds));
            (result(done), due)
        }
        Err(fault) => {
            let result = ExecutionResult {
                reason: fault.code().into(),
                detail: fault.to_string().into(),
                ..ExecutionResult::default()
            };
            (result, None)
        }
    };
    let settled = app
        .store
        .settle_execution(work, (&result, again), app.now())
        .await;
    match settled {
        // Somebody took it up while this process was away; theirs is the last word.
        Err(ApplyError::Conflict) => Ok(()),
        other => other,
    }
}

async fn made(app: &App, work: &Work) -> Result<(Done, Option<u32>), CallFault> {
    let request = app.store.execution_request(work);
    let request = request.ok_or(BrokerFault::NoSecret)?;
    let Request {
        message,
        function,
        user,
        wanted,
    } = serde_json::from_str(request.expose()).map_err(|_| BrokerFault::NoSecret)?;
    let mut run = wanted.run(app, (&message, &function), user)?;
    run.idempotency_key = Some(work.id.clone());
    let turn = Turn {
        number: work.attempt,
        elapsed: seconds_since(work.began, app.now()),
        longest: longest(app),
    };
    attempt(app, &run, turn).await
}

/// Seconds in which a call is tried again (`outbound-oauth.md` §4.6).
pub(crate) fn longest(app: &App) -> u32 {
    let seconds = app
        .store
        .properties()
        .number("glide.fdih.retry.max_time_in_seconds", 86_400);
    u32::try_from(seconds.clamp(0, 604_800)).unwrap_or(86_400)
}

/// Returns a time so many seconds later.
pub(crate) fn after(now: UnixMillis, seconds: u32) -> UnixMillis {
    UnixMillis(now.0.saturating_add(i64::from(seconds) * 1000))
}

fn result(done: Done) -> ExecutionResult {
    let (reason, detail) = match done.error {
        Some((code, text)) => (code, text),
        None if done.status >= 400 => (
            "rest_status_error",
            format!("the API answered {}", done.status),
        ),
        None => ("", String::new()),
    };
    let detail = match done.initiator {
        Some(initiator) => format!("{detail} A person has to consent at {initiator}"),
        None => detail,
    };
    ExecutionResult {
        reason: reason.into(),
        detail: detail.into(),
        status: done.status,
        headers: log::lines(&done.headers).into(),
        body: done.body.into(),
        method: done.built.method,
        endpoint: done.built.url.into(),
    }
}
