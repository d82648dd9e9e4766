//! Customer service (`rest-and-records.md` §9.4): accounts, contacts and cases as their own APIs. They are records like
//! any other, under the same rules; their references are plain texts.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use snowglobe_records::{Table, write::Mode};

use super::{
    access::Head,
    input,
    look::needs,
    page::{Asked, count_and_page, plan, present, record, select},
    params::Params,
    path::Named,
};
use crate::{
    app::App,
    error::{RestError, json},
    records::{self, Input, Session},
};

/// §9.4: the default page.
const PAGE: u32 = 10;

/// The table behind a path.
fn table(session: &Session, path: &str) -> Result<Arc<Table>, RestError> {
    let (name, roles): (_, &'static [&'static str]) = if path.contains("/consumer") {
        ("csm_consumer", &["csm_ws_integration"])
    } else if path.contains("/contact") {
        ("customer_contact", &["csm_ws_integration"])
    } else if path.contains("/account") {
        ("customer_account", &["csm_ws_integration"])
    } else {
        ("sn_customerservice_case", &["csm_ws_integration", "itil"])
    };
    needs(session, roles)?;
    session.table(name)
}

/// `GET /api/now/account`, `/api/now/contact`, `/api/sn_customerservice/case`
pub(crate) async fn list(State(app): State<App>, request: Request) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let uri = request.uri();
    let table = table(&session, uri.path())?;
    let mut params = Params::parse(uri.query())?;
    params.limit = params.limit.or(Some(PAGE));
    params.exclude_reference_link = true;
    let query = select(&session, &table, &params)?;
    let plan = plan(&session, &table, query, &params, params.window())?;
    let page = session.app.store.read(&plan).await?;
    let shown = present(&session, &plan, &page, Asked::of(&params, uri)).await?;
    let window = params.window();
    let read = window.offset.saturating_add(window.limit.into());
    let has_more = page.total.is_some_and(|total| total > read);
    let mut body = shown.list(&page);
    body.pop(); // the last brace: another member follows
    body.push_str(if has_more {
        ",\"hasMore\":true}"
    } else {
        ",\"hasMore\":false}"
    });
    let mut response = json(StatusCode::OK, body);
    count_and_page(&mut response, &session, uri, &params, page.total);
    Ok(response)
}

/// `GET …/{sys_id}`
pub(crate) async fn read(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let table = table(&session, request.uri().path())?;
    let mut params = Params::parse(request.uri().query())?;
    params.exclude_reference_link = true;
    let body = record(&session, &table, &sys_id, Asked::of(&params, request.uri())).await?;
    Ok(json(StatusCode::OK, body))
}

/// `POST`
pub(crate) async fn create(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let session_and = write(app, None, request).await?;
    let (session, uri, table, sys_id) = session_and;
    // Documented: of a consumer that was made only the key is told.
    if *table.name() == *"csm_consumer" {
        return Ok(json(
            StatusCode::CREATED,
            format!("{{\"result\":\"{sys_id}\"}}"),
        ));
    }
    let mut params = Params::parse(uri.query())?;
    params.exclude_reference_link = true;
    let body = record(&session, &table, &sys_id, Asked::of(&params, &uri)).await?;
    let mut response = json(StatusCode::CREATED, body);
    let location = format!("{}{}/{sys_id}", session.app.issuer, uri.path());
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// `PUT` and `PATCH …/{sys_id}`
pub(crate) async fn update(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, uri, table, sys_id) = write(app, Some(sys_id), request).await?;
    let mut params = Params::parse(uri.query())?;
    params.exclude_reference_link = true;
    let body = record(&session, &table, &sys_id, Asked::of(&params, &uri)).await?;
    Ok(json(StatusCode::OK, body))
}

/// Makes a record, or changes the one with this key.
async fn write(
    app: App,
    sys_id: Option<String>,
    request: Request,
) -> Result<(Session, axum::http::Uri, Arc<Table>, String), RestError> {
    let (parts, mut body) = request.into_parts();
    let opened = async {
        let session = Session::open(app, Head::from(&parts)).await?;
        let table = table(&session, parts.uri.path())?;
        let fields = input::read(&session.app, &parts.headers, &mut body).await?;
        Ok((session, table, fields))
    }
    .await;
    let (session, table, fields) = input::opened(opened, &mut body).await?;
    let pairs: Vec<_> = input::pairs(&fields, &table).collect();
    let input = Input {
        pairs: &pairs,
        mode: Mode::default(),
    };
    let sys_id = match sys_id {
        None => records::insert(&session, &table, input).await?.sys_id,
        Some(sys_id) => {
            records::update(&session, &table, &sys_id, input, None).await?;
            sys_id
        }
    };
    Ok((session, parts.uri, table, sys_id))
}
