//! The Table API (`rest-and-records.md` §2): list, read, create, update, delete.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::Response,
};
use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{
    Table,
    acl::Access,
    dictionary::Column,
    write::{Draft, Mode, RowCells},
};
use snowglobe_store::backend::ApplyError;

use super::{
    input::{self, Fields},
    page::{count_and_page, plan, present, record, select},
    params::{BadParam, Params},
    path::{Named, names_a_row},
    secrets,
    session::Session,
};
use crate::{
    app::App,
    error::{RestError, json, no_content},
};

/// Bytes of a request body (E14).
pub(crate) const MAX_BODY: usize = 10_485_760;

/// How often a write is decided again when others change the row meanwhile.
const ATTEMPTS: usize = 16;

impl From<BadParam> for RestError {
    fn from(bad: BadParam) -> Self {
        Self::BadParameter(format!("{} must be {}", bad.name, bad.expected))
    }
}
/// A method that the path does not take.
pub(crate) async fn method() -> RestError {
    RestError::Method
}

/// `GET /api/now/table/{table}`
pub(crate) async fn list(
    State(app): State<App>,
    Named(table): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, request.headers()).await?;
    let table = session.table(&table)?;
    let uri = request.uri();
    let params = Params::parse(uri.query())?;
    let query = select(&session, &table, &params);
    let plan = plan(&session, &table, query, &params, params.window())?;
    let page = session.app.store.read(&plan).await?;
    let empty = page.rows.is_empty();
    let version_1 = session.links(uri).version == "v1/";
    let body = present(&session, &plan, &page, &params, uri)
        .await?
        .list(&page);
    // §1.1: version 1 has no empty lists.
    if version_1 && empty && params.window().offset == 0 {
        return Err(RestError::NoRecord);
    }
    let mut response = json(StatusCode::OK, body);
    count_and_page(&mut response, &session, uri, &params, page.total);
    Ok(response)
}

/// `GET /api/now/table/{table}/{sys_id}`
pub(crate) async fn read(
    State(app): State<App>,
    Named((table, sys_id)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, request.headers()).await?;
    let table = session.table(&table)?;
    let params = Params::parse(request.uri().query())?;
    let body = record(&session, &table, &sys_id, &params, request.uri()).await?;
    Ok(json(StatusCode::OK, body))
}

/// `POST /api/now/table/{table}`
pub(crate) async fn create(
    State(app): State<App>,
    Named(table): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, body) = request.into_parts();
    let (session, table, fields) = open(app, &table, &parts.headers, body).await?;
    let params = Params::parse(parts.uri.query())?;
    let sys_id = insert(&session, &table, &params, &fields).await?;
    let session = session.refreshed();
    let body = written(&session, &table, &sys_id, &params, &parts.uri).await?;
    let mut response = json(StatusCode::CREATED, body);
    let mut location = String::new();
    session
        .links(&parts.uri)
        .push_table(table.name(), &mut location);
    location.push('/');
    location.push_str(&sys_id);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// `PUT` and `PATCH /api/now/table/{table}/{sys_id}`: the same (§2.1).
pub(crate) async fn update(
    State(app): State<App>,
    Named((table, sys_id)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, body) = request.into_parts();
    let (session, table, fields) = open(app, &table, &parts.headers, body).await?;
    let params = Params::parse(parts.uri.query())?;
    change(&session, &table, &sys_id, &params, &fields).await?;
    let session = session.refreshed();
    let body = written(&session, &table, &sys_id, &params, &parts.uri).await?;
    Ok(json(StatusCode::OK, body))
}

/// `DELETE /api/now/table/{table}/{sys_id}`
pub(crate) async fn delete(
    State(app): State<App>,
    Named((table, sys_id)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, request.headers()).await?;
    let table = session.table(&table)?;
    let context = session.context();
    let access = session.access(&context);
    let store = &session.app.store;
    for _ in 0..ATTEMPTS {
        let row = row(&session, &access, &table, &sys_id).await?;
        match store
            .delete(&access.permit_delete(&row)?, &session.stamp())
            .await
        {
            Ok(()) => return Ok(no_content()),
            Err(ApplyError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(RestError::Contended)
}

/// Opens a call that has a body.
async fn open(
    app: App,
    table: &str,
    headers: &HeaderMap,
    mut body: Body,
) -> Result<(Session, Arc<Table>, Fields), RestError> {
    let opened = async {
        let session = Session::open(app, headers).await?;
        let table = session.table(table)?;
        let fields = input::read(headers, &mut body).await?;
        Ok((session, table, fields))
    }
    .await;
    if opened.is_err() {
        input::discard(&mut body).await;
    }
    opened
}

/// Makes a row of a body and returns its key.
async fn insert(
    session: &Session,
    table: &Arc<Table>,
    params: &Params<'_>,
    fields: &Fields,
) -> Result<String, RestError> {
    let pairs = input::pairs(fields, table);
    let mode = mode(session, table, params);
    let mut draft = Draft::for_insert(&session.dictionary, table, pairs, mode);
    resolve(session, &mut draft).await?;
    let store = &session.app.store;
    let stamp = session.stamp();
    let new_id = store.ids().record(UnixMillis(stamp.now.as_millisecond()));
    let context = session.context();
    let access = session.access(&context);
    let mut insert = access.permit_insert(draft, new_id, &stamp)?;
    let secrets = insert.take_secrets();
    for (column, kept) in secrets::keep(&session.app, secrets).await? {
        insert.keep_secret(column, kept);
    }
    store.insert(&mut insert, &stamp).await?;
    Ok(insert.sys_id.to_string())
}

/// Applies a body to a row; again from the row's new state when somebody else was faster.
async fn change(
    session: &Session,
    table: &Arc<Table>,
    sys_id: &str,
    params: &Params<'_>,
    fields: &Fields,
) -> Result<(), RestError> {
    let context = session.context();
    let access = session.access(&context);
    let store = &session.app.store;
    let stamp = session.stamp();
    let pairs = input::pairs(fields, table);
    let mut draft = Draft::for_update(table, pairs, mode(session, table, params));
    resolve(session, &mut draft).await?;
    let mut kept = None;
    for _ in 0..ATTEMPTS {
        let row = row(session, &access, table, sys_id).await?;
        let Some(mut update) = access.permit_update(&row, draft.clone(), &stamp)? else {
            return Ok(());
        };
        let secrets = update.take_secrets();
        if kept.is_none() {
            kept = Some(secrets::keep(&session.app, secrets).await?);
        }
        for (column, text) in kept.iter().flatten() {
            update.keep_secret(Arc::clone(column), text.clone());
        }
        match store.update(&update, &stamp).await {
            Ok(()) => return Ok(()),
            Err(ApplyError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(RestError::Contended)
}

/// Returns the body that shows what was written; nothing of it if that is not for this caller to see.
async fn written(
    session: &Session,
    table: &Arc<Table>,
    sys_id: &str,
    params: &Params<'_>,
    uri: &Uri,
) -> Result<String, RestError> {
    match record(session, table, sys_id, params, uri).await {
        Err(RestError::NoRecord) => Ok("{\"result\":{}}".to_owned()),
        shown => shown,
    }
}

/// Returns the row that a write is about; one that the caller may not read is not there.
async fn row(
    session: &Session,
    access: &Access<'_>,
    table: &Arc<Table>,
    sys_id: &str,
) -> Result<RowCells, RestError> {
    names_a_row(sys_id)?;
    let row = session
        .app
        .store
        .row(&session.dictionary, table, sys_id)
        .await?;
    row.filter(|row| access.may_read_row(row))
        .ok_or(RestError::NoRecord)
}
/// How a body is read. Passwords are written as documented with `sysparm_input_display_value=true` only (§2.5);
/// the registry's client secrets, which are not encrypted fields here but hashed, always.
fn mode<'s>(session: &'s Session, table: &Table, params: &Params<'_>) -> Mode<'s> {
    Mode {
        input_display_value: params
            .input_display_value
            .then_some(&session.user.format.time_zone),
        suppress_auto_sys_field: params.suppress_auto_sys_field,
        secrets: params.input_display_value || table.root() == "oauth_entity",
        ..Mode::default()
    }
}

/// Finds the rows that a body names by their display values.
async fn resolve(session: &Session, draft: &mut Draft) -> Result<(), RestError> {
    let lookups: Vec<(Arc<Column>, Box<str>)> = draft.lookups().to_vec();
    for (column, text) in lookups {
        let found = session
            .app
            .store
            .find_by_display(&session.dictionary, &column, &text)
            .await?;
        draft.resolve(&column.element, found);
    }
    Ok(())
}
