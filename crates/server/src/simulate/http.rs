//! The simulated provider's endpoints.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use serde_json::json;
use snowglobe_oauth::{Form, bearer};

use super::{
    Control, Ledger, Options,
    books::{Books, Mishap},
};
use crate::{StartError, identity::session::see_other};

/// A provider that runs; it stops with this value.
#[derive(Debug)]
pub struct Simulated {
    address: SocketAddr,
    books: Shared,
    task: tokio::task::JoinHandle<()>,
}

type Shared = Arc<Mutex<Books>>;

/// Starts a provider.
///
/// # Errors
/// [`StartError::Listen`] when its port is taken.
pub async fn start(options: Options) -> Result<Simulated, StartError> {
    let listening = |error| StartError::Listen {
        address: options.listen,
        error,
    };
    let listener = tokio::net::TcpListener::bind(options.listen).await;
    let listener = listener.map_err(listening)?;
    let address = listener.local_addr().map_err(listening)?;
    let books: Shared = Arc::new(Mutex::new(Books::new(options)));
    let router = Router::new()
        .route("/authorize", get(authorize))
        .route("/token", post(token))
        .route("/revoke", post(revoke))
        .route("/_ledger", get(ledger))
        .route("/_control", post(control))
        .route("/api/{*path}", any(api))
        .with_state(Arc::clone(&books));
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(error = %error, "the simulated provider stopped");
        }
    });
    Ok(Simulated {
        address,
        books,
        task,
    })
}

impl Simulated {
    /// Returns the base of its URLs.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns what happened so far.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        lock(&self.books).ledger()
    }

    /// Lets things go wrong from now on.
    pub fn control(&self, control: Control) {
        lock(&self.books).obey(control);
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(books: &Shared) -> MutexGuard<'_, Books> {
    books.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everybody consents at once.
async fn authorize(State(books): State<Shared>, uri: Uri) -> Response {
    let query = uri.query().unwrap_or_default().as_bytes();
    let Ok(form) = Form::parse(query) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let value = |name| form.get(name).ok().flatten().unwrap_or_default();
    let code = lock(&books).code(value("code_challenge"));
    let mut back = form_urlencoded::Serializer::new(String::new());
    back.append_pair("code", &code);
    back.append_pair("state", value("state"));
    let uri = value("redirect_uri");
    let joint = if uri.contains('?') { '&' } else { '?' };
    see_other(&format!("{uri}{joint}{}", back.finish()))
}

async fn token(State(books): State<Shared>, body: Bytes) -> Response {
    let (mishap, delay) = {
        let mut books = lock(&books);
        (books.count(), books.control.delay_ms)
    };
    if mishap == Mishap::Unavailable {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let answer = match Form::parse(&body) {
        Ok(form) => lock(&books).grant(&form),
        Err(_) => Err((400, "invalid_request")),
    };
    let late = if mishap == Mishap::Late { 1000 } else { 0 };
    tokio::time::sleep(Duration::from_millis(delay.max(late))).await;
    if mishap == Mishap::Dropped {
        return cut_off();
    }
    let (status, answer) = match answer {
        Ok(tokens) => (StatusCode::OK, tokens),
        Err((status, error)) => (
            StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
            json!({"error": error}),
        ),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, answer.to_string()).into_response()
}

/// An answer whose body breaks off: the connection is closed before it is whole.
fn cut_off() -> Response {
    let broken = std::io::Error::other("dropped on purpose");
    let stream = futures_util::stream::once(async move { Err::<Bytes, _>(broken) });
    Response::new(Body::from_stream(stream))
}

async fn revoke(State(books): State<Shared>, body: Bytes) -> Response {
    if let Ok(form) = Form::parse(&body)
        && let Ok(Some(token)) = form.get("token")
        && !lock(&books).revoke(token)
    {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    StatusCode::OK.into_response()
}

async fn ledger(State(books): State<Shared>) -> Response {
    let ledger = lock(&books).ledger();
    told(StatusCode::OK, &json!(ledger))
}

async fn control(State(books): State<Shared>, body: Bytes) -> Response {
    match serde_json::from_slice::<Control>(&body) {
        Ok(control) => {
            lock(&books).obey(control);
            told(StatusCode::OK, &json!(control))
        }
        Err(error) => told(
            StatusCode::BAD_REQUEST,
            &json!({"error": error.to_string()}),
        ),
    }
}

/// Echoes the call, without its credentials.
async fn api(State(books): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bearer = authorization(&parts.headers).and_then(bearer::from_header);
    if !bearer.is_some_and(|bearer| lock(&books).admits(bearer)) {
        let challenge = [(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")];
        return (StatusCode::UNAUTHORIZED, challenge).into_response();
    }
    let body = axum::body::to_bytes(body, 1024 * 1024)
        .await
        .unwrap_or_default();
    let headers: serde_json::Map<_, _> = parts
        .headers
        .iter()
        .filter(|(name, _)| *name != header::AUTHORIZATION)
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().into()))
        .collect();
    let echo = json!({
        "method": parts.method.as_str(),
        "path": parts.uri.path(),
        "query": parts.uri.query().unwrap_or_default(),
        "headers": headers,
        "body": String::from_utf8_lossy(&body),
    });
    told(StatusCode::OK, &echo)
}

fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()
}

fn told(status: StatusCode, value: &serde_json::Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (status, headers, value.to_string()).into_response()
}
