//! Deleting a record: asked once more, on a page of its own.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use snowglobe_records::write::RowCells;

use super::record::Record;
use crate::{
    identity::session::see_other,
    pages::{
        Forms, Shell,
        console::frame::{Navigator, Visit},
        fault::PageFault,
        page,
    },
    records,
};

/// A page that asks whether something is really meant.
#[derive(Template)]
#[template(path = "console/confirm.html")]
pub(in crate::pages::console) struct ConfirmPage {
    pub(in crate::pages::console) shell: Shell,
    pub(in crate::pages::console) nav: Navigator,
    pub(in crate::pages::console) ck: String,
    pub(in crate::pages::console) table: String,
    pub(in crate::pages::console) sys_id: String,
    pub(in crate::pages::console) mod_count: i64,
    pub(in crate::pages::console) title: String,
    pub(in crate::pages::console) text: String,
    pub(in crate::pages::console) verb: &'static str,
    pub(in crate::pages::console) label: &'static str,
}

/// Asks whether this is really meant; the button sends `verb`.
pub(in crate::pages::console) fn ask(
    visit: &Visit,
    record: &Record,
    (verb, label): (&'static str, &'static str),
    text: String,
) -> Response {
    let template = ConfirmPage {
        shell: visit.shell(),
        nav: visit.navigator(),
        ck: visit.ck(),
        table: record.table.name().to_string(),
        sys_id: record.sys_id(),
        mod_count: record.row.as_ref().map_or(0, RowCells::mod_count),
        title: record.title(),
        text,
        verb,
        label,
    };
    page(StatusCode::OK, &template, Forms::StayHere)
}

/// Asks about a deletion.
pub(super) fn confirm(visit: &Visit, record: &Record) -> Result<Response, PageFault> {
    if !record.may_delete {
        return Err(PageFault::Forbidden);
    }
    let text = "The record will be gone, and what refers to it will refer to nothing.".to_owned();
    Ok(ask(visit, record, ("delete_confirmed", "Delete"), text))
}

/// Deletes, and goes on to the list.
pub(super) async fn delete(visit: &Visit, record: &Record) -> Result<Response, PageFault> {
    let session = &visit.records;
    records::delete(session, &record.table, &record.sys_id()).await?;
    Ok(see_other(&format!("/{}_list.do", record.table.name())))
}
