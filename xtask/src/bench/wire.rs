//! One connection that stays open, and no client behind it that would cost more than what is measured.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// A connection, and the one request that goes over it again and again.
pub(super) struct Wire {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Wire {
    /// Connects to the server at a URL; `call` is a method and a path.
    pub(super) fn to(url: &str, call: &str, token: &str, json: Option<&str>) -> Result<Self> {
        let host = url.trim_start_matches("http://").trim_end_matches('/');
        let stream = TcpStream::connect(host).context("no server listens")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let body = json.unwrap_or_default();
        let about_body = match body.len() {
            0 => String::new(),
            length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
        };
        let request = format!(
            "{call} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
             Accept: application/json\r\n{about_body}\r\n{body}"
        );
        Ok(Self {
            stream,
            request: request.into_bytes(),
            answer: Vec::new(),
        })
    }

    /// Sends the request, and returns how long the whole answer took.
    pub(super) fn time(&mut self) -> Result<Duration> {
        let began = Instant::now();
        self.stream.write_all(&self.request)?;
        self.answer.clear();
        let mut piece = [0; 16 * 1024];
        while !is_whole(&self.answer)? {
            let read = self.stream.read(&mut piece)?;
            ensure!(read > 0, "the connection was closed");
            self.answer.extend_from_slice(&piece[..read]);
        }
        let took = began.elapsed();
        let head = String::from_utf8_lossy(&self.answer);
        ensure!(head.starts_with("HTTP/1.1 200 "), "answered: {head}");
        Ok(took)
    }

    /// A header of the last answer, by its name in small letters.
    pub(super) fn header(&self, name: &str) -> String {
        let text = String::from_utf8_lossy(&self.answer);
        let lines = text.lines().take_while(|line| !line.is_empty());
        let mut pairs = lines.filter_map(|line| line.split_once(':'));
        let found = pairs.find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map_or_else(String::new, |(_, value)| value.trim().to_owned())
    }

    /// The body of the last answer.
    pub(super) fn body(&self) -> String {
        let text = String::from_utf8_lossy(&self.answer);
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body);
        body.unwrap_or_default().to_owned()
    }
}

/// An answer without a length is none that the servers of this bench give.
fn is_whole(answer: &[u8]) -> Result<bool> {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(false);
    };
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.context("no Content-Length")?.trim().parse()?;
    Ok(answer.len() >= end + 4 + length)
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn an_answer_is_whole_when_its_length_is_there() {
        let whole = |text: &str| is_whole(text.as_bytes()).expect("an answer");
        assert!(!whole("HTTP/1.1 200 OK\r\nContent-Le"));
        assert!(!whole("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na"));
        assert!(whole("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"));
    }
}
