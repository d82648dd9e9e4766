//! Connections: whoever comes in is served until it goes, or until the instance stops and has answered it.
//!
//! A connection's requests share what answers them. Nothing of it is copied for a request, which is why this is not
//! left to `axum::serve`.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc};

use axum::{
    body::{Body, HttpBody as _},
    extract::Request,
    response::Response,
    serve::Listener,
};
use futures_util::future::BoxFuture;
use hyper::{body::Incoming, service::Service};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{conn::auto, graceful::GracefulShutdown},
};

use crate::{identity::peer::Peer, mended::Mended};

/// An answer under way.
pub(crate) type Answering = BoxFuture<'static, Result<Response, Infallible>>;

/// What answers requests.
pub(crate) trait Answers: Send + Sync + 'static {
    /// Answers a request that comes from there.
    fn answer(&self, peer: Peer, request: Request) -> Answering;
}

/// Serves whoever the listener lets in, until `stop` ends; requests under way are answered.
pub(crate) async fn serve<L: Listener<Addr = SocketAddr>>(
    mut listener: L,
    answers: Arc<impl Answers>,
    stop: impl Future<Output = ()>,
) {
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, address) = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let visitor = Visitor {
            peer: Peer::of(address),
            answers: Arc::clone(&answers),
        };
        let watcher = connections.watcher();
        tokio::spawn(async move {
            let http = auto::Builder::new(TokioExecutor::new());
            let connection = http.serve_connection(TokioIo::new(Mended::new(stream)), visitor);
            // A connection that breaks off has nobody to tell.
            let _ = watcher.watch(connection).await;
        });
    }
    drop(listener);
    connections.shutdown().await;
}

/// Whoever is at the other end of a connection.
struct Visitor<A> {
    peer: Peer,
    answers: Arc<A>,
}

impl<A: Answers> Service<hyper::Request<Incoming>> for Visitor<A> {
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: hyper::Request<Incoming>) -> Self::Future {
        self.answers.answer(self.peer, request.map(body))
    }
}

/// Most requests have none, and nothing is needed to hold that.
fn body(incoming: Incoming) -> Body {
    if incoming.is_end_stream() {
        return Body::empty();
    }
    Body::new(incoming)
}
