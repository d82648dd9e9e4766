//! The listener that ends TLS. Handshakes go on beside each other: a client that is slow in its own holds up nobody.

use std::{net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig, server::TlsStream};

use crate::{gate::Gate, identity::peer::Peer};

/// Connections that have shaken hands.
pub(crate) struct Door {
    gate: Gate,
    acceptor: TlsAcceptor,
    handshakes: FuturesUnordered<Handshake>,
}

type Handshake = Pin<Box<dyn Future<Output = Option<Accepted>> + Send>>;
type Accepted = (TlsStream<TcpStream>, SocketAddr);

impl Door {
    pub(super) fn new(gate: Gate, config: Arc<ServerConfig>) -> Self {
        Self {
            gate,
            acceptor: TlsAcceptor::from(config),
            handshakes: FuturesUnordered::new(),
        }
    }

    fn shake_hands(&self, stream: TcpStream, peer: SocketAddr) -> Handshake {
        let handshake = tokio::time::timeout(PATIENCE, self.acceptor.accept(stream));
        Box::pin(async move {
            match handshake.await {
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

impl Connected<IncomingStream<'_, Door>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        Self::of(*stream.remote_addr())
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
