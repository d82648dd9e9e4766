//! Who may connect: this machine, and the proxies that end TLS. Everybody else would speak plain HTTP over a
//! network, so they are turned away before they can send a secret (security.md §2, 47).

use std::net::SocketAddr;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};

use crate::config::Peers;

/// A listener that accepts some only.
#[derive(Debug)]
pub(crate) struct Gate {
    listener: TcpListener,
    proxies: Vec<Peers>,
}

impl Gate {
    pub(crate) fn new(listener: TcpListener, proxies: Vec<Peers>) -> Self {
        Self { listener, proxies }
    }

    /// Returns the proxies that end TLS.
    pub(crate) fn proxies(&self) -> &[Peers] {
        &self.proxies
    }

    fn admits(&self, peer: SocketAddr) -> bool {
        let address = peer.ip().to_canonical();
        address.is_loopback() || self.proxies.iter().any(|peers| peers.contains(address))
    }
}

impl Listener for Gate {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            // axum's own accept outlives what a client or a lack of files does to it.
            let (stream, peer) = Listener::accept(&mut self.listener).await;
            if self.admits(peer) {
                // Answers are small and whole: waiting to fill a packet only adds latency.
                let _ = stream.set_nodelay(true);
                return (stream, peer);
            }
            tracing::warn!(peer = %peer.ip(), "turned away: neither this machine nor one of trusted_proxies");
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_this_machine_and_the_proxies_come_in() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let proxies = vec![Peers::try_from("10.0.0.0/8".to_owned()).expect("a range")];
        let gate = Gate::new(listener, proxies);
        let admits = |peer: &str| gate.admits(peer.parse().expect("an address"));
        assert!(admits("127.0.0.1:1") && admits("[::1]:1") && admits("10.9.9.9:1"));
        assert!(!admits("192.0.2.1:1") && !admits("[2001:db8::1]:1"));
    }
}
