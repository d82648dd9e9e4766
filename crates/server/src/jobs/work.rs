//! Doing what is due: a few things at a time, each by one process.

use std::time::Duration;

use snowglobe_oauth::time::UnixMillis;
use snowglobe_store::{Work, WorkKind, backend::ApplyError};
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use crate::{app::App, broker, clock, flow};

/// How often it is looked whether something is due, behind the bell.
const LOOK: Duration = Duration::from_secs(1);
/// Milliseconds after which what a process is at may be taken up by another, unless it says that it still is.
const HELD_MS: i64 = 20_000;
/// How often it says so, in looks.
const HOLD_EVERY: u32 = 5;
/// How many things are done at a time.
const AT_ONCE: usize = 16;

/// Does what is due, for as long as the process runs.
pub(crate) async fn work(app: App) {
    let mut tick = interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut doing = JoinSet::new();
    let mut looks = 0_u32;
    loop {
        tokio::select! {
            _ = tick.tick() => {
                looks = looks.wrapping_add(1);
                let kept = app.store.keep_schedules(app.now()).await;
                warn("schedules cannot be looked at", kept);
                if looks.is_multiple_of(HOLD_EVERY) && !doing.is_empty() {
                    let held = app.store.hold_work(until()).await;
                    warn("what is being done cannot be kept", held);
                }
            }
            () = app.store.work_came() => {}
            Some(_) = doing.join_next() => {}
        }
        if let Err(error) = take_up(&app, &mut doing).await {
            tracing::warn!(error = %error, "what is due cannot be read yet");
        }
    }
}

async fn take_up(app: &App, doing: &mut JoinSet<()>) -> Result<(), ApplyError> {
    let free = AT_ONCE.saturating_sub(doing.len());
    if free == 0 {
        return Ok(());
    }
    let due = app.store.due_work((app.now(), clock::machine()), free);
    for seen in due.await? {
        match app.store.claim_work(&seen, until(), app.now()).await {
            Ok(work) => {
                doing.spawn(perform(app.clone(), work));
            }
            // Another process was faster.
            Err(ApplyError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn perform(app: App, work: Work) {
    let done = match work.kind {
        WorkKind::RestCall => broker::perform(&app, &work).await,
        WorkKind::FlowRun => flow::perform(&app, &work).await,
    };
    // It is done again when nobody holds it any more.
    warn("what was done cannot be noted", done);
}

fn warn(what: &str, done: Result<(), ApplyError>) {
    if let Err(error) = done {
        tracing::warn!(error = %error, "{what} now");
    }
}

fn until() -> UnixMillis {
    UnixMillis(clock::machine().0.saturating_add(HELD_MS))
}
