//! Sending a request and reading the answer: within reach, without following anybody elsewhere, bounded in time and size.

use std::time::Duration;

use reqwest::{Body, Method, Request, Response, Url, header};
use snowglobe_oauth::secret::Secret;

use super::{
    exchange::{Failure, Outbound, failure},
    reach::Forbidden,
};

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
    #[error("the host is not among those that may be called")]
    Host,
    #[error("the address may not be reached")]
    OutOfReach,
    #[error("nobody can be reached there")]
    Unreachable,
    #[error("the proxy did not connect")]
    Proxy,
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
            Self::Host => "outbound_host_refused",
            Self::OutOfReach => "outbound_address_refused",
            Self::Unreachable => "outbound_unreachable",
            Self::Proxy => "outbound_proxy_refused",
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
        !matches!(self, Self::Url | Self::Host | Self::OutOfReach)
    }
}

impl From<Failure> for SendFault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Forbidden(Forbidden::Url) | Failure::Request => Self::Url,
            Failure::Forbidden(Forbidden::Host) => Self::Host,
            Failure::Forbidden(Forbidden::Address) => Self::OutOfReach,
            Failure::Unreachable => Self::Unreachable,
            Failure::Proxy => Self::Proxy,
            Failure::TimedOut => Self::TimedOut,
            Failure::Broken => Self::Broken,
        }
    }
}

impl Outbound {
    /// Posts a form to a token endpoint.
    pub(crate) async fn post_form(&self, post: FormPost<'_>) -> Result<Reply, SendFault> {
        let url = Url::parse(post.url).map_err(|_| SendFault::Url)?;
        let mut request = Request::new(Method::POST, url);
        let headers = request.headers_mut();
        let text = header::HeaderValue::from_static;
        headers.insert(header::ACCEPT, text("application/json"));
        headers.insert(header::CONTENT_TYPE, text(FORM));
        if let Some(authorization) = post.authorization {
            headers.insert(header::AUTHORIZATION, sensitive(authorization)?);
        }
        *request.body_mut() = Some(Body::from(post.form.expose().to_owned()));
        self.finish(request, post.within, MOST).await
    }

    /// Calls an API.
    pub(crate) async fn call(&self, call: ApiCall) -> Result<Reply, SendFault> {
        let mut request = Request::new(call.method, call.url);
        *request.headers_mut() = call.headers;
        *request.body_mut() = call.body.map(Body::from);
        self.finish(request, call.within, call.most).await
    }

    /// Posts JSON and returns the status of the answer, whatever it says.
    pub(crate) async fn post_json(
        &self,
        url: &str,
        json: &str,
        within: Duration,
    ) -> Result<u16, SendFault> {
        let url = Url::parse(url).map_err(|_| SendFault::Url)?;
        let mut request = Request::new(Method::POST, url);
        let kind = header::HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        *request.body_mut() = Some(Body::from(json.to_owned()));
        let reply = self.finish(request, within, MOST).await?;
        Ok(reply.status)
    }

    /// Sends a request and reads the answer, all within this time and no larger than that.
    async fn finish(
        &self,
        request: Request,
        within: Duration,
        most: usize,
    ) -> Result<Reply, SendFault> {
        let reply = async {
            let mut response = self.exchange(request).await?;
            Ok(Reply {
                status: response.status().as_u16(),
                headers: std::mem::take(response.headers_mut()),
                body: read(response, most).await?,
            })
        };
        let reply = tokio::time::timeout(within, reply).await;
        reply.unwrap_or(Err(SendFault::TimedOut))
    }
}

/// Returns a header's value that no log shows.
pub(crate) fn sensitive(text: &Secret) -> Result<header::HeaderValue, SendFault> {
    let mut value = header::HeaderValue::from_str(text.expose()).map_err(|_| SendFault::Url)?;
    value.set_sensitive(true);
    Ok(value)
}

async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, SendFault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        if body.len() + chunk.len() > most {
            return Err(SendFault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The largest answer of a token endpoint.
const MOST: usize = 1024 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";
