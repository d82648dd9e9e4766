//! The listener that ends TLS. Handshakes go on beside each other: a client that is slow in its own holds up nobody.

use std::{net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use axum::serve::Listener;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::{net::TcpStream, sync::OnceCell};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::authority::Authority;
use crate::gate::Gate;

/// Connections that have shaken hands.
pub(crate) struct Door {
    gate: Gate,
    proof: Arc<Proof>,
    handshakes: FuturesUnordered<Handshake>,
}

/// What the instance proves its names with. It is made for the first client that asks: that takes some 50 ms, and
/// most runs are never asked.
struct Proof {
    authority: Authority,
    acceptor: OnceCell<TlsAcceptor>,
}

impl Proof {
    async fn acceptor(self: Arc<Self>) -> Option<TlsAcceptor> {
        let proof = Arc::clone(&self);
        let made = self.acceptor.get_or_try_init(async || {
            let config = tokio::task::spawn_blocking(move || proof.authority.server_config());
            let config = config.await.map_err(|error| error.to_string())?;
            let config = config.map_err(|error| error.to_string())?;
            Ok::<_, String>(TlsAcceptor::from(config))
        });
        match made.await {
            Ok(acceptor) => Some(acceptor.clone()),
            Err(error) => {
                tracing::error!(error, "there is no certificate for TLS");
                None
            }
        }
    }
}

type Handshake = Pin<Box<dyn Future<Output = Option<Accepted>> + Send>>;
type Accepted = (TlsStream<TcpStream>, SocketAddr);

impl Door {
    pub(super) fn new(gate: Gate, authority: Authority) -> Self {
        Self {
            gate,
            proof: Arc::new(Proof {
                authority,
                acceptor: OnceCell::new(),
            }),
            handshakes: FuturesUnordered::new(),
        }
    }

    fn shake_hands(&self, stream: TcpStream, peer: SocketAddr) -> Handshake {
        let proof = Arc::clone(&self.proof);
        Box::pin(async move {
            let acceptor = proof.acceptor().await?;
            match tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => Some((stream, peer)),
                Ok(Err(error)) => {
                    tracing::info!(%error, "a TLS handshake failed; does the client trust the authority?");
                    None
                }
                Err(_) => None,
            }
        })
    }
}

impl Listener for Door {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> Accepted {
        loop {
            tokio::select! {
                (stream, peer) = self.gate.accept(), if self.handshakes.len() < MOST => {
                    self.handshakes.push(self.shake_hands(stream, peer));
                }
                Some(shaken) = self.handshakes.next() => {
                    if let Some(accepted) = shaken {
                        return accepted;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.gate.local_addr()
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Door")
    }
}

/// How long a handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many handshakes go on at once.
const MOST: usize = 256;
