//! Fetching a JSON document of another party: no redirects, no proxy, bounded in time and size.

use std::{error::Error, sync::Arc, time::Duration};

use reqwest::{Client, Response, Url, header, redirect};
use tokio::sync::OnceCell;

use super::{
    reach::Reach,
    resolve::{Guarded, Names, OutOfReach, SystemNames},
};

/// Sends requests, within its reach.
#[derive(Debug)]
pub(crate) struct Outbound {
    guarded: Guarded,
    /// Made when it is first needed: reading the machine's root certificates takes a while.
    client: OnceCell<Client>,
}

/// Why a document was not fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FetchFault {
    #[error("it is no URL that may be fetched")]
    Url,
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

impl Outbound {
    pub(crate) fn new(reach: Reach) -> Self {
        Self::with_names(reach, Arc::new(SystemNames))
    }

    pub(super) fn with_names(reach: Reach, names: Arc<dyn Names>) -> Self {
        Self {
            guarded: Guarded { names, reach },
            client: OnceCell::new(),
        }
    }

    /// Fetches a JSON document.
    pub(crate) async fn json(&self, url: &str) -> Result<Vec<u8>, FetchFault> {
        let url = Url::parse(url).map_err(|_| FetchFault::Url)?;
        if !self.guarded.reach.takes(&url) {
            return Err(match url.scheme() {
                "https" => FetchFault::OutOfReach,
                _ => FetchFault::Url,
            });
        }
        let client = self.client.get_or_try_init(|| async { self.client() });
        let request = client.await?.get(url);
        let request = request.header(header::ACCEPT, "application/json");
        read(request.send().await.map_err(|error| fault(&error))?).await
    }

    fn client(&self) -> Result<Client, FetchFault> {
        let client = Client::builder()
            .dns_resolver(Arc::new(self.guarded.clone()))
            // Whoever answers must not send us elsewhere.
            .redirect(redirect::Policy::none())
            // A proxy would resolve the name again, out of our sight.
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .user_agent(concat!("Snowglobe/", env!("CARGO_PKG_VERSION")));
        client.build().map_err(|_| FetchFault::Unreachable)
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
    while let Some(chunk) = response.chunk().await.map_err(|error| fault(&error))? {
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

fn fault(error: &reqwest::Error) -> FetchFault {
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.is::<OutOfReach>() {
            return FetchFault::OutOfReach;
        }
        source = cause.source();
    }
    if error.is_timeout() {
        FetchFault::TimedOut
    } else {
        FetchFault::Unreachable
    }
}

/// The largest document: key sets have some kilobytes.
const MOST: usize = 1024 * 1024;
const CONNECT: Duration = Duration::from_secs(3);
const TOTAL: Duration = Duration::from_secs(8);
