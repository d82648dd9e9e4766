//! Change requests and their tasks.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use serde_json::json;
use snowglobe_records::{Table, write::Mode};

use super::{CHANGE, TASK, change_row, model, one, page, params};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::{self, Input, Session},
    rest::{
        access::Head,
        input::{self, Fields},
        page::{Asked, object},
        path::Named,
        table::open,
    },
};

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
    change_row(&session, &change).await?;
    let of_change = Some(format!("change_request={change}"));
    page(&session, TASK, request.uri(), of_change).await
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

/// `POST /api/sn_chg_rest/change[/{type}]`
pub(crate) async fn create(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let kind = kind(request.uri()).map(|kind| ("type", kind.to_owned()));
    make(app, CHANGE, kind.into_iter().collect(), request).await
}

/// `POST /api/sn_chg_rest/change/standard/{template}`: what the template says, and on top of it the body.
pub(crate) async fn create_standard(
    State(app): State<App>,
    Named(template): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app.clone(), Head::from(&request)).await?;
    let mut given = model::of_template(&session, &template).await?;
    given.push(("type", "standard".to_owned()));
    make(app, CHANGE, given, request).await
}

/// `POST /api/sn_chg_rest/change/{change}/task`
pub(crate) async fn create_task(
    State(app): State<App>,
    Named(change): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    make(app, TASK, vec![("change_request", change)], request).await
}

async fn make(
    app: App,
    table: &str,
    given: Vec<(&'static str, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, body) = request.into_parts();
    let (session, table, fields) = open(app, table, Head::from(&parts), body).await?;
    let model = model::named(&session, &fields).await?;
    // The last one counts: what the path says stands behind what the body says, a template before it.
    let (template, path): (Vec<_>, Vec<_>) = given
        .iter()
        .partition(|(element, _)| !matches!(*element, "type" | "change_request"));
    let mut pairs: Vec<(&str, &str)> = template
        .iter()
        .map(|(element, text)| (*element, &**text))
        .collect();
    pairs.extend(input::pairs(&fields, &table));
    pairs.extend(model.iter().map(|key| ("chg_model", &**key)));
    pairs.extend(path.iter().map(|(element, text)| (*element, &**text)));
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
    remove(app, CHANGE, &change, request).await
}

/// `DELETE /api/sn_chg_rest/change/{change}/task/{task}`
pub(crate) async fn delete_task(
    State(app): State<App>,
    Named((_, task)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    remove(app, TASK, &task, request).await
}

/// What is deleted is shown once more, as documented: 200, with what it was.
async fn remove(
    app: App,
    table: &str,
    sys_id: &str,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table(table)?;
    let params = params(request.uri())?;
    let asked = Asked::of(&params, request.uri());
    let was = object(&session, &table, sys_id, asked).await?;
    records::delete(&session, &table, sys_id).await?;
    Ok(answer(StatusCode::OK, format!("{{\"result\":{was}}}")))
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
