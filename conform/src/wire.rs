//! What goes to the issuer and what comes back, as values.
//!
//! The checks send through a [`Wire`], so that a test can put another one in its place: one that breaks the server
//! in a single point, by changing what goes there or what comes from it.

use anyhow::{Context, Result};
use reqwest::Url;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;

/// Carries requests to the issuer.
pub trait Wire {
    /// Sends a request and returns whatever came back.
    ///
    /// # Errors
    /// When nothing did.
    fn send(&self, request: Request) -> Result<Response>;
}

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Where to, with its query.
    pub url: Url,
    /// Headers by name.
    pub headers: Vec<(&'static str, String)>,
    /// The form of a POST.
    pub form: Vec<(String, String)>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: String,
}

impl Request {
    /// A GET.
    pub fn get(url: Url) -> Self {
        Self {
            method: "GET",
            url,
            headers: Vec::new(),
            form: Vec::new(),
        }
    }

    /// A POST of a form.
    pub fn post(url: Url, form: Vec<(String, String)>) -> Self {
        Self {
            method: "POST",
            form,
            ..Self::get(url)
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A parameter of the form or the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let form = self.form.iter().map(|(n, v)| (n.clone(), v.clone()));
        let query = self.url.query_pairs().map(|(n, v)| (n.into(), v.into()));
        form.chain(query).find(|(n, _)| n == name).map(|(_, v)| v)
    }
}

impl Response {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is not.
    pub fn json(&self) -> Result<serde_json::Value> {
        serde_json::from_str(&self.body)
            .with_context(|| format!("not JSON: {} {}", self.status, self.body))
    }

    /// The member `error` of a JSON body, or nothing.
    pub fn error(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["error"].as_str().unwrap_or_default().to_owned()
    }
}

/// The network itself: no proxy, no redirects followed.
pub struct Direct(Client);

impl Direct {
    /// Opens it.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new() -> Result<Self> {
        let client = Client::builder().no_proxy().redirect(Policy::none());
        Ok(Self(client.build()?))
    }
}

impl Wire for Direct {
    fn send(&self, request: Request) -> Result<Response> {
        let mut sent = match request.method {
            "POST" => self.0.post(request.url.clone()).form(&request.form),
            _ => self.0.get(request.url.clone()),
        };
        for (name, value) in request.headers {
            sent = sent.header(name, value);
        }
        let answer = sent.send().with_context(|| request.url.to_string())?;
        let headers = answer.headers().iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        Ok(Response {
            status: answer.status().as_u16(),
            headers: headers.collect(),
            body: answer.text()?,
        })
    }
}
