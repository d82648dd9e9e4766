//! The Change Management API, as far as it reads and writes change requests, their tasks and what they touch
//! (`rest-and-records.md` §9.6; ServiceNow's documentation, "Change Management API").
//!
//! It is the Table API of a few tables in other clothes: every field comes as `value` and `display_value`, numbers and
//! booleans are those of JSON, what is made is answered with 200, and an answer to a write names the fields of the body
//! that mean nothing.

mod approval;
mod conflict;
mod impact;
mod item;
mod model;
mod record;
mod state;

use axum::{
    extract::Request,
    http::{StatusCode, Uri},
    response::Response,
};

pub(crate) use approval::decide;
pub(crate) use conflict::{cancel as cancel_check, check, read as conflicts};
pub(crate) use impact::{refresh, risk};
pub(crate) use item::{add as add_items, list as items, worker};
pub(crate) use model::{model, models, template, templates};
pub(crate) use record::{
    create, create_standard, create_task, delete, delete_task, list, read, task, tasks, update,
    update_task,
};
pub(crate) use state::next as next_states;

use snowglobe_records::write::RowCells;

use super::{
    access::Head,
    page::{Asked, count_and_page, object, plan, present, select},
    params::{DisplayMode, Params},
};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::{self, Session},
};

const CHANGE: &str = "change_request";
const TASK: &str = "change_task";

/// Returns the row of a change, if it is there for this caller.
async fn change_row(session: &Session, change: &str) -> Result<RowCells, RestError> {
    let table = session.table(CHANGE)?;
    let context = session.context();
    Ok(records::row(session, &session.access(&context), &table, change).await?)
}

/// How this API shows records.
fn params(uri: &Uri) -> Result<Params<'_>, RestError> {
    let mut params = Params::parse(uri.query())?;
    params.display = DisplayMode::Typed;
    params.exclude_reference_link = true;
    Ok(params)
}

/// A page of a table; `only` is a condition that holds beside those of the query.
async fn page(
    session: &Session,
    table: &str,
    uri: &Uri,
    only: Option<String>,
) -> Result<Response, RestError> {
    let table = session.table(table)?;
    let mut params = params(uri)?;
    if let Some(only) = only {
        let query = params.query.as_deref().unwrap_or_default();
        // It comes first, and once more after each `^NQ`, which starts anew.
        let query = query.replace("^NQ", &format!("^NQ{only}^"));
        params.query = Some(format!("{only}^{query}").into());
    }
    let query = select(session, &table, &params)?;
    let plan = plan(session, &table, query, &params, params.window())?;
    let page = session.app.store.read(&plan).await?;
    let body = present(session, &plan, &page, Asked::of(&params, uri))
        .await?
        .list(&page);
    let mut response = answer(StatusCode::OK, body);
    count_and_page(&mut response, session, uri, &params, page.total);
    Ok(response)
}

async fn one(app: App, table: &str, sys_id: &str, request: Request) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table(table)?;
    let params = params(request.uri())?;
    let asked = Asked::of(&params, request.uri());
    let shown = object(&session, &table, sys_id, asked).await?;
    Ok(answer(StatusCode::OK, format!("{{\"result\":{shown}}}")))
}
