//! Names become addresses once, and the connection goes to an address that was checked. What a name says a moment
//! later (DNS rebinding) is not asked.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use hyper_util::client::legacy::connect;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower::Service;

use super::reach::Reach;
use crate::config::Proxy;

/// Addresses to come.
pub(crate) type Answer = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Asks for the addresses of a name.
pub(crate) trait Names: fmt::Debug + Send + Sync {
    /// Returns the addresses of a name.
    fn addresses(&self, name: &str) -> Answer;
}

/// The names that the machine knows.
#[derive(Debug)]
pub(crate) struct SystemNames;

impl Names for SystemNames {
    fn addresses(&self, name: &str) -> Answer {
        let name = name.to_owned();
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((name, 0)).await?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}

/// Resolves names, and leaves out what may not be reached.
#[derive(Debug, Clone)]
pub(super) struct Guarded {
    pub(super) names: Arc<dyn Names>,
    pub(super) reach: Reach,
}

/// A name leads nowhere that may be reached.
#[derive(Debug, thiserror::Error)]
#[error("the address may not be reached")]
pub(super) struct OutOfReach;

impl Guarded {
    /// Returns the addresses of a name that may be reached.
    ///
    /// # Errors
    /// [`OutOfReach`] when it leads nowhere else, an I/O error when nobody knows it.
    pub(super) async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Fault> {
        self.known(name, |it| self.reach.allows(it)).await
    }

    /// Returns the addresses of the proxy that may be one's.
    ///
    /// # Errors
    /// [`OutOfReach`] when it has no other, an I/O error when nobody knows its name.
    pub(super) async fn proxy(&self, proxy: &Proxy) -> Result<Vec<IpAddr>, Fault> {
        match proxy.address() {
            Some(address) if self.reach.allows_proxy(address) => Ok(vec![address]),
            Some(_) => Err(OutOfReach.into()),
            None => self.proxy_named(&proxy.host).await,
        }
    }

    async fn proxy_named(&self, name: &str) -> Result<Vec<IpAddr>, Fault> {
        self.known(name, |it| self.reach.allows_proxy(it)).await
    }

    async fn known(&self, name: &str, may: impl Fn(IpAddr) -> bool) -> Result<Vec<IpAddr>, Fault> {
        let mut addresses = match name {
            // RFC 6761 §6.3: nobody else is asked.
            "localhost" => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            name => self.names.addresses(name).await?,
        };
        addresses.retain(|it| may(*it));
        if addresses.is_empty() {
            return Err(OutOfReach.into());
        }
        Ok(addresses)
    }
}

/// What a connector says when it fails.
pub(super) type Fault = Box<dyn std::error::Error + Send + Sync>;

impl Service<connect::dns::Name> for Guarded {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Fault>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: connect::dns::Name) -> Self::Future {
        let guarded = self.clone();
        Box::pin(async move {
            let reached = guarded.addresses(name.as_str()).await?;
            let reached = reached.into_iter().map(|it| SocketAddr::new(it, 0));
            Ok(reached.collect::<Vec<_>>().into_iter())
        })
    }
}

/// Resolves the proxy's name, and nothing else.
#[derive(Debug, Clone)]
pub(super) struct OfProxy(pub(super) Guarded);

impl Resolve for OfProxy {
    fn resolve(&self, name: Name) -> Resolving {
        let Self(guarded) = self.clone();
        Box::pin(async move {
            let reached = guarded.proxy_named(name.as_str()).await?;
            let reached = reached.into_iter().map(|it| SocketAddr::new(it, 0));
            Ok(Box::new(reached) as Addrs)
        })
    }
}
