//! Reading: lists, metadata, and the files themselves, piece by piece.

use std::{fmt::Write as _, sync::Arc};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use snowglobe_records::{
    acl::Operation,
    plan::Window,
    query::{Comparison, Path, Predicate, Query},
};

use super::shown::{Attachments, table};
use crate::{
    app::App,
    error::{RestError, json},
    records::{Question, Session},
    refusal,
    rest::{
        access::Head,
        page::{count_and_page, select},
        params::Params,
        path::Named,
        table::asks,
    },
};

/// §6: the documentation says 1,000, another page 10,000.
const PAGE: u32 = 1_000;

/// `GET /api/now/attachment`
pub(crate) async fn list(State(app): State<App>, request: Request) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let uri = request.uri();
    let mut params = Params::parse(uri.query())?;
    params.limit = params.limit.or(Some(PAGE));
    let of = table(&session)?;
    asks(&of, &params);
    let query = select(&session, &of, &params)?;
    let found = Attachments::read(&session, query, params.window(), !params.no_count).await?;
    let mut response = json(StatusCode::OK, found.list(&session, uri));
    count_and_page(&mut response, &session, uri, &params, found.total());
    Ok(response)
}

/// `GET /api/now/attachment/{sys_id}`
pub(crate) async fn read(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    let question = Question::about(&*table(&session)?, Operation::Read);
    refusal::asks(question.of(&sys_id));
    let found = Attachments::one(&session, &sys_id).await?;
    let object = found.object(&session, request.uri())?;
    Ok(json(StatusCode::OK, format!("{{\"result\":{object}}}")))
}

/// `GET /api/now/attachment/{sys_id}/file`
pub(crate) async fn content(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    // A file is what it is: whatever a caller says to accept, it is sent as it came.
    let session = Session::open_for_any_form(app, Head::from(&request)).await?;
    let found = Attachments::one(&session, &sys_id).await?;
    send(&session, &found, &request)
}

/// Sends a file if it hangs on this record.
pub(crate) async fn of_record(
    app: App,
    (table, record): (&str, &str),
    sys_id: &str,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open_for_any_form(app, Head::from(&request)).await?;
    let found = Attachments::one(&session, sys_id).await?;
    let hangs = found.first("table_name")? == table
        && found.first("table_sys_id")?.eq_ignore_ascii_case(record);
    if hangs {
        send(&session, &found, &request)
    } else {
        Err(RestError::NoRecord)
    }
}

/// `GET /api/now/attachment/{table_sys_id}/{file_name}/file`: the first that is called so.
pub(crate) async fn content_by_name(
    State(app): State<App>,
    Named((table_sys_id, file_name)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    // A file is what it is: whatever a caller says to accept, it is sent as it came.
    let session = Session::open_for_any_form(app, Head::from(&request)).await?;
    let of = table(&session)?;
    let is = |element: &str, value: &str| {
        let column = of
            .column(element)
            .map(Arc::clone)
            .ok_or(RestError::Internal)?;
        if value.contains('\0') {
            return Err(RestError::NoRecord);
        }
        let path = Path { table: 0, column };
        Ok(Predicate::Compare(path, Comparison::Equal, value.into()))
    };
    let query = Query {
        predicate: is("table_sys_id", &table_sys_id)?.and(is("file_name", &file_name)?),
        ..Query::default()
    };
    let single = Window {
        limit: 1,
        offset: 0,
    };
    let found = Attachments::read(&session, query, single, false).await?;
    send(&session, &found, &request)
}

fn send(session: &Session, found: &Attachments, request: &Request) -> Result<Response, RestError> {
    let sys_id = found.first("sys_id")?;
    let mut headers = HeaderMap::new();
    let kind = HeaderValue::from_str(&found.first("content_type")?);
    let kind = kind.unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, kind);
    let length: Option<u64> = found.first("size_bytes")?.parse().ok();
    if let Some(length) = length {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    // A browser that is led here keeps the file and runs nothing in it.
    let kept = [
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'",
        ),
        (
            header::CACHE_CONTROL,
            "no-cache,no-store,must-revalidate,max-age=-1",
        ),
    ];
    for (name, value) in kept {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let metadata = found.object(session, request.uri())?;
    if let Ok(metadata) = HeaderValue::from_str(&ascii(&metadata)) {
        headers.insert("x-attachment-metadata", metadata);
    }
    Ok((headers, pieces(session.app.clone(), sys_id)).into_response())
}

/// The file, read from the store as fast as it is taken.
fn pieces(app: App, sys_id: String) -> Body {
    Body::from_stream(stream::unfold(0, move |position| {
        let (app, sys_id) = (app.clone(), sys_id.clone());
        async move {
            match app.store.piece(&sys_id, position).await {
                Ok(piece) => piece.map(|bytes| (Ok(bytes), position + 1)),
                Err(error) => {
                    tracing::error!(error = %error, "an attachment cannot be read to its end");
                    Some((Err(error), u32::MAX))
                }
            }
        }
    }))
}

/// JSON for a header: other letters as escapes.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}"); // writing to a String cannot fail
            }
        }
    }
    out
}
