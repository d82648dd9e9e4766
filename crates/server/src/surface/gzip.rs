//! Answers in gzip, for who takes it (`rest-and-records.md` §1.4).

use std::io::Write as _;

use axum::{
    body::HttpBody as _,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use snowglobe_oauth::header::coding;

use super::recode::{self, Recode};

/// Bytes below which packing costs more than it saves.
const SMALLEST: u64 = 1024;

/// Tells whether `Accept-Encoding` takes gzip.
pub(super) fn is_taken(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
    coding::takes_gzip(lines.filter_map(|line| line.to_str().ok()))
}

/// Packs an answer of text that is worth it. Files are sent as they are: most are packed already.
pub(super) fn pack(mut response: Response) -> Response {
    let headers = response.headers();
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_text = ["application/json", "application/xml", "text/"]
        .iter()
        .any(|text| kind.starts_with(text));
    let small = response
        .body()
        .size_hint()
        .exact()
        .is_some_and(|bytes| bytes < SMALLEST);
    // What has a name of its own is a file (§6).
    let is_file = headers.contains_key(header::CONTENT_DISPOSITION)
        || headers.contains_key("x-attachment-metadata");
    if small || is_file || !is_text || headers.contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    recode::through(
        response,
        Gzip(GzEncoder::new(Vec::new(), Compression::fast())),
    )
}

/// Writing to memory does not fail.
struct Gzip(GzEncoder<Vec<u8>>);

impl Recode for Gzip {
    fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        let _ = self.0.write_all(piece);
        std::mem::take(self.0.get_mut())
    }

    fn finish(&mut self) -> Vec<u8> {
        let _ = self.0.try_finish();
        std::mem::take(self.0.get_mut())
    }
}
