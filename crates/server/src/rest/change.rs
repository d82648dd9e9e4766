//! The Change Management API, as far as it reads and writes change requests and their tasks
//! (`rest-and-records.md` §9.6; ServiceNow's documentation, "Change Management API").
//!
//! It is the Table API of two tables in other clothes: every field comes as `value` and `display_value`, what is
//! made is answered with 200, and an answer to a write names the fields of the body that mean nothing.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use serde_json::json;
use snowglobe_records::{Table, write::Mode};

use super::{
    access::Head,
    input::{self, Fields},
    page::{Asked, count_and_page, object, plan, present, select},
    params::{DisplayMode, Params},
    path::Named,
    table::open,
};
use crate::{
    app::App,
    error::{RestError, json as answer, no_content},
    records::{self, Input, Session},
};

const CHANGE: &str = "change_request";
const TASK: &str = "change_task";

/// How this API shows records.
fn params(uri: &Uri) -> Result<Params<'_>, RestError> {
    let mut params = Params::parse(uri.query())?;
    params.display = DisplayMode::All;
    params.exclude_reference_link = true;
    Ok(params)
}

/// The type that the path names: `/change/normal`.
fn kind(uri: &Uri) -> Option<&'static str> {
    let named = |kind: &&str| uri.path().split('/').any(|step| step == *kind);
    ["normal", "standard", "emergency"].into_iter().find(named)
}

/// `GET /api/sn_chg_rest/change[/{type}]`
pub(crate) async fn list(State(app): State<App>, request: Request) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let uri = request.uri();
    let kind = kind(uri).map(|kind| format!("type={kind}"));
    page(&session, CHANGE, uri, kind).await
}

/// `GET /api/sn_chg_rest/change/{change}/task`
pub(crate) async fn tasks(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let parent = session.table(CHANGE)?;
    let context = session.context();
    records::row(&session, &session.access(&context), &parent, &change).await?;
    let of_change = Some(format!("change_request={change}"));
    page(&session, TASK, request.uri(), of_change).await
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

/// `GET /api/sn_chg_rest/change[/{type}]/{change}`
pub(crate) async fn read(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    one(app, CHANGE, &change, request).await
}

/// `GET /api/sn_chg_rest/change/{change}/task/{task}`
pub(crate) async fn task(
    State(app): State<App>,
    Named((_, task)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    one(app, TASK, &task, request).await
}

async fn one(app: App, table: &str, sys_id: &str, request: Request) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table(table)?;
    let params = params(request.uri())?;
    let asked = Asked::of(&params, request.uri());
    let shown = object(&session, &table, sys_id, asked).await?;
    Ok(answer(StatusCode::OK, format!("{{\"result\":{shown}}}")))
}

/// `POST /api/sn_chg_rest/change[/{type}]`
pub(crate) async fn create(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let kind = kind(request.uri()).map(|kind| ("type", kind.to_owned()));
    make(app, CHANGE, kind, request).await
}

/// `POST /api/sn_chg_rest/change/{change}/task`
pub(crate) async fn create_task(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    make(app, TASK, Some(("change_request", change)), request).await
}

async fn make(
    app: App,
    table: &str,
    given: Option<(&'static str, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, body) = request.into_parts();
    let (session, table, fields) = open(app, table, Head::from(&parts), body).await?;
    let mut pairs: Vec<(&str, &str)> = input::pairs(&fields, &table).collect();
    pairs.extend(given.iter().map(|(element, text)| (*element, &**text)));
    let made = records::insert(&session, &table, written(&pairs)).await?;
    told(&session, &table, &made.sys_id, &fields, &parts.uri).await
}

/// `PATCH /api/sn_chg_rest/change[/{type}]/{change}`
pub(crate) async fn update(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    alter(app, CHANGE, &change, request).await
}

/// `PATCH /api/sn_chg_rest/change/{change}/task/{task}`
pub(crate) async fn update_task(
    State(app): State<App>,
    Named((_, task)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    alter(app, TASK, &task, request).await
}

async fn alter(
    app: App,
    table: &str,
    sys_id: &str,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, body) = request.into_parts();
    let (session, table, fields) = open(app, table, Head::from(&parts), body).await?;
    let pairs: Vec<(&str, &str)> = input::pairs(&fields, &table).collect();
    records::update(&session, &table, sys_id, written(&pairs), None).await?;
    told(&session, &table, sys_id, &fields, &parts.uri).await
}

/// `DELETE /api/sn_chg_rest/change[/{type}]/{change}`
pub(crate) async fn delete(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    records::delete(&session, &session.table(CHANGE)?, &change).await?;
    Ok(no_content())
}

/// `DELETE /api/sn_chg_rest/change/{change}/task/{task}`
pub(crate) async fn delete_task(
    State(app): State<App>,
    Named((_, task)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    records::delete(&session, &session.table(TASK)?, &task).await?;
    Ok(no_content())
}

fn written<'a>(pairs: &'a [(&'a str, &'a str)]) -> Input<'a> {
    Input {
        pairs,
        mode: Mode::default(),
    }
}

/// Shows what was written, and which fields of the body mean nothing to the table.
async fn told(
    session: &Session,
    table: &Arc<Table>,
    sys_id: &str,
    fields: &Fields,
    uri: &Uri,
) -> Result<Response, RestError> {
    let params = params(uri)?;
    let mut shown = object(session, table, sys_id, Asked::of(&params, uri)).await?;
    let unknown = fields
        .iter()
        .map(|(element, _)| element)
        .filter(|element| table.column(element).is_none());
    let meta = json!({"ignoredFields": unknown.collect::<Vec<_>>()});
    if shown.pop() == Some('}') {
        let comma = if shown.ends_with('{') { "" } else { "," };
        shown = format!("{shown}{comma}\"__meta\":{meta}}}");
    }
    Ok(answer(StatusCode::OK, format!("{{\"result\":{shown}}}")))
}
