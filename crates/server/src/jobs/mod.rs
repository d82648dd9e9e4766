//! What happens without being asked: hearing other nodes, sweeping dead tokens, doing what is due.

mod work;

use std::time::Duration;

use snowglobe_oauth::time::UnixMillis;
use tokio::{
    sync::broadcast::error::RecvError,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use crate::{
    app::App,
    broker,
    identity::{session, sign_in},
};

/// How often versions are looked at, behind the announcements.
const POLL: Duration = Duration::from_secs(1);
/// How often dead tokens are looked for.
const SWEEP: Duration = Duration::from_mins(1);
/// How often tokens of other providers are looked at.
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// How often it is asked whether the rows of tokens may be made.
const LEISURE: Duration = Duration::from_secs(5);
/// How long between two slices of a sweep.
const BETWEEN_SLICES: Duration = Duration::from_millis(50);

/// Starts the jobs; they end when the set is dropped.
pub(crate) fn start(app: &App) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    jobs.spawn(hear(app.clone()));
    jobs.spawn(poll(app.clone()));
    jobs.spawn(sweep(app.clone()));
    jobs.spawn(enter_tokens(app.clone()));
    jobs.spawn(keep_tokens_alive(app.clone()));
    jobs.spawn(work::work(app.clone()));
    jobs
}

/// Reads what other nodes changed, as soon as they say so.
async fn hear(app: App) {
    let mut announcements = app.store.announcements();
    loop {
        let heard = match announcements.recv().await {
            Ok(announcement) => app.store.heard(&announcement).await,
            // More was said than was kept: anything may have changed.
            Err(RecvError::Lagged(_)) => {
                app.store.heard(snowglobe_store::backend::EVERYTHING).await
            }
            Err(RecvError::Closed) => return,
        };
        if let Err(error) = heard {
            tracing::warn!(error = %error, "what another node changed cannot be read yet");
        }
    }
}

/// Notices what was not heard.
async fn poll(app: App) {
    let mut tick = interval(POLL);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = app.store.poll().await {
            tracing::warn!(error = %error, "the versions cannot be read");
        }
    }
}

/// Renews tokens of other providers before they end, tells people in time where it cannot, and tells providers which
/// tokens are not used any more.
async fn keep_tokens_alive(app: App) {
    let mut tick = interval(KEEP_ALIVE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        note(broker::keep_alive(&app).await);
        note(broker::say_farewells(&app).await);
        note(broker::watch(&app).await);
        note(broker::deliver(&app).await);
    }
}

fn note(done: Result<(), broker::BrokerFault>) {
    if let Err(fault) = done {
        tracing::warn!(
            fault = fault.code(),
            "what is held of other providers cannot be looked after: {fault}"
        );
    }
}

async fn sweep(app: App) {
    let mut tick = interval(SWEEP);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            // What was alive a moment ago may be long dead.
            () = app.store.clock_moved() => {}
        }
        sweep_once(&app).await;
        end_what_is_over(&app).await;
        sweep_calls(&app).await;
    }
}

/// Makes the rows of tokens while nobody waits for tokens.
async fn enter_tokens(app: App) {
    let mut tick = interval(LEISURE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = app.store.enter_tokens_at_leisure().await {
            tracing::warn!(error = %error, "the rows of tokens cannot be made now");
        }
    }
}

/// Removes what was logged of calls, and calls that are over, when nobody looks at them any more.
async fn sweep_calls(app: &App) {
    let days = app
        .store
        .properties()
        .number("snowglobe.outbound.log.days", 7)
        .clamp(0, 3650);
    let before = UnixMillis(app.now().0.saturating_sub(days * 86_400_000));
    loop {
        match app.store.sweep_calls(before).await {
            Ok(true) => tokio::time::sleep(BETWEEN_SLICES).await,
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(error = %error, "old calls cannot be swept now");
                return;
            }
        }
    }
}

/// Removes what has been dead for as long as the property asks to keep it (`inbound-oauth.md` §4.2; the default
/// is not documented, ours is a day).
async fn sweep_once(app: &App) {
    const KEPT: &str = "com.snc.platform.security.oauth.hours.expired.credential.is.kept";
    let hours = app.store.properties().number(KEPT, 24).max(0);
    loop {
        let now = app.now();
        let kept_since = UnixMillis(now.0.saturating_sub(hours.saturating_mul(3_600_000)));
        match app.store.sweep(kept_since, now).await {
            Ok(true) => tokio::time::sleep(BETWEEN_SLICES).await,
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(error = %error, "dead tokens cannot be swept now");
                return;
            }
        }
    }
}

/// Unlocks who has rested long enough, and removes sessions nobody can use any more.
async fn end_what_is_over(app: &App) {
    let now = app.now();
    match app.store.unlock_rested(sign_in::limits(app), now).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "unlocked users whose time was over"),
        Err(error) => tracing::warn!(error = %error, "nobody can be unlocked now"),
    }
    let idle_ms = i64::from(session::limits(app).idle) * 1000;
    let used_since = UnixMillis(now.0.saturating_sub(idle_ms));
    loop {
        match app.store.sweep_sessions(used_since).await {
            Ok(true) => tokio::time::sleep(BETWEEN_SLICES).await,
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(error = %error, "dead sessions cannot be swept now");
                return;
            }
        }
    }
}
