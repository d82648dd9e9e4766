//! A connection whose requests are mended before hyper reads them ([`snowglobe_oauth::http1`]), and which is given up
//! when a request that has begun does not come ([`Patience`]).

use std::{
    borrow::Cow,
    io::{IoSlice, Result},
    pin::Pin,
    task::{Context, Poll},
};

use crate::patience::Patience;
use bytes::{Buf as _, Bytes};
use snowglobe_oauth::http1::Requests;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection; what is written to it goes as it is.
#[derive(Debug)]
pub(crate) struct Mended<S> {
    stream: S,
    requests: Requests,
    patience: Patience,
    /// What became too long for the buffer that it was read into.
    left: Bytes,
}

impl<S> Mended<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream,
            requests: Requests::default(),
            patience: Patience::default(),
            left: Bytes::new(),
        }
    }

    /// Fills a buffer with as much as it takes of what is left.
    fn hand_out(&mut self, buffer: &mut ReadBuf<'_>) {
        let now = self.left.split_to(self.left.len().min(buffer.remaining()));
        buffer.put_slice(&now);
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Mended<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let this = self.get_mut();
        if this.left.has_remaining() {
            this.hand_out(buffer);
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let Poll::Ready(read) = Pin::new(&mut this.stream).poll_read(context, buffer) else {
            return this.patience.wait(this.requests.is_within(), context);
        };
        read?;
        let came = buffer.filled().get(before..).unwrap_or_default();
        let length = came.len();
        if let Cow::Owned(mended) = this.requests.pass(came) {
            this.left = mended.into();
            buffer.set_filled(before);
            this.hand_out(buffer);
        }
        this.patience.came(length, this.requests.is_within());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Mended<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn what_becomes_longer_than_the_buffer_comes_with_the_next_reads() {
        let (mut client, server) = tokio::io::duplex(64);
        let mut mended = Mended::new(server);
        client
            .write_all(b"GET /<<>> HTTP/1.1\r\n")
            .await
            .expect("a write");
        client.shutdown().await.expect("an end");
        let (mut piece, mut all) = ([0; 8], Vec::new());
        loop {
            match mended.read(&mut piece).await.expect("a read") {
                0 => break,
                read => all.extend_from_slice(&piece[..read]),
            }
        }
        assert_eq!(all, b"GET /%3C%3C%3E%3E HTTP/1.1\r\n");
    }
}
