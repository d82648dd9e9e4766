//! The lines of a head, for what they say about the body (RFC 9112 §6.3).

use super::size;

/// The lines so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    has_chunks: bool,
    body: Option<Body>,
}

/// What follows a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    Bytes(u64),
    Chunks,
}

impl Head {
    /// Begins behind a request line that ends so.
    pub(super) fn of_version(version: &[u8]) -> Option<Self> {
        let has_chunks = match version {
            b"HTTP/1.1" => true,
            b"HTTP/1.0" => false,
            _ => return None,
        };
        Some(Self {
            has_chunks,
            body: None,
        })
    }

    /// Adds a line; `None` when it leaves in doubt how the request goes on.
    pub(super) fn with(self, line: &[u8]) -> Option<Self> {
        match line.first()? {
            // A folded line may be part of any header (RFC 9112 §5.2).
            b' ' | b'\t' => None,
            b'C' | b'c' | b'T' | b't' | b'U' | b'u' => self.with_header(line),
            _ => Some(self),
        }
    }

    fn with_header(mut self, line: &[u8]) -> Option<Self> {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = (line.get(..colon)?, line.get(colon + 1..)?.trim_ascii());
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        let body = if is("content-length") {
            Body::Bytes(size::of_body(value)?)
        } else if is("transfer-encoding") {
            let chunked = self.has_chunks && value.eq_ignore_ascii_case(b"chunked");
            chunked.then_some(Body::Chunks)?
        } else {
            return (!is("upgrade")).then_some(self);
        };
        // Said twice, it may be meant in two ways, though RFC 9112 §6.3 says in which.
        if self.body.replace(body).is_some() {
            return None;
        }
        Some(self)
    }

    /// What follows the last line.
    pub(super) fn body(self) -> Body {
        self.body.unwrap_or(Body::Bytes(0))
    }
}
