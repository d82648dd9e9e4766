//! A way through an HTTP proxy to an address that was checked here (RFC 9110 §9.3.6).

use std::{
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Uri;
use hyper_util::rt::TokioIo;
use snowglobe_oauth::secret::Secret;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tower::Service;

use super::{
    exchange::CONNECT,
    resolve::{Fault, Guarded},
};
use crate::config::Proxy;

/// Connects through a proxy.
#[derive(Debug, Clone)]
pub(super) struct Tunnel(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    proxy: Proxy,
    authorization: Option<Secret>,
    guarded: Guarded,
    proxy_resolves: bool,
}

/// The proxy did not connect.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProxyRefused {
    #[error("the proxy answers {0}")]
    Status(u16),
    #[error("the proxy does not answer as one")]
    Nonsense,
    #[error("the proxy's name leads nowhere that a proxy may stand")]
    Nowhere,
    #[error("the proxy cannot be reached")]
    Unreachable(#[from] std::io::Error),
    #[error("the proxy takes too long")]
    TimedOut,
}

impl Tunnel {
    pub(super) fn new(proxy: &Proxy, guarded: Guarded, proxy_resolves: bool) -> Self {
        let authorization = proxy.credentials.as_ref().map(|(name, password)| {
            let pair = STANDARD.encode(format!("{name}:{password}"));
            Secret::new(format!("Basic {pair}"))
        });
        Self(Arc::new(Parts {
            proxy: proxy.clone(),
            authorization,
            guarded,
            proxy_resolves,
        }))
    }
}

impl Service<Uri> for Tunnel {
    type Response = TokioIo<TcpStream>;
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Fault>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let parts = Arc::clone(&self.0);
        Box::pin(async move {
            let dug = tokio::time::timeout(CONNECT, parts.dig(&uri)).await;
            dug.map_err(|_| ProxyRefused::TimedOut)?.map(TokioIo::new)
        })
    }
}

impl Parts {
    async fn dig(&self, uri: &Uri) -> Result<TcpStream, Fault> {
        let mut last = ProxyRefused::Nonsense;
        for target in self.targets(uri).await?.iter().take(MOST_TARGETS) {
            match self.connect(target).await {
                Ok(stream) => return Ok(stream),
                Err(fault) => last = fault,
            }
        }
        Err(last.into())
    }

    /// What the proxy is told: addresses that were checked; a name only where names are left to it.
    async fn targets(&self, uri: &Uri) -> Result<Vec<String>, Fault> {
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(443);
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let addresses = match bare.parse::<IpAddr>() {
            // A URL's own address was checked with the URL.
            Ok(address) => vec![address],
            Err(_) if self.proxy_resolves => return Ok(vec![format!("{host}:{port}")]),
            Err(_) => self.guarded.addresses(host).await?,
        };
        let target = |it| SocketAddr::new(it, port).to_string();
        Ok(addresses.into_iter().map(target).collect())
    }

    /// Connects to the proxy itself: to an address that was checked, as with anybody else.
    async fn reach(&self) -> Result<TcpStream, ProxyRefused> {
        let known = self.guarded.proxy(&self.proxy).await;
        let known = known.map_err(|_| ProxyRefused::Nowhere)?;
        let all: Vec<SocketAddr> = known
            .iter()
            .map(|it| SocketAddr::new(*it, self.proxy.port))
            .collect();
        Ok(TcpStream::connect(&*all).await?)
    }

    async fn connect(&self, target: &str) -> Result<TcpStream, ProxyRefused> {
        let mut stream = self.reach().await?;
        let mut head = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
        if let Some(authorization) = &self.authorization {
            head.extend(["Proxy-Authorization: ", authorization.expose(), "\r\n"]);
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).await?;
        match status(&mut stream).await? {
            200..300 => Ok(stream),
            status => Err(ProxyRefused::Status(status)),
        }
    }
}

/// Reads the head of the proxy's answer and not a byte more: what follows belongs to the other side.
async fn status(stream: &mut TcpStream) -> Result<u16, ProxyRefused> {
    let mut head = Vec::with_capacity(256);
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LONGEST_HEAD {
            return Err(ProxyRefused::Nonsense);
        }
        head.push(stream.read_u8().await?);
    }
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = std::str::from_utf8(line).unwrap_or_default();
    let mut words = line.split(' ');
    let is_http = words.next().is_some_and(|it| it.starts_with("HTTP/1."));
    let status = words.next().and_then(|it| it.parse().ok());
    status.filter(|_| is_http).ok_or(ProxyRefused::Nonsense)
}

/// Addresses of one name that are tried.
const MOST_TARGETS: usize = 3;
const LONGEST_HEAD: usize = 8 * 1024;
