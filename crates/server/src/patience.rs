//! How long a sender may take (security.md §2, 57): a connection costs memory for as long as it lasts, and one that
//! sends a byte now and then would last for ever.
//!
//! Between requests a connection may rest. Once a request has begun, [`ENOUGH`] bytes of it, or its end, have to come in
//! each [`LONGEST`]. A clock runs only while something is waited for, so that requests that come whole cost nothing.

use std::{
    io::{Error, ErrorKind, Result},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Sleep, sleep};

/// How long is waited for some bytes.
const LONGEST: Duration = Duration::from_secs(30);
/// So many bytes are worth waiting on.
const ENOUGH: usize = 16 * 1024;

/// The patience with one sender.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    end: Option<Pin<Box<Sleep>>>,
    came: usize,
}

impl Patience {
    /// Notes that bytes came, and whether more of the request has to come.
    pub(crate) fn came(&mut self, bytes: usize, within: bool) {
        if self.end.is_none() {
            return;
        }
        self.came += bytes;
        if !within || self.came >= ENOUGH {
            *self = Self::default();
        }
    }

    /// Waits, `within` a request not for ever.
    pub(crate) fn wait(&mut self, within: bool, context: &mut Context<'_>) -> Poll<Result<()>> {
        if !within {
            *self = Self::default();
            return Poll::Pending;
        }
        let end = self.end.get_or_insert_with(|| Box::pin(sleep(LONGEST)));
        ready!(end.as_mut().poll(context));
        tracing::info!("a client was too slow in sending a request");
        Poll::Ready(Err(Error::new(
            ErrorKind::TimedOut,
            "the request did not come in time",
        )))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::time::Instant;

    use super::*;
    use crate::mended::Mended;

    const HEAD: &[u8] = b"POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n";

    fn connection() -> (DuplexStream, Mended<DuplexStream>) {
        let (client, server) = duplex(1 << 20);
        (client, Mended::new(server))
    }

    /// Reads to the end, and tells how that came, and after how many seconds.
    async fn end(mut mended: Mended<DuplexStream>) -> (Option<ErrorKind>, u64) {
        let began = Instant::now();
        let read = mended.read_to_end(&mut Vec::new()).await;
        (
            read.err().map(|error| error.kind()),
            began.elapsed().as_secs(),
        )
    }

    #[tokio::test(start_paused = true)]
    async fn security_57_a_request_that_does_not_come_is_not_waited_for() {
        for begun in [&b"G"[..], b"GET / HTTP/1.1\r\nHost: a\r\n", HEAD] {
            let (mut client, mended) = connection();
            client.write_all(begun).await.expect("a write");
            assert_eq!(end(mended).await, (Some(ErrorKind::TimedOut), 30));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn security_57_a_byte_now_and_then_keeps_no_connection() {
        let (mut client, mended) = connection();
        tokio::spawn(async move {
            client.write_all(HEAD).await.expect("a write");
            while client.write_all(b"a").await.is_ok() {
                sleep(Duration::from_secs(9)).await;
            }
        });
        assert_eq!(end(mended).await, (Some(ErrorKind::TimedOut), 30));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_line_and_a_rest_between_requests_are_borne() {
        let (mut client, mended) = connection();
        tokio::spawn(async move {
            sleep(Duration::from_hours(1)).await;
            client.write_all(HEAD).await.expect("a write");
            for _ in 0..5 {
                sleep(Duration::from_secs(25)).await;
                client
                    .write_all(&vec![b'a'; 20_000])
                    .await
                    .expect("a write");
            }
            sleep(Duration::from_hours(1)).await;
        });
        assert_eq!(end(mended).await, (None, 3600 + 125 + 3600));
    }
}
