//! Answers in another coding, whole ones at once and streamed ones piece by piece: none is kept for it.

use axum::{
    body::{Body, HttpBody as _},
    http::header,
    response::Response,
};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};

/// Writes what goes in again, in another coding.
pub(super) trait Recode: Send + 'static {
    /// Takes the next piece, and returns what can be written by now.
    fn push(&mut self, piece: &[u8]) -> Vec<u8>;

    /// Returns what is left.
    fn finish(&mut self) -> Vec<u8>;
}

/// Puts an answer's body through a coder. A body that breaks off breaks off.
pub(super) fn through(response: Response, coder: impl Recode) -> Response {
    let (mut parts, body) = response.into_parts();
    if body.is_end_stream() {
        return Response::from_parts(parts, body);
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    let pieces = body.into_data_stream();
    let pieces = stream::unfold(Some((pieces, coder)), |state| async {
        let (mut pieces, mut coder) = state?;
        loop {
            match pieces.next().await {
                None => return Some((Ok(coder.finish().into()), None)),
                Some(Err(error)) => return Some((Err(error), None)),
                Some(Ok(piece)) => {
                    let written = Bytes::from(coder.push(&piece));
                    if !written.is_empty() {
                        return Some((Ok(written), Some((pieces, coder))));
                    }
                }
            }
        }
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}
