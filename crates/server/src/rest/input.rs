//! The body of a write: one flat object of texts (`rest-and-records.md` §1.2, §1.3, §2.5).

use std::{borrow::Cow, future::poll_fn, io::Read as _, pin::Pin};

use axum::{
    body::{Body, HttpBody as _},
    http::{HeaderMap, HeaderValue, header},
};
use bytes::{Bytes, BytesMut};
use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value};
use snowglobe_oauth::header::{content_type, lower_case};
use snowglobe_records::{
    Table,
    body::{self, Unreadable},
    dictionary::Kind,
    display,
};

use crate::{app::App, error::RestError};

pub(crate) use body::{Fields, json::text as wire_text};

impl From<Unreadable> for RestError {
    fn from(_: Unreadable) -> Self {
        unreadable()
    }
}

/// Reads the body of a POST, PUT or PATCH; of one that is refused unread, it leaves the rest.
pub(super) async fn read(
    app: &App,
    headers: &HeaderMap,
    sent: &mut Body,
) -> Result<Fields, RestError> {
    let bytes = content(headers, sent, most(app)).await?;
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let text = || body::charset::text(kind, &bytes).ok_or_else(unreadable);
    if is_json(headers) {
        Ok(body::json::fields(&text()?)?)
    } else if is_xml(headers) {
        body::xml::fields(&text()?)
            .map_err(|_| RestError::UnreadableBody("The payload is not valid XML.".to_owned()))
    } else {
        Err(RestError::MediaType)
    }
}

/// Reads a body of more than flat fields.
pub(super) async fn value(
    app: &App,
    headers: &HeaderMap,
    sent: &mut Body,
) -> Result<Value, RestError> {
    if !is_json(headers) {
        return Err(RestError::MediaType);
    }
    let bytes = content(headers, sent, most(app)).await?;
    let text = std::str::from_utf8(&bytes).map_err(|_| unreadable())?;
    Ok(body::json::value(text)?)
}

/// Returns how many bytes a body may have (E14): `glide.rest.max_content_length` MB, 25 at most (§1.8).
pub(super) fn most(app: &App) -> usize {
    let megabytes = app
        .store
        .properties()
        .number("glide.rest.max_content_length", 10);
    usize::try_from(megabytes.clamp(1, 25)).unwrap_or(10) * 1024 * 1024
}

/// Reads a body of at most so many bytes, unpacked.
pub(super) async fn content(
    headers: &HeaderMap,
    body: &mut Body,
    most: usize,
) -> Result<Bytes, RestError> {
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if let Some(bytes) = length.filter(|length| *length > most) {
        return Err(RestError::TooLarge { bytes, most });
    }
    match headers
        .get(header::CONTENT_ENCODING)
        .map(HeaderValue::as_bytes)
    {
        None | Some(b"" | b"identity") => collect(body, most).await,
        Some(b"gzip" | b"x-gzip") => unpack(&collect(body, most.min(MOST_PACKED)).await?, most),
        Some(_) => Err(RestError::MediaType),
    }
}

/// Bytes of a packed body (§1.8, `…_gzip_content_length_mb`).
const MOST_PACKED: usize = 1024 * 1024;

/// No more is unpacked than may be sent: a small body cannot become a large one.
fn unpack(packed: &[u8], most: usize) -> Result<Bytes, RestError> {
    let mut unpacked = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = MultiGzDecoder::new(packed)
        .take(limit)
        .read_to_end(&mut unpacked);
    read.map_err(|_| RestError::UnreadableBody("The payload is not valid gzip.".to_owned()))?;
    if unpacked.len() > most {
        return Err(RestError::TooLarge {
            bytes: unpacked.len(),
            most,
        });
    }
    Ok(unpacked.into())
}

/// Hands on what came of opening a request; of one that is refused unread, it takes the rest of the body.
pub(super) async fn opened<T>(
    opened: Result<T, RestError>,
    body: &mut Body,
) -> Result<T, RestError> {
    if opened.is_err() {
        discard(body).await;
    }
    opened
}

/// Takes what is left of a refused body, within reason: a caller who is cut off while still writing does not read
/// the answer.
pub(crate) async fn discard(body: &mut Body) {
    const MOST: usize = 40 * 1024 * 1024;
    let mut taken = 0;
    while taken < MOST
        && let Some(Ok(data)) = next(body).await
    {
        taken += data.len();
    }
}

/// Reads a body of at most so many bytes.
pub(crate) async fn collect(body: &mut Body, most: usize) -> Result<Bytes, RestError> {
    let mut all = BytesMut::new();
    while let Some(data) = next(body).await {
        let data = data.map_err(|_| unreadable())?;
        if all.is_empty() && body.is_end_stream() && data.len() <= most {
            return Ok(data); // as most are: no copy
        }
        if all.len() + data.len() > most {
            return Err(RestError::TooLarge {
                bytes: most + 1,
                most,
            });
        }
        all.extend_from_slice(&data);
    }
    Ok(all.freeze())
}

/// The next piece of a body; trailers are none.
async fn next(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
    let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
    Some(frame.map(|frame| frame.into_data().unwrap_or_default()))
}

/// Returns the elements and texts to write to a table. Null clears a field, as `""` does (§2.5), but a secret reads
/// as `""` or as its mask: a record that is sent back as it was read must keep its secrets.
pub(super) fn pairs<'f>(
    fields: &'f Fields,
    table: &Table,
) -> impl Iterator<Item = (&'f str, &'f str)> {
    let says_nothing = |element: &str, text: Option<&str>| {
        matches!(text, Some("" | display::MASK))
            && table
                .column(element)
                .is_some_and(|column| matches!(column.kind, Kind::Secret(_)))
    };
    fields
        .iter()
        .map(|(element, text)| (&**element, text.as_deref()))
        .filter(move |(element, text)| !says_nothing(element, *text))
        .map(|(element, text)| (element, text.unwrap_or_default()))
}

/// A missing type is taken as JSON: clients differ (§1.3).
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    matches!(
        &*essence(headers),
        "" | "application/json" | "text/json" | "*/*"
    )
}

fn is_xml(headers: &HeaderMap) -> bool {
    matches!(&*essence(headers), "application/xml" | "text/xml")
}

/// The type of a body without its parameters, in lower case.
fn essence(headers: &HeaderMap) -> Cow<'_, str> {
    let kind = headers.get(header::CONTENT_TYPE);
    let line = kind.map_or("", |kind| kind.to_str().unwrap_or("?"));
    lower_case(content_type::essence(line))
}

/// Reads a body of several records (§11.1): an object, or one that holds them in `records`.
pub(super) fn objects(bytes: &[u8]) -> Result<Vec<Map<String, Value>>, RestError> {
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable())?;
    Ok(body::json::objects(text)?)
}

pub(super) fn unreadable() -> RestError {
    RestError::UnreadableBody("The payload is not valid JSON.".to_owned())
}
