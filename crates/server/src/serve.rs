//! Connections: whoever comes in is served until it goes, or until the instance stops and has answered it.
//!
//! A connection's requests share what answers them. Nothing of it is copied for a request, which is why this is not
//! left to `axum::serve`.

use std::{convert::Infallible, future::poll_fn, net::SocketAddr, pin::pin, sync::Arc};

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
    server::{conn::auto, graceful::GracefulConnection},
};
use tokio::sync::watch;

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
    let (stopping, running) = watch::channel(());
    let http = speaking();
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
        let (http, running) = (http.clone(), running.clone());
        tokio::spawn(async move {
            let connection = http.serve_connection(TokioIo::new(Mended::new(stream)), visitor);
            hold(connection, running).await;
        });
    }
    drop((listener, running));
    let _ = stopping.send(());
    stopping.closed().await;
}

/// Whoever closes their side behind a request, as `nc` does, is still answered. And hyper need not look for the end of a
/// connection whose request is under way, for which it takes another buffer each time.
fn speaking() -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1().half_close(true);
    http
}

/// Serves a connection until its end; when the instance stops, until what is under way is answered. A connection that
/// breaks off has nobody to tell.
async fn hold(connection: impl GracefulConnection, mut running: watch::Receiver<()>) {
    let mut connection = pin!(connection);
    let seen = running.clone();
    let mut stop = pin!(running.changed());
    let (mut is_asked, mut is_told) = (false, false);
    poll_fn(|context| {
        // The task will be woken once it has asked; to ask again whenever it runs would cost every request.
        let asks = !is_asked || seen.has_changed().unwrap_or(true);
        if !is_told && asks {
            is_asked = true;
            is_told = stop.as_mut().poll(context).is_ready();
            if is_told {
                connection.as_mut().graceful_shutdown();
            }
        }
        connection.as_mut().poll(context).map(drop)
    })
    .await;
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
