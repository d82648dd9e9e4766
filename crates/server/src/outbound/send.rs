//! Sending a request and reading the answer: within reach, without following anybody elsewhere, bounded in time and size.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, Url, header};
use snowglobe_oauth::secret::Secret;

use super::fetch::{Outbound, is_out_of_reach};

/// A form to be posted to a token endpoint.
#[derive(Debug)]
pub(crate) struct FormPost<'a> {
    pub(crate) url: &'a str,
    pub(crate) form: &'a Secret,
    /// The `Authorization` header.
    pub(crate) authorization: Option<&'a Secret>,
    pub(crate) within: Duration,
}

/// A request to an API.
#[derive(Debug)]
pub(crate) struct ApiCall {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) within: Duration,
    /// The largest body that is read.
    pub(crate) most: usize,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SendFault {
    #[error("the URL is none that may be called")]
    Url,
    #[error("the address may not be reached")]
    OutOfReach,
    #[error("nobody can be reached there")]
    Unreachable,
    #[error("there was no answer in time")]
    TimedOut,
    #[error("the connection broke before the answer was there")]
    Broken,
    #[error("the answer is too large")]
    TooLarge,
}

impl SendFault {
    /// Returns the name of the reason.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Url => "outbound_url_refused",
            Self::OutOfReach => "outbound_address_refused",
            Self::Unreachable => "outbound_unreachable",
            Self::TimedOut => "outbound_timed_out",
            Self::Broken => "outbound_connection_broken",
            Self::TooLarge => "outbound_answer_too_large",
        }
    }

    /// Tells whether the other side may have got the request.
    pub(crate) fn was_sent(self) -> bool {
        matches!(self, Self::TimedOut | Self::Broken | Self::TooLarge)
    }

    /// Tells whether another attempt may do better.
    pub(crate) fn is_passing(self) -> bool {
        !matches!(self, Self::Url | Self::OutOfReach)
    }
}

impl Outbound {
    /// Posts a form to a token endpoint.
    pub(crate) async fn post_form(&self, post: FormPost<'_>) -> Result<Reply, SendFault> {
        let url = Url::parse(post.url).map_err(|_| SendFault::Url)?;
        let request = self.begin(Method::POST, url).await?;
        let mut request = request
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(post.form.expose().to_owned())
            .timeout(post.within);
        if let Some(authorization) = post.authorization {
            request = request.header(header::AUTHORIZATION, sensitive(authorization)?);
        }
        finish(request, MOST).await
    }

    /// Calls an API.
    pub(crate) async fn call(&self, call: ApiCall) -> Result<Reply, SendFault> {
        let request = self.begin(call.method, call.url).await?;
        let mut request = request.headers(call.headers).timeout(call.within);
        if let Some(body) = call.body {
            request = request.body(body);
        }
        finish(request, call.most).await
    }

    async fn begin(&self, method: Method, url: Url) -> Result<RequestBuilder, SendFault> {
        if !self.takes(&url) {
            return Err(match url.scheme() {
                "https" => SendFault::OutOfReach,
                _ => SendFault::Url,
            });
        }
        let client = self.ready().await;
        let client = client.map_err(|_| SendFault::Unreachable)?;
        Ok(client.request(method, url))
    }
}

/// Returns a header's value that no log shows.
pub(crate) fn sensitive(text: &Secret) -> Result<header::HeaderValue, SendFault> {
    let mut value = header::HeaderValue::from_str(text.expose()).map_err(|_| SendFault::Url)?;
    value.set_sensitive(true);
    Ok(value)
}

async fn finish(request: RequestBuilder, most: usize) -> Result<Reply, SendFault> {
    let response = request.send().await.map_err(|error| fault(&error))?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Reply {
        status,
        headers,
        body: read(response, most).await?,
    })
}

async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, SendFault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| fault(&error))? {
        if body.len() + chunk.len() > most {
            return Err(SendFault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn fault(error: &reqwest::Error) -> SendFault {
    if is_out_of_reach(error) {
        SendFault::OutOfReach
    } else if error.is_connect() {
        SendFault::Unreachable
    } else if error.is_timeout() {
        SendFault::TimedOut
    } else if error.is_builder() {
        SendFault::Url
    } else {
        SendFault::Broken
    }
}

/// The largest answer of a token endpoint.
const MOST: usize = 1024 * 1024;
