//! What the registry's buttons do.

use axum::{http::StatusCode, response::Response};
use snowglobe_records::write::Mode;

use super::{buttons, get_token, run_flow, test_button, told_once};
use crate::{
    pages::{
        console::{
            credentials,
            form::{self, FormPage, Message, Record, Submission},
            frame::Visit,
        },
        fault::PageFault,
    },
    records::{self, Input, RecordError},
    refusal,
};

/// Does what a button says, if the record has it.
pub(in crate::pages::console) async fn act(
    visit: Visit,
    record: Record,
    verb: String,
    submission: &Submission,
) -> Result<Response, PageFault> {
    let (button, confirmed) = match verb.strip_suffix("_confirmed") {
        Some(button) => (button, true),
        None => (&*verb, false),
    };
    if !buttons(&record)
        .iter()
        .any(|offered| offered.verb == button)
    {
        return Err(PageFault::Forbidden);
    }
    let seen = submission
        .parameter("sysparm_mod_count")
        .parse()
        .unwrap_or(-1);
    match (button, confirmed) {
        ("rotate_secret", _) => rotate(visit, record, seen).await,
        ("retire_secret", false) => Ok(form::ask(
            &visit,
            &record,
            ("retire_secret_confirmed", "Retire previous secret"),
            "Whatever still uses the previous secret will be refused from then on.".to_owned(),
        )),
        ("retire_secret", true) => retire(visit, record, seen).await,
        ("revoke_tokens", false) => Ok(form::ask(
            &visit,
            &record,
            ("revoke_tokens_confirmed", "Revoke tokens"),
            "Every token of this application ends. People and programs that use it have to ask for access again."
                .to_owned(),
        )),
        ("revoke_tokens", true) => revoke_all(visit, record).await,
        ("test_rest", _) => test_button::test(visit, record).await,
        ("run_flow", _) => run_flow::run(visit, record).await,
        ("get_oauth_token", _) => get_token::get(visit, record).await,
        ("revoke_access", _) => credentials::revoke(visit, record).await,
        _ => Err(PageFault::Form),
    }
}

async fn rotate(visit: Visit, record: Record, seen: i64) -> Result<Response, PageFault> {
    let sys_id = record.sys_id();
    let rotated = records::rotate_secret(&visit.records, &record.table, &sys_id, seen).await;
    match rotated {
        Ok(secret) => Ok(told_once(&visit, &record, &secret)),
        Err(error) => stale(visit, record, error).await,
    }
}

async fn retire(visit: Visit, record: Record, seen: i64) -> Result<Response, PageFault> {
    let mode = Mode {
        secrets: true,
        ..Mode::default()
    };
    let input = Input {
        pairs: &[("client_secret_previous", "")],
        mode,
    };
    let session = &visit.records;
    let retired =
        records::update(session, &record.table, &record.sys_id(), input, Some(seen)).await;
    match retired {
        Ok(()) => {
            done(
                visit,
                record,
                "The previous secret is retired. Only the newer one works.",
            )
            .await
        }
        Err(error) => stale(visit, record, error).await,
    }
}

async fn revoke_all(visit: Visit, record: Record) -> Result<Response, PageFault> {
    let app = &visit.records.app;
    let ended = app
        .store
        .revoke_tokens_of_client(&record.sys_id(), app.now())
        .await?;
    tracing::info!(
        client.sys_id = record.sys_id(),
        ended,
        "the tokens of a client were revoked"
    );
    let text = match ended {
        0 => "The application had no living token.".to_owned(),
        1 => "1 token was revoked.".to_owned(),
        ended => format!("{ended} tokens were revoked."),
    };
    done(visit, record, &text).await
}

/// Shows the record as it is now, and what happened.
pub(in crate::pages::console) async fn done(
    visit: Visit,
    record: Record,
    text: &str,
) -> Result<Response, PageFault> {
    said(visit, record, ("good", text), StatusCode::OK).await
}

async fn stale(visit: Visit, record: Record, error: RecordError) -> Result<Response, PageFault> {
    let RecordError::Stale = error else {
        return Err(error.into());
    };
    refusal::say("record_changed");
    let text =
        "Nothing was done: somebody changed this record while it was open here. Please look again.";
    said(visit, record, ("warn", text), StatusCode::CONFLICT).await
}

pub(super) async fn said(
    visit: Visit,
    record: Record,
    (kind, text): (&'static str, &str),
    status: StatusCode,
) -> Result<Response, PageFault> {
    let visit = visit.refreshed();
    let record = Record::load(&visit.records, &record.table, &record.sys_id()).await?;
    let shown = FormPage {
        message: Some(Message {
            kind,
            text: text.to_owned(),
        }),
        ..FormPage::default()
    };
    form::show(&visit, &record, shown, status).await
}
