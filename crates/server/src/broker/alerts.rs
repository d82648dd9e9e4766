//! Telling people before a grant ends, and when it has: a log line, a figure, and a webhook, once for each occasion.

use std::time::Duration;

use serde_json::{Value, json};
use snowglobe_oauth::{
    outbound::{Event, Notice, OutboundGrant, Profile},
    time::UnixMillis,
};

use super::{
    BrokerFault,
    overview::{Entry, overview},
};
use crate::{app::App, clock};

/// Looks at every grant, and notes what people are to be told.
pub(crate) async fn watch(app: &App) -> Result<(), BrokerFault> {
    let now = app.now();
    let entries = overview(app, now).await?;
    let figures = app.observer.outbound();
    figures.set(entries.iter().map(|it| it.outlook.name()));
    let told = app.store.alerts_told().await?;
    for entry in &entries {
        let grant = entry.profile.as_ref().and_then(Profile::grant);
        let (Some(seen), Some(grant)) = (&entry.seen, grant) else {
            continue;
        };
        let last = told.last(seen);
        let notice = seen.held.notice(grant, last, now);
        if let Some(notice) = notice.filter(|it| !told.knows(seen, it)) {
            tell(app, entry, grant, &notice, now).await?;
        }
    }
    Ok(())
}

async fn tell(
    app: &App,
    entry: &Entry,
    grant: OutboundGrant,
    notice: &Notice,
    now: UnixMillis,
) -> Result<(), BrokerFault> {
    let Some(seen) = &entry.seen else {
        return Ok(());
    };
    let body = |id: &str| told(app, entry, grant, notice, (id, now)).to_string();
    let body: Option<&(dyn Fn(&str) -> String + Sync)> = if webhook(app).is_some() {
        Some(&body)
    } else {
        None
    };
    if !app.store.raise_alert(seen, notice, body, now).await? {
        return Ok(());
    }
    let event = &notice.event;
    app.observer.outbound().alerted(event.name(), event.days());
    let credential = &*entry.name;
    let provider = &*entry.provider;
    let user = entry.user.as_deref().unwrap_or_default();
    if *event == Event::Recovered {
        tracing::info!(
            credential,
            provider,
            user,
            "an outbound credential is healthy again"
        );
    } else {
        tracing::warn!(
            credential,
            provider,
            user,
            alert = event.name(),
            days = event.days(),
            "an outbound credential needs somebody: {}",
            entry.action(shown)
        );
    }
    Ok(())
}

/// What the webhook gets: enough to act on, and no secret.
fn told(
    app: &App,
    entry: &Entry,
    grant: OutboundGrant,
    notice: &Notice,
    (id, now): (&str, UnixMillis),
) -> Value {
    let ends = match &notice.event {
        Event::Ends { at, .. } => Some(shown(*at)),
        _ => None,
    };
    let trouble = entry.outlook.trouble();
    json!({
        "id": id,
        "event": notice.event.name(),
        "days": notice.event.days(),
        "time": shown(now),
        "expires": ends,
        "credential": {
            "sys_id": &*entry.requestor.id,
            "table": &*entry.requestor.context,
            "name": &*entry.name,
        },
        "provider": &*entry.provider,
        "grant_type": grant.grant_type(),
        "user": entry.user.as_deref(),
        "state": entry.outlook.name(),
        "reason": trouble.map(|it| &*it.code),
        "why": entry.why(),
        "action": entry.action(shown),
        "url": format!("{}/sg_credentials.do", app.issuer),
    })
}

/// Sends what the webhook has not got yet.
pub(crate) async fn deliver(app: &App) -> Result<(), BrokerFault> {
    let machine = clock::machine();
    for alert in app.store.alerts_to_send(machine).await? {
        let Some(url) = webhook(app) else {
            app.store.end_alert(&alert).await?;
            continue;
        };
        let until = UnixMillis(machine.0.saturating_add(rest_ms(alert.tries)));
        if !app.store.take_alert(&alert, until).await? {
            continue;
        }
        let sent = app.outbound.post_json(&url, &alert.body, WITHIN).await;
        let why = match sent {
            Ok(200..300) => {
                app.store.end_alert(&alert).await?;
                continue;
            }
            Ok(status) => format!("it answers {status}"),
            Err(fault) => fault.to_string(),
        };
        let last = alert.tries + 1 >= MOST_TRIES;
        tracing::warn!(
            alert.id = &*alert.id,
            last,
            "the webhook of alerts does not get one: {why}"
        );
        if last {
            app.store.end_alert(&alert).await?;
        }
    }
    Ok(())
}

fn webhook(app: &App) -> Option<String> {
    let properties = app.store.properties();
    let url = properties.text(WEBHOOK).unwrap_or_default().trim();
    (!url.is_empty()).then(|| url.to_owned())
}

/// How long one that was sent is left alone: longer than sending takes, then ever longer.
pub(super) fn rest_ms(tries: u32) -> i64 {
    12_000_i64 << tries.min(8)
}

fn shown(at: UnixMillis) -> String {
    clock::timestamp(at)
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}

const WEBHOOK: &str = "snowglobe.outbound.alert_webhook";
const WITHIN: Duration = Duration::from_secs(10);
/// Some twelve hours in all.
pub(super) const MOST_TRIES: u32 = 16;
