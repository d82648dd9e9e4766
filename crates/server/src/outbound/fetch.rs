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
        if !self.takes(&url) {
            return Err(match url.scheme() {
                "https" => FetchFault::OutOfReach,
                _ => FetchFault::Url,
            });
        }
        let request = self.ready().await?.get(url).timeout(TOTAL);
        let request = request.header(header::ACCEPT, "application/json");
        read(request.send().await.map_err(|error| fault(&error))?).await
    }

    /// Tells whether a URL may be called as far as its text tells.
    pub(super) fn takes(&self, url: &Url) -> bool {
        self.guarded.reach.takes(url)
    }

    /// Returns the client that every request is sent with.
    pub(super) async fn ready(&self) -> Result<&Client, FetchFault> {
        let client = self.client.get_or_try_init(|| async { self.client() });
        client.await
    }

    fn client(&self) -> Result<Client, FetchFault> {
        let client = Client::builder()
            .dns_resolver(Arc::new(self.guarded.clone()))
            // Whoever answers must not send us elsewhere.
            .redirect(redirect::Policy::none())
            // A proxy would resolve the name again, out of our sight.
            .no_proxy()
            .connect_timeout(CONNECT)
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

/// Tells whether the guard refused the address.
pub(super) fn is_out_of_reach(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.is::<OutOfReach>() {
            return true;
        }
        source = cause.source();
    }
    false
}

fn fault(error: &reqwest::Error) -> FetchFault {
    if is_out_of_reach(error) {
        return FetchFault::OutOfReach;
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

#[cfg(test)]
mod tests {
    use std::{
        io,
        net::{IpAddr, Ipv4Addr},
        sync::Mutex,
    };

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;
    use crate::outbound::resolve::Answer;

    /// Names whose addresses are another each time they are asked for.
    #[derive(Debug)]
    struct Rebinding(Mutex<Vec<Vec<IpAddr>>>);

    impl Names for Rebinding {
        fn addresses(&self, _name: &str) -> Answer {
            let mut answers = self.0.lock().expect("no panic");
            let next = answers.pop();
            Box::pin(async move { next.ok_or_else(|| io::Error::other("no such name")) })
        }
    }

    fn outbound(reach: Reach, answers: Vec<Vec<IpAddr>>) -> Outbound {
        Outbound::with_names(reach, Arc::new(Rebinding(Mutex::new(answers))))
    }

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[tokio::test]
    async fn ssrf_a_name_that_leads_inside_is_not_followed() {
        let inside = vec![vec![HERE, "10.0.0.1".parse().expect("an address")]];
        let outbound = outbound(Reach::default(), inside);
        let fetched = outbound.json("https://rebound.example/jwks").await;
        assert_eq!(fetched, Err(FetchFault::OutOfReach));
    }

    #[tokio::test]
    async fn ssrf_a_name_that_changes_its_mind_is_checked_each_time() {
        // The last answer comes first: this machine where it may be reached, then the metadata service of a cloud.
        let cloud = vec!["169.254.169.254".parse().expect("an address")];
        let outbound = outbound(Reach::new(true, Vec::new()), vec![cloud, vec![HERE]]);
        let first = outbound.json("https://rebound.example:1/jwks").await;
        assert_eq!(
            first,
            Err(FetchFault::Unreachable),
            "nobody listens on port 1"
        );
        let second = outbound.json("https://rebound.example:1/jwks").await;
        assert_eq!(second, Err(FetchFault::OutOfReach));
    }

    #[tokio::test]
    async fn a_name_that_nobody_knows_is_unreachable() {
        let outbound = outbound(Reach::default(), Vec::new());
        let fetched = outbound.json("https://unknown.example/").await;
        assert_eq!(fetched, Err(FetchFault::Unreachable));
    }

    #[tokio::test]
    async fn what_is_here_is_fetched_in_development_only() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let serving = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _asked = stream.read(&mut [0; 1024]).await;
                let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/jwk-set+json\r\ncontent-length: 2\r\n\r\n{}";
                let _gone = stream.write_all(answer.as_bytes()).await;
            }
        });
        for host in ["127.0.0.1", "localhost"] {
            let url = format!("http://{host}:{port}/");
            let development = Outbound::new(Reach::new(true, Vec::new()));
            assert_eq!(development.json(&url).await, Ok(b"{}".to_vec()), "{url}");
            let production = Outbound::new(Reach::default());
            assert_eq!(production.json(&url).await, Err(FetchFault::Url), "{url}");
        }
        serving.abort();
    }
}
