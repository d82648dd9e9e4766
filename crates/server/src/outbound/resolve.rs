//! Names become addresses once, and the connection goes to an address that was checked. What a name says a moment
//! later (DNS rebinding) is not asked.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::reach::Reach;

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

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, reach) = (Arc::clone(&self.names), self.reach.clone());
        Box::pin(async move {
            let addresses = match name.as_str() {
                // RFC 6761 §6.3: nobody else is asked.
                "localhost" => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
                name => names.addresses(name).await?,
            };
            let mut reached = addresses
                .into_iter()
                .filter(|it| reach.allows(*it))
                .peekable();
            if reached.peek().is_none() {
                return Err(OutOfReach.into());
            }
            let reached: Vec<_> = reached.map(|it| SocketAddr::new(it, 0)).collect();
            Ok(Box::new(reached.into_iter()) as Addrs)
        })
    }
}
