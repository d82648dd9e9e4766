//! The Batch API (`rest-and-records.md` §8): several requests in one, answered one after another as the caller of
//! the whole. An item that fails fails alone.

use std::time::{Duration, Instant};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::Serialize;
use snowglobe_records::body::batch::{Batch, Header, Item, ItemFault};

use super::{
    access::Head,
    input::{self, collect},
};
use crate::{
    app::App,
    error::{RestError, json},
    identity::{api_key, user_token},
    records::Session,
    router::Door,
    surface,
};

/// §8: what all items may answer together (`glide.rest.batch.max.outputSize`), in bytes.
const MOST_OUT: usize = 10 * 1024 * 1024;
/// §8: how long all items may take together.
const LONGEST: Duration = Duration::from_secs(30);

#[derive(Serialize)]
struct Answers {
    batch_request_id: String,
    serviced_requests: Vec<Serviced>,
    unserviced_requests: Vec<String>,
}

#[derive(Serialize)]
struct Serviced {
    id: String,
    body: String,
    status_code: u16,
    status_text: &'static str,
    headers: Vec<Header>,
    execution_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
}

/// `POST /api/now/v1/batch`
pub(crate) async fn run(State(app): State<App>, request: Request) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let opened = Session::open(app.clone(), Head::from(&parts)).await;
    if opened.is_err() {
        input::discard(&mut body).await;
    }
    opened?;
    let batch = read(&app, &parts.headers, body).await?;
    let answers = Run::of(app, &parts.headers).all(batch).await;
    let body = serde_json::to_string(&answers).map_err(|_| RestError::Internal)?;
    Ok(json(StatusCode::OK, body))
}

async fn read(app: &App, headers: &HeaderMap, mut body: Body) -> Result<Batch, RestError> {
    if !input::is_json(headers) {
        return Err(RestError::MediaType);
    }
    let bytes = input::content(headers, &mut body, 2 * input::most(app)).await?;
    Batch::parse(&bytes).map_err(|error| RestError::UnreadableBody(error.to_string()))
}

/// One batch on its way.
struct Run {
    app: App,
    /// What says who calls.
    identity: HeaderMap,
    started: Instant,
    left: usize,
}

impl Run {
    fn of(app: App, headers: &HeaderMap) -> Self {
        let mut identity = HeaderMap::new();
        for name in CREDENTIALS {
            if let Some(value) = headers.get(&name) {
                identity.insert(name, value.clone());
            }
        }
        let asked = headers.get("x-batchrequest-max-output-size");
        let asked = asked.and_then(|value| value.to_str().ok()?.parse().ok());
        Self {
            app,
            identity,
            started: Instant::now(),
            left: asked.map_or(MOST_OUT, |bytes: usize| bytes.min(MOST_OUT)),
        }
    }

    async fn all(mut self, batch: Batch) -> Answers {
        let mut answers = Answers {
            batch_request_id: batch.id,
            serviced_requests: Vec::with_capacity(batch.items.len()),
            unserviced_requests: Vec::new(),
        };
        let mut full = false;
        for item in batch.items {
            full = full || self.started.elapsed() > LONGEST;
            if full {
                answers.unserviced_requests.push(item.id);
                continue;
            }
            let serviced = self.one(item).await;
            // An answer that does not fit any more was given all the same: its request is done.
            full = serviced.body.len() > self.left;
            self.left = self.left.saturating_sub(serviced.body.len());
            answers.serviced_requests.push(serviced);
        }
        answers
    }

    async fn one(&mut self, item: Item) -> Serviced {
        let started = Instant::now();
        let with_headers = !item.exclude_response_headers;
        let (parts, body, error_message) = match self.request(&item) {
            Ok(request) => self.send(request).await,
            Err(why) => {
                let refusal = json(
                    StatusCode::BAD_REQUEST,
                    RestError::UnreadableBody(why.clone()).body(),
                );
                let (parts, body) = taken(refusal).await;
                (parts, body, Some(why))
            }
        };
        Serviced {
            id: item.id,
            body: STANDARD.encode(&body),
            status_code: parts.status.as_u16(),
            status_text: parts.status.canonical_reason().unwrap_or_default(),
            headers: if with_headers {
                parts.headers.iter().map(named).collect()
            } else {
                Vec::new()
            },
            execution_time: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            error_message,
        }
    }

    fn request(&self, item: &Item) -> Result<Request, String> {
        let body = item.content().map_err(|fault| fault.to_string())?;
        let target = item.target().map_err(|fault| fault.to_string())?;
        let mut request = Request::new(Body::from(Bytes::from(body)));
        *request.method_mut() = Method::from_bytes(item.method.to_ascii_uppercase().as_bytes())
            .map_err(|_| "the method is none".to_owned())?;
        *request.uri_mut() = target.parse().map_err(|_| ItemFault::Url.to_string())?;
        let headers = request.headers_mut();
        for Header { name, value } in &item.headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            let value = HeaderValue::from_str(value);
            if let (Ok(name), Ok(value)) = (name, value)
                && !is_of_the_whole(&name)
            {
                headers.append(name, value);
            }
        }
        for (name, value) in &self.identity {
            headers.insert(name, value.clone());
        }
        Ok(request)
    }

    async fn send(
        &mut self,
        mut request: Request,
    ) -> (axum::http::response::Parts, Bytes, Option<String>) {
        surface::tidy(&mut request);
        let response = surface::call(&self.app, Door::Batch, request).await;
        let (parts, body) = taken(response).await;
        (parts, body, None)
    }
}

fn named((name, value): (&HeaderName, &HeaderValue)) -> Header {
    Header {
        name: name.to_string(),
        value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
    }
}

/// An answer in one piece. Its own handler kept it within bounds.
async fn taken(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, mut body) = response.into_parts();
    let body = collect(&mut body, usize::MAX).await.unwrap_or_default();
    (parts, body)
}

/// Who calls, and how the bytes travel, is said once for the whole batch (§8); clients copy such headers all the same.
fn is_of_the_whole(name: &HeaderName) -> bool {
    CREDENTIALS.contains(name)
        || [
            header::HOST,
            header::CONTENT_LENGTH,
            header::TRANSFER_ENCODING,
            header::CONNECTION,
            header::ACCEPT_ENCODING,
        ]
        .contains(name)
}

/// The headers that say who calls.
const CREDENTIALS: [HeaderName; 4] = [
    header::AUTHORIZATION,
    header::COOKIE,
    user_token::HEADER,
    api_key::HEADER,
];
