//! Attributes of an attachment: keys and values that clients hang on it (`rest-and-records.md` §6).
//!
//! Who sees the attachment sees them, and who may write the record it hangs on writes them.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};
use snowglobe_records::{Table, write::Mode};
use std::sync::Arc;

use super::{shown::Attachments, target};
use crate::{
    app::App,
    error::{RestError, json as answer, no_content},
    records::{self, Input, Session},
    rest::{
        access::Head,
        input::{self, Fields},
        look::{self, Found},
        path::Named,
    },
};

const TABLE: &str = "sys_attachment_attribute";

/// `GET /api/now/attachment/{sys_id}/attributes`
pub(crate) async fn list(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    Attachments::one(&session, &sys_id).await?.first("sys_id")?;
    let known = of(&session, &sys_id, None).await?;
    let told: Vec<Value> = known.iter().map(told).collect();
    Ok(shown(StatusCode::OK, &told.into()))
}

/// `GET …/attributes/{key}`
pub(crate) async fn read(
    State(app): State<App>,
    Named((sys_id, key)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    Attachments::one(&session, &sys_id).await?.first("sys_id")?;
    let known = of(&session, &sys_id, Some(&key)).await?;
    let known = known.first().ok_or(RestError::NoRecord)?;
    Ok(shown(StatusCode::OK, &told(known)))
}

/// `POST …/attributes`: `{"key":"…","value":"…"}`
pub(crate) async fn add(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, fields) = open(app, request, &sys_id).await?;
    let (key, value) = (needed(&fields, "key")?, needed(&fields, "value")?);
    if !of(&session, &sys_id, Some(key)).await?.is_empty() {
        let why = format!("the attachment has the attribute {key} already");
        return Err(RestError::BadParameter(why));
    }
    let pairs = [("sys_attachment", &*sys_id), ("key", key), ("value", value)];
    records::insert(&session, &table(&session)?, plainly(&pairs)).await?;
    Ok(shown(
        StatusCode::CREATED,
        &json!({"key": key, "value": value}),
    ))
}

/// `PUT …/attributes/{key}`: `{"value":"…"}`
pub(crate) async fn change(
    State(app): State<App>,
    Named((sys_id, key)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let (session, fields) = open(app, request, &sys_id).await?;
    let value = needed(&fields, "value")?;
    let known = of(&session, &sys_id, Some(&key)).await?;
    let known = known
        .first()
        .ok_or(RestError::NoRecord)?
        .text("sys_id")
        .to_owned();
    let pairs = [("value", value)];
    records::update(&session, &table(&session)?, &known, plainly(&pairs), None).await?;
    Ok(shown(StatusCode::OK, &json!({"key": key, "value": value})))
}

/// `DELETE …/attributes`: all of them.
pub(crate) async fn clear(
    State(app): State<App>,
    Named(sys_id): Named<String>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    writable(&session, &sys_id).await?;
    for known in of(&session, &sys_id, None).await? {
        records::delete(&session, &table(&session)?, known.text("sys_id")).await?;
    }
    Ok(no_content())
}

/// `DELETE …/attributes/{key}`
pub(crate) async fn remove(
    State(app): State<App>,
    Named((sys_id, key)): Named<(String, String)>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    writable(&session, &sys_id).await?;
    let known = of(&session, &sys_id, Some(&key)).await?;
    let known = known.first().ok_or(RestError::NoRecord)?;
    records::delete(&session, &table(&session)?, known.text("sys_id")).await?;
    Ok(no_content())
}

/// Opens a call that writes.
async fn open(app: App, request: Request, sys_id: &str) -> Result<(Session, Fields), RestError> {
    let (parts, mut body) = request.into_parts();
    let opened = async {
        let session = Session::open(app, Head::from(&parts)).await?;
        writable(&session, sys_id).await?;
        let fields = input::read(&session.app, &parts.headers, &mut body).await?;
        Ok((session, fields))
    }
    .await;
    if opened.is_err() {
        input::discard(&mut body).await;
    }
    opened
}

/// Sees that the attachment is there, and that its record may be written.
async fn writable(session: &Session, sys_id: &str) -> Result<(), RestError> {
    let found = Attachments::one(session, sys_id).await?;
    let (of, record) = (found.first("table_name")?, found.first("table_sys_id")?);
    target::writable(session, &of, &record).await?;
    Ok(())
}

async fn of(session: &Session, sys_id: &str, key: Option<&str>) -> Result<Vec<Found>, RestError> {
    let mut pairs = vec![("sys_attachment", sys_id)];
    pairs.extend(key.map(|key| ("key", key)));
    look::known(session, TABLE, &pairs, &["sys_id", "key", "value"]).await
}

fn table(session: &Session) -> Result<Arc<Table>, RestError> {
    session.table(TABLE)
}

fn needed<'f>(fields: &'f Fields, name: &str) -> Result<&'f str, RestError> {
    let given = fields.iter().find(|(field, _)| field == name);
    let given = given.and_then(|(_, text)| text.as_deref());
    given
        .filter(|text| !text.is_empty())
        .ok_or_else(|| RestError::BadParameter(format!("{name} is required")))
}

fn told(row: &Found) -> Value {
    json!({"key": row.text("key"), "value": row.text("value")})
}

fn shown(status: StatusCode, result: &Value) -> Response {
    answer(status, json!({"result": result}).to_string())
}

fn plainly<'a>(pairs: &'a [(&'a str, &'a str)]) -> Input<'a> {
    Input {
        pairs,
        mode: Mode::default(),
    }
}
