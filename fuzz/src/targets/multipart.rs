//! Forms with a file in them (RFC 7578), as `POST /api/now/attachment/upload` takes them apart: a line with the
//! `Content-Type`, then the body, in pieces as a network brings them.

use std::{
    convert::Infallible,
    pin::pin,
    task::{Context, Poll, Waker},
};

use futures_util::stream;
use multer::{Multipart, parse_boundary};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "multipart",
    run,
    words: &[
        "multipart/form-data; boundary=b\n",
        "\"",
        "--b\r\n",
        "\r\n--b--\r\n",
        "Content-Disposition: form-data; name=\"table_name\"\r\n\r\nincident",
        "; name=\"uploadFile\"; filename=\"a.txt\"\r\n",
        "filename*=UTF-8''a%20b",
        "Content-Type: text/plain\r\n",
        "; charset=utf-16",
        "\r\n\r\n",
    ],
};

fn run(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (kind, body) = bytes.split_at(end.unwrap_or(0));
    let boundary = std::str::from_utf8(kind).map(parse_boundary);
    let Ok(Ok(boundary)) = boundary else {
        return;
    };
    let body = body.get(1..).unwrap_or_default();
    // However the network cuts it, it is the same form.
    let whole = parts(body, body.len().max(1), &boundary);
    assert_eq!(parts(body, 7, &boundary), whole);
    let size: usize = whole.iter().map(|(_, size)| size).sum();
    assert!(size <= body.len(), "{size} bytes of {}", body.len());
}

/// The parts as far as they can be read: the name of a file, and bytes.
fn parts(body: &[u8], piece: usize, boundary: &str) -> Vec<(Option<String>, usize)> {
    let pieces: Vec<Result<Vec<u8>, Infallible>> =
        body.chunks(piece).map(|piece| Ok(piece.to_vec())).collect();
    let mut form = Multipart::new(stream::iter(pieces), boundary);
    let mut read = Vec::new();
    while let Ok(Some(field)) = now(form.next_field()) {
        let file_name = field.file_name().map(str::to_owned);
        let Ok(content) = now(field.bytes()) else {
            break;
        };
        read.push((file_name, content.len()));
    }
    read
}

/// Runs what waits for nothing.
fn now<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..MOST_POLLS {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("the form waits for more than there is");
}

/// More than there are pieces of the longest input.
const MOST_POLLS: usize = 10_000;
