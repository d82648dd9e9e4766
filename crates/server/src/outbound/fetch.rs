//! Fetching a JSON document of another party: no redirects, bounded in time and size.

use std::time::Duration;

use reqwest::{Method, Request, Response, Url, header};

use super::{
    exchange::{Failure, Outbound, failure},
    reach::Forbidden,
};

/// Why a document was not fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FetchFault {
    #[error("it is no URL that may be fetched")]
    Url,
    #[error("its host is not among those that may be called")]
    Host,
    #[error("its address may not be reached")]
    OutOfReach,
    #[error("there was no answer in time")]
    TimedOut,
    #[error("it cannot be reached")]
    Unreachable,
    #[error("the answer is {0}")]
    Status(u16),
    #[error("the answer is no JSON")]
    ContentType,
    #[error("the answer is too large")]
    TooLarge,
    #[error("the document does not say what it should")]
    Content,
}

impl FetchFault {
    /// Returns the fault's name in logs.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Url => "fetch_url_refused",
            Self::Host => "fetch_host_refused",
            Self::OutOfReach => "fetch_address_refused",
            Self::TimedOut => "fetch_timed_out",
            Self::Unreachable => "fetch_unreachable",
            Self::Status(_) => "fetch_status",
            Self::ContentType => "fetch_content_type",
            Self::TooLarge => "fetch_too_large",
            Self::Content => "fetch_content",
        }
    }
}

impl From<Failure> for FetchFault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Forbidden(Forbidden::Url) | Failure::Request => Self::Url,
            Failure::Forbidden(Forbidden::Host) => Self::Host,
            Failure::Forbidden(Forbidden::Address) => Self::OutOfReach,
            Failure::TimedOut => Self::TimedOut,
            Failure::Unreachable | Failure::Proxy | Failure::Broken => Self::Unreachable,
        }
    }
}

impl Outbound {
    /// Fetches a JSON document.
    pub(crate) async fn json(&self, url: &str) -> Result<Vec<u8>, FetchFault> {
        let url = Url::parse(url).map_err(|_| FetchFault::Url)?;
        let mut request = Request::new(Method::GET, url);
        let json = header::HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::ACCEPT, json);
        let fetched = async { read(self.exchange(request).await?).await };
        let fetched = tokio::time::timeout(TOTAL, fetched).await;
        fetched.unwrap_or(Err(FetchFault::TimedOut))
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, FetchFault> {
    let status = response.status();
    if status != reqwest::StatusCode::OK {
        return Err(FetchFault::Status(status.as_u16()));
    }
    let content_type = response.headers().get(header::CONTENT_TYPE);
    if !content_type.is_some_and(is_json) {
        return Err(FetchFault::ContentType);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        if body.len() + chunk.len() > MOST {
            return Err(FetchFault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `application/json`, `application/jwk-set+json` and their like.
fn is_json(content_type: &header::HeaderValue) -> bool {
    let text = content_type.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The largest document: key sets have some kilobytes.
const MOST: usize = 1024 * 1024;
const TOTAL: Duration = Duration::from_secs(8);
