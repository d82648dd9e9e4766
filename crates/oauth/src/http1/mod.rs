//! HTTP/1 requests as they come over a connection, read so far as it takes to mend their targets (RFC 9112).
//!
//! Shells and scripts send `<`, `>` and `"` in a URL as they are, and a real instance takes them. What reads requests
//! here (hyper) does not, and says so with an empty answer. So these bytes are percent-encoded on their way to it.
//!
//! ```text
//! ┌ start ─ method ─ target ─ version ─ lines of the head ─ body ┐
//! └──────────────────────────────────────────────────────────────┘
//!     └ in doubt ─ blind
//! ```
//! Nothing but targets is ever changed, and hyper alone judges where a request ends. Whatever two readers could take in
//! two ways (a length said twice, a folded line, a bare line feed, HTTP/2, an upgrade) ends the mending for as long as
//! the connection lasts: a byte is changed only where both are sure that a target is.

mod head;
mod passed;
mod size;

use std::borrow::Cow;

use memchr::memchr;

use self::{
    head::{Body, Head},
    passed::Passed,
};

/// The requests of one connection, from its first byte on.
#[derive(Debug)]
pub struct Requests {
    state: State,
    /// What came of a line, or of a method, whose end has not come.
    held: Vec<u8>,
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing yet: empty lines before a request mean nothing (RFC 9112 §2.2).
    Start,
    Method,
    Target,
    /// The rest of the request line.
    Version,
    Head(Head),
    /// So many bytes of a body, or of a chunk with the line's end behind it.
    Bytes(u64, Then),
    ChunkSize,
    Trailers,
    /// Another protocol, that is no request after request.
    Http2,
    /// Nobody knows.
    Blind,
}

/// What follows some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Request,
    Chunk,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            state: State::Start,
            held: Vec::new(),
        }
    }
}

impl Requests {
    /// Returns the next bytes of the connection with mended targets; nothing is copied where nothing is to be mended.
    pub fn pass<'b>(&mut self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        let mut passed = Passed::new(bytes);
        let mut left = bytes;
        while !left.is_empty() {
            left = match self.state {
                State::Start => self.start(left),
                State::Method => self.method(left),
                State::Target => self.target(left, &mut passed),
                State::Bytes(length, then) => self.bytes(left, length, then),
                State::Version | State::Head(_) | State::ChunkSize | State::Trailers => {
                    self.line(left)
                }
                State::Http2 | State::Blind => break,
            };
        }
        passed.finish()
    }

    /// Tells whether the rest of a request has still to come, as far as that is known; where it is not, it is taken to
    /// be so, or doubt would be a way to keep a connection for ever.
    #[must_use]
    pub fn is_within(&self) -> bool {
        !matches!(self.state, State::Start | State::Http2)
    }

    fn start<'b>(&mut self, left: &'b [u8]) -> &'b [u8] {
        let is_request = |byte: &u8| !matches!(byte, b'\r' | b'\n');
        let Some(at) = left.iter().position(is_request) else {
            return &[];
        };
        self.state = State::Method;
        left.split_at(at).1
    }

    fn method<'b>(&mut self, left: &'b [u8]) -> &'b [u8] {
        let end = left.iter().position(|byte| !byte.is_ascii_uppercase());
        let (part, rest) = left.split_at(end.unwrap_or(left.len()));
        self.held.extend_from_slice(part);
        if self.held.len() > LONGEST_METHOD {
            return self.give_up();
        }
        match rest.split_first() {
            None => rest,
            // After CONNECT, what comes may be anything (RFC 9110 §9.3.6).
            Some((b' ', rest)) if self.held != b"CONNECT" => {
                self.held.clear();
                self.state = State::Target;
                rest
            }
            Some(_) => self.give_up(),
        }
    }

    fn target<'b>(&mut self, left: &'b [u8], passed: &mut Passed<'b>) -> &'b [u8] {
        let Some(at) = left.iter().position(|byte| STOPS[usize::from(*byte)]) else {
            return &[];
        };
        let from = left.split_at(at).1;
        match from.split_first() {
            Some((b' ', rest)) => {
                self.state = State::Version;
                rest
            }
            Some((byte, rest)) if !matches!(byte, b'\r' | b'\n') => {
                passed.encode(*byte, rest);
                rest
            }
            // A request of HTTP/0.9, which has no version.
            _ => self.give_up(),
        }
    }

    fn bytes<'b>(&mut self, left: &'b [u8], length: u64, then: Then) -> &'b [u8] {
        let here = usize::try_from(length).map_or(left.len(), |length| length.min(left.len()));
        self.state = match (length - here as u64, then) {
            (0, Then::Request) => State::Start,
            (0, Then::Chunk) => State::ChunkSize,
            (more, then) => State::Bytes(more, then),
        };
        left.split_at(here).1
    }

    fn line<'b>(&mut self, left: &'b [u8]) -> &'b [u8] {
        let Some(end) = memchr(b'\n', left) else {
            if self.held.len() + left.len() > LONGEST_LINE {
                return self.give_up();
            }
            self.held.extend_from_slice(left);
            return &[];
        };
        let (line, rest) = left.split_at(end + 1);
        if self.held.is_empty() {
            self.state = self.state.behind(line);
        } else {
            self.held.extend_from_slice(line);
            self.state = self.state.behind(&self.held);
            self.held.clear();
        }
        rest
    }

    fn give_up(&mut self) -> &'static [u8] {
        self.state = State::Blind;
        self.held = Vec::new();
        &[]
    }
}

impl State {
    /// What follows a whole line.
    fn behind(self, line: &[u8]) -> Self {
        // RFC 9112 §2.2 lets a recipient take a bare line feed for an end; not every recipient does.
        let Some(line) = line.strip_suffix(b"\r\n") else {
            return Self::Blind;
        };
        match self {
            // RFC 9113 §3.4: what an HTTP/2 connection begins with.
            Self::Version if line == b"HTTP/2.0" => Self::Http2,
            Self::Version => Head::of_version(line).map_or(Self::Blind, Self::Head),
            Self::Head(head) if line.is_empty() => head.body().into(),
            Self::Head(head) => head.with(line).map_or(Self::Blind, Self::Head),
            Self::ChunkSize => match size::of_chunk(line) {
                Some(0) => Self::Trailers,
                Some(size) => Self::Bytes(size + 2, Then::Chunk),
                None => Self::Blind,
            },
            Self::Trailers if line.is_empty() => Self::Start,
            other => other,
        }
    }
}

impl From<Body> for State {
    fn from(body: Body) -> Self {
        match body {
            Body::Bytes(0) => Self::Start,
            Body::Bytes(length) => Self::Bytes(length, Then::Request),
            Body::Chunks => Self::ChunkSize,
        }
    }
}

/// Longer ones than these are nobody's.
const LONGEST_METHOD: usize = 32;
/// Bytes of a line that are held until its end comes.
const LONGEST_LINE: usize = 16 * 1024;

/// The bytes of a target that are looked at: its end, and what no URI holds (RFC 3986 §2) and hyper refuses, or takes
/// for UTF-8 only. Clients send `^`, `{`, `|` as they are all the time, and hyper takes them.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut byte = u8::MAX;
    loop {
        stops[byte as usize] =
            byte >= 0x80 || matches!(byte, b' ' | b'\r' | b'\n' | b'"' | b'<' | b'>' | b'`');
        if byte == 0 {
            break stops;
        }
        byte -= 1;
    }
};

#[cfg(test)]
mod tests;
