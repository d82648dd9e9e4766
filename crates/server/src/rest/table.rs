//! The Table API (`rest-and-records.md` §2): list, read, update, delete; [`super::create`] creates.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{StatusCode, Uri, header},
    response::Response,
};
use snowglobe_records::{Table, acl::Operation, plan::Window, query::Query, write::Mode};

use super::{
    access::Head,
    input::{self, Fields},
    page::{Asked, count_and_page, nothing, plan, present, record, select},
    params::{BadParam, Params, choose_view},
    path::Named,
    stream,
};
use crate::{
    app::App,
    error::{RestError, json, no_content},
    records::{self, Input, Question, Session},
    refusal,
};

impl From<BadParam> for RestError {
    fn from(bad: BadParam) -> Self {
        Self::BadParameter(format!("{} must be {}", bad.name, bad.expected))
    }
}

/// `GET /api/now/table/{table}`
pub(crate) async fn list(
    State(app): State<App>,
    Named(table): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table(&table)?;
    let uri = request.uri();
    let mut params = Params::parse(uri.query())?;
    choose_view(&mut params, &table);
    asks(&table, &params);
    let query = select(&session, &table, &params)?;
    let window = params.window();
    // Most lists end within a piece; only of the others all keys are looked up.
    let first = Window {
        limit: window.limit.min(stream::PIECE),
        ..window
    };
    let plan = plan(&session, &table, query.clone(), &params, first)?;
    let page = session.app.store.read(&plan).await?;
    if window.limit > first.limit && page.rows.len() == first.limit as usize {
        // Boxed: few lists are long, and the future of every list would be larger.
        let asked = (uri.clone(), &params);
        return Box::pin(long(session, &table, query, asked, page.total)).await;
    }
    let empty = page.rows.is_empty();
    let version_1 = session.links(uri).version == "v1/";
    let body = present(&session, &plan, &page, Asked::of(&params, uri))
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

/// Answers with a list that is sent piece by piece.
async fn long(
    session: Session,
    table: &Arc<Table>,
    query: Query,
    (uri, params): (Uri, &Params<'_>),
    total: Option<u64>,
) -> Result<Response, RestError> {
    let plan = plan(&session, table, query, params, params.window())?;
    let mut response = json(StatusCode::OK, String::new());
    count_and_page(&mut response, &session, &uri, params, total);
    let list = stream::List::begin(session, plan, (uri, params)).await?;
    *response.body_mut() = list.body();
    response.headers_mut().remove(header::CONTENT_LENGTH);
    Ok(response)
}

/// `GET /api/now/table/{table}/{sys_id}`
pub(crate) async fn read(
    State(app): State<App>,
    Named((table, sys_id)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table(&table)?;
    let mut params = Params::parse(request.uri().query())?;
    choose_view(&mut params, &table);
    refusal::asks(Question::about(&table, Operation::Read).of(&sys_id));
    let shown = Asked::of(&params, request.uri());
    let body = record(&session, &table, &sys_id, shown).await?;
    Ok(json(StatusCode::OK, body))
}

/// `PUT` and `PATCH /api/now/table/{table}/{sys_id}`: the same (§2.1).
pub(crate) async fn update(
    State(app): State<App>,
    Named((table, sys_id)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, body) = request.into_parts();
    let (session, table, fields) = open(app, &table, Head::from(&parts), body).await?;
    let mut params = Params::parse(parts.uri.query())?;
    choose_view(&mut params, &table);
    let pairs: Vec<_> = input::pairs(&fields, &table).collect();
    let input = Input {
        pairs: &pairs,
        mode: mode(&session, &table, &params),
    };
    refusal::asks(Question::about(&table, Operation::Write).of(&sys_id));
    records::update(&session, &table, &sys_id, input, None).await?;
    let session = session.refreshed();
    let shown = Asked::of(&params, &parts.uri);
    let body = written(&session, &table, &sys_id, shown).await?;
    Ok(json(StatusCode::OK, body))
}

/// `DELETE /api/now/table/{table}/{sys_id}`
pub(crate) async fn delete(
    State(app): State<App>,
    Named((table, sys_id)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = session.table(&table)?;
    refusal::asks(Question::about(&table, Operation::Delete).of(&sys_id));
    records::delete(&session, &table, &sys_id).await?;
    Ok(no_content())
}

/// Remembers what a list is asked for, so that the operator can look at it again.
pub(super) fn asks(table: &Table, params: &Params<'_>) {
    let question = Question::about(table, Operation::Read)
        .with(params.query.as_deref(), params.fields.as_deref());
    let filters = params.filters.iter();
    let filters = filters.map(|(name, value)| (&**name, &**value));
    refusal::asks(question.filtered(table, filters));
}

/// Opens a call that has a body.
pub(super) async fn open(
    app: App,
    table: &str,
    head: Head<'_>,
    mut body: Body,
) -> Result<(Session, Arc<Table>, Fields), RestError> {
    let opened = async {
        let session = Session::open(app, head).await?;
        let table = session.table(table)?;
        let fields = input::read(&session.app, head.headers, &mut body).await?;
        Ok((session, table, fields))
    }
    .await;
    if opened.is_err() {
        input::discard(&mut body).await;
    }
    opened
}

/// Returns the body that shows what was written; nothing of it if that is not for this caller to see.
pub(super) async fn written(
    session: &Session,
    table: &Arc<Table>,
    sys_id: &str,
    asked: Asked<'_>,
) -> Result<String, RestError> {
    match record(session, table, sys_id, asked).await {
        Err(RestError::NoRecord) => Ok(nothing()),
        shown => shown,
    }
}

/// How a body is read. Passwords are written as documented with `sysparm_input_display_value=true` only (§2.5);
/// the registry's client secrets, which are not encrypted fields here but hashed, always.
pub(super) fn mode<'s>(session: &'s Session, table: &Table, params: &Params<'_>) -> Mode<'s> {
    Mode {
        input_display_value: params.input_display_value.then_some(&session.user.format),
        suppress_auto_sys_field: params.suppress_auto_sys_field,
        secrets: params.input_display_value || table.root() == "oauth_entity",
        any_choice: session
            .app
            .store
            .properties()
            .flag("glide.rest.choice.allow_non_existing_value", false),
        ..Mode::default()
    }
}
