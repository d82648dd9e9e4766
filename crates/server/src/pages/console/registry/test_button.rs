//! *Test* on the form of a REST message's function: runs it with the test values of its variables
//! (`outbound-oauth.md` §6.6).

use std::sync::Arc;

use axum::{http::StatusCode, response::Response};
use snowglobe_oauth::outbound::Brought;

use super::act::said;
use crate::{
    broker::{Done, Run, run},
    pages::{
        console::{form::Record, frame::Visit},
        fault::PageFault,
    },
};

/// Tells whether the record's form has the button.
pub(super) fn is_offered(record: &Record) -> bool {
    record.table.name() == "sys_rest_message_fn" && record.row.is_some() && record.may_save
}

/// Runs the function and tells what came back.
pub(super) async fn test(visit: Visit, record: Record) -> Result<Response, PageFault> {
    let session = &visit.records;
    let outbound = session.app.store.outbound();
    let found = outbound.registry().rest_function(&record.sys_id());
    let (message, function) = found.map_err(|_| PageFault::NotFound)?;
    let (message, function) = (Arc::clone(message), Arc::clone(function));
    let asked = Run {
        brought: Brought {
            variables: function.test_values(),
            ..Brought::default()
        },
        message,
        source: ("sys_rest_message_fn", function.sys_id.clone()),
        function,
        timeout_ms: None,
        log_level: None,
        user: Some(session.user.account.sys_id.clone()),
        idempotency_key: None,
    };
    let (kind, text) = match run(&session.app, asked).await {
        Err(fault) => ("bad", format!("The test was not sent: {fault}")),
        Ok(done) => told(&done),
    };
    said(visit, record, (kind, &text), StatusCode::OK).await
}

fn told(done: &Done) -> (&'static str, String) {
    if let Some((_, why)) = &done.error {
        return ("bad", format!("No answer from {}: {why}", done.built.url));
    }
    let missing: Vec<&str> = done.built.missing.iter().map(|it| &**it).collect();
    let missing = if missing.is_empty() {
        String::new()
    } else {
        format!(" Variables without a value: {}.", missing.join(", "))
    };
    let kind = if done.status < 400 { "good" } else { "warn" };
    let body: String = done.body.chars().take(SHOWN).collect();
    let text = format!(
        "{} answered with HTTP status {}.{missing} {body}",
        done.built.url, done.status
    );
    (kind, text)
}

/// Characters of the answer's body.
const SHOWN: usize = 400;
