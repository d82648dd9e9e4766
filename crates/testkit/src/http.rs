//! Blocking requests to an instance on loopback.
//!
//! An answer is a value whatever its status: tests say what they expect of it. Redirects are not
//! followed, and no proxy is asked.

use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder};
use reqwest::header::HeaderMap;
use serde_json::Value;

/// A pool of connections to one base URL; clones share it.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
    base: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status, as a number.
    pub status: u16,
    /// Every header.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: String,
}

impl Http {
    /// Opens a pool towards `base`, such as `http://127.0.0.1:8080`.
    pub fn new(base: &str) -> Self {
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap_or_else(|error| panic!("an HTTP client: {error}"));
        Self {
            client,
            base: base.to_owned(),
        }
    }

    /// Starts a request; `path` begins with a slash.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes())
            .unwrap_or_else(|_| panic!("{method} is no HTTP method"));
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// Starts a request with a bearer token.
    pub fn bearer(&self, token: &str, method: &str, path: &str) -> RequestBuilder {
        self.request(method, path)
            .bearer_auth(token)
            .header("Accept", "application/json")
    }

    /// Posts a form.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        send(self.request("POST", path).form(fields))
    }

    /// Gets a page without any credentials.
    pub fn get(&self, path: &str) -> Answer {
        send(self.request("GET", path))
    }
}

impl Answer {
    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// When no answer came: refused, cut off, or too late.
    pub fn try_of(request: RequestBuilder) -> reqwest::Result<Self> {
        let (client, request) = request.build_split();
        let request = request?;
        let asked = format!("{} {}", request.method(), request.url());
        let response = client.execute(request)?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        explained(&headers, &asked);
        Ok(Self {
            status,
            headers,
            body: response.text()?,
        })
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Panics
    /// When no answer came.
    pub fn of(request: RequestBuilder) -> Self {
        send(request)
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON; the text shows it.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {} {}", self.status, self.body))
    }

    /// A string in the JSON body, by its top-level key.
    ///
    /// # Panics
    /// When it is not there; the text shows the body.
    pub fn text(&self, key: &str) -> String {
        let value = self.json();
        let text = value.get(key).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no `{key}` in: {} {}", self.status, self.body))
            .to_owned()
    }

    /// A header, or nothing when it is absent or not text.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// No refusal is without its reason, whatever the test looks at (security.md §2, 60).
///
/// # Panics
/// When the instance says that it does not know why.
fn explained(headers: &HeaderMap, asked: &str) {
    let reason = headers.get("x-snowglobe-reason");
    assert!(
        reason.is_none_or(|reason| reason != "unexplained"),
        "refused without a reason: {asked}"
    );
}

fn send(request: RequestBuilder) -> Answer {
    Answer::try_of(request).unwrap_or_else(|error| panic!("no answer: {error:?}"))
}
