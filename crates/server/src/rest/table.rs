//! The Table API (`rest-and-records.md` §2): list, read, create, update, delete.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{FromRequestParts, Path, Request, State},
    http::{HeaderValue, StatusCode, Uri, header, request::Parts},
    response::Response,
};
use serde::de::DeserializeOwned;
use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{
    Table,
    acl::{Access, Permitted},
    dictionary::Column,
    plan::{Plan, Window},
    query::{self, Comparison, Joins, Predicate, Query},
    write::{Draft, Mode, RowCells},
};
use snowglobe_store::{
    backend::ApplyError,
    records::{Displays, Page},
};

use super::{
    body::Presenter,
    input::{self, Fields},
    journal::History,
    links,
    params::{BadParam, DisplayMode, Params},
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

/// What a path names.
pub(crate) struct Named<T>(T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = RestError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, RestError> {
        // Only bytes that are no UTF-8 are refused, and then nothing can have that name.
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path(names)| Self(names))
            .map_err(|_| RestError::NoSuchApi)
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
    let session = Session::open(app, &parts.headers).await?;
    let table = session.table(&table)?;
    let params = Params::parse(parts.uri.query())?;
    let fields = input::read(&parts.headers, body).await?;
    let pairs = input::pairs(&fields, &table);
    let mode = mode(&session, &table, &params);
    let mut draft = Draft::for_insert(&session.dictionary, &table, pairs, mode);
    resolve(&session, &mut draft).await?;

    let stamp = session.stamp();
    let new_id = session
        .app
        .store
        .ids()
        .record(UnixMillis(stamp.now.as_millisecond()));
    let context = session.context();
    let mut insert = session
        .access(&context)
        .permit_insert(draft, new_id, &stamp)?;
    let secrets = insert.take_secrets();
    for (column, kept) in secrets::keep(&session.app, secrets).await? {
        insert.keep_secret(column, kept);
    }
    session.app.store.insert(&mut insert, &stamp).await?;

    let sys_id = insert.sys_id.to_string();
    let session = session.refreshed();
    let body = match record(&session, &table, &sys_id, &params, &parts.uri).await {
        Ok(body) => body,
        // Made, but not for this caller to see.
        Err(RestError::NoRecord) => "{\"result\":{}}".to_owned(),
        Err(error) => return Err(error),
    };
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
    let session = Session::open(app, &parts.headers).await?;
    let table = session.table(&table)?;
    let params = Params::parse(parts.uri.query())?;
    let fields = input::read(&parts.headers, body).await?;
    change(&session, &table, &sys_id, &params, &fields).await?;
    let session = session.refreshed();
    let body = record(&session, &table, &sys_id, &params, &parts.uri).await?;
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

/// No row has an empty key, nor one that PostgreSQL could not store.
fn names_a_row(sys_id: &str) -> Result<(), RestError> {
    if sys_id.is_empty() || sys_id.contains('\0') {
        return Err(RestError::NoRecord);
    }
    Ok(())
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

/// Which rows the parameters select; name=value filters count when there is no `sysparm_query` (§2.2).
fn select(session: &Session, table: &Arc<Table>, params: &Params<'_>) -> Query {
    let context = session.context();
    match params.query.as_deref() {
        Some(text) => {
            let resolved =
                query::resolve(&query::parse(text), &session.dictionary, table, &context);
            // Not the clause itself: its value is whatever the caller typed. One line, however many there are.
            if let Some(first) = resolved.dropped.first() {
                tracing::info!(
                    table = %table.name(),
                    dropped = resolved.dropped.len(),
                    reason = %first.reason,
                    "a query has clauses that are dropped"
                );
            }
            resolved.query
        }
        None => {
            let pairs = params
                .filters
                .iter()
                .map(|(name, value)| (&**name, &**value));
            query::filter(pairs, &session.dictionary, table, &context)
        }
    }
}

fn plan(
    session: &Session,
    table: &Arc<Table>,
    query: Query,
    params: &Params<'_>,
    window: Window,
) -> Result<Permitted<Plan>, RestError> {
    let mut plan = Plan::new(
        &session.dictionary,
        table,
        query,
        params.field_names(),
        window,
    );
    plan.count = !params.no_count;
    let context = session.context();
    Ok(session.access(&context).permit_read(plan)?)
}

/// Returns the body that shows one record.
async fn record(
    session: &Session,
    table: &Arc<Table>,
    sys_id: &str,
    params: &Params<'_>,
    uri: &Uri,
) -> Result<String, RestError> {
    let column = table.column("sys_id").ok_or(RestError::Internal)?;
    let path = query::Path {
        table: 0,
        column: Arc::clone(column),
    };
    let predicate = Predicate::Compare(path, Comparison::Equal, sys_id.into());
    names_a_row(sys_id)?;
    let query = Query {
        joins: Joins::default(),
        predicate,
        order: Vec::new(),
    };
    let single = Window {
        limit: 1,
        offset: 0,
    };
    let uncounted = Params {
        no_count: true,
        fields: params.fields.clone(),
        ..Params::default()
    };
    let plan = plan(session, table, query, &uncounted, single)?;
    let page = session.app.store.read(&plan).await?;
    let presenter = present(session, &plan, &page, params, uri).await?;
    presenter.record(&page).ok_or(RestError::NoRecord)
}

/// What a page is shown with.
async fn present<'p>(
    session: &'p Session,
    plan: &'p Permitted<Plan>,
    page: &Page,
    params: &Params<'_>,
    uri: &Uri,
) -> Result<Shown<'p>, RestError> {
    let (displays, history) = match params.display {
        DisplayMode::Value => (Displays::default(), History::default()),
        DisplayMode::Display | DisplayMode::All => {
            let store = &session.app.store;
            let displays = store.displays(&session.dictionary, plan, &page.rows);
            (
                displays.await?,
                History::read(session, plan, &page.rows).await?,
            )
        }
    };
    Ok(Shown {
        session,
        plan,
        displays,
        history,
        mode: params.display,
        exclude_reference_link: params.exclude_reference_link,
        links: session.links(uri),
    })
}

/// A page on its way to JSON.
struct Shown<'p> {
    session: &'p Session,
    plan: &'p Plan,
    displays: Displays,
    history: History,
    mode: DisplayMode,
    exclude_reference_link: bool,
    links: links::LinkBase<'p>,
}

impl Shown<'_> {
    fn presenter(&self) -> Presenter<'_> {
        Presenter {
            dictionary: &self.session.dictionary,
            outputs: &self.plan.outputs,
            mode: self.mode,
            exclude_reference_link: self.exclude_reference_link,
            links: self.links,
            displays: &self.displays,
            history: &self.history,
            format: &self.session.user.format,
        }
    }

    fn list(&self, page: &Page) -> String {
        self.presenter().list(&page.rows)
    }

    fn record(&self, page: &Page) -> Option<String> {
        page.rows.first().map(|row| self.presenter().record(row))
    }
}

/// Adds `X-Total-Count` and `Link` (§2.4).
fn count_and_page(
    response: &mut Response<Body>,
    session: &Session,
    uri: &Uri,
    params: &Params<'_>,
    total: Option<u64>,
) {
    let Some(total) = total else { return };
    let headers = response.headers_mut();
    headers.insert("x-total-count", HeaderValue::from(total));
    if params.suppress_pagination_header {
        return;
    }
    let url = format!("{}{}", session.app.issuer, uri.path());
    let link = links::pagination(
        &url,
        uri.query().unwrap_or_default(),
        params.window(),
        total,
    );
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        headers.insert(header::LINK, link);
    }
}
