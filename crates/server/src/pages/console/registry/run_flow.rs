//! *Run now* on the form of a flow.

use axum::{http::StatusCode, response::Response};

use super::act::said;
use crate::{
    flow::{Manual, start},
    pages::{
        console::{form::Record, frame::Visit},
        fault::PageFault,
    },
    refusal::{self, Why},
};

/// Tells whether the record's form has the button.
pub(super) fn is_offered(record: &Record) -> bool {
    let row = record.row.as_ref();
    let runs = row.is_some_and(|row| {
        row.value("active").as_int() == Some(1) && row.value("type").as_text() == Some("flow")
    });
    record.table.name() == "sys_hub_flow" && runs && record.may_save
}

/// Starts the flow, and says so.
pub(super) async fn run(visit: Visit, record: Record) -> Result<Response, PageFault> {
    let session = &visit.records;
    let flows = session.app.store.flows();
    let flow = flows.flow(&record.sys_id()).ok_or(PageFault::NotFound)?;
    match start(session, flow, Manual::default()).await {
        Ok(_) => {
            let text = "The flow has been started. Its run is the newest of the list below.";
            said(visit, record, ("good", text), StatusCode::OK).await
        }
        Err(fault) => {
            refusal::say(Why::new(fault.code()).text(&fault));
            let text = format!("The flow was not started: {fault}.");
            said(visit, record, ("bad", &text), StatusCode::CONFLICT).await
        }
    }
}
