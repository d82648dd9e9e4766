//! Where a request comes from, for counting guesses: the peer, or whom a trusted proxy says it speaks for.
//!
//! Whoever else sends `X-Forwarded-For` is not believed (security.md §2, 47).

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};
use snowglobe_oauth::header::forwarded::{self, Origin};

use crate::config::Peers;

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(SocketAddr);

impl Peer {
    pub(crate) fn of(address: SocketAddr) -> Self {
        Self(address)
    }
}

/// Returns where a request comes from.
pub(crate) fn origin(peer: Peer, headers: &HeaderMap, trusted: &[Peers]) -> Option<IpAddr> {
    let is_trusted = |address: IpAddr| trusted.iter().any(|peers| peers.contains(address));
    let peer = peer.0.ip().to_canonical();
    if !is_trusted(peer) {
        return Some(peer);
    }
    let lines = headers.get_all(FORWARDED_FOR).iter();
    // What is no text is no address either.
    let lines = lines.map(|line| line.to_str().unwrap_or("?"));
    match forwarded::origin(lines, is_trusted) {
        Origin::Stranger(address) => Some(address),
        Origin::Trusted => Some(peer),
        Origin::Unknown => None,
    }
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

#[cfg(test)]
mod tests {
    use super::*;

    fn origin_of(peer: &str, lines: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, axum::http::HeaderValue::from_static(line));
        }
        let trusted =
            ["10.0.0.0/8", "192.0.2.1"].map(|range| Peers::try_from(range.to_owned()).unwrap());
        let peer = Peer(format!("{peer}:1").parse().unwrap());
        origin(peer, &headers, &trusted).map(|address| address.to_string())
    }

    #[test]
    fn sr_47_a_stranger_s_forwarded_header_is_not_believed() {
        assert_eq!(
            origin_of("198.51.100.7", &["203.0.113.9"]).as_deref(),
            Some("198.51.100.7")
        );
        assert_eq!(
            origin_of("127.0.0.1", &["203.0.113.9"]).as_deref(),
            Some("127.0.0.1")
        );
    }

    #[test]
    fn a_trusted_proxy_says_whom_it_speaks_for() {
        for (lines, expected) in [
            (&["203.0.113.9"][..], "203.0.113.9"),
            // What the client itself sent stands before what the proxies added.
            (&["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
            (&["1.1.1.1", "203.0.113.9, 192.0.2.1"], "203.0.113.9"),
            (&["203.0.113.9, 10.1.1.1,192.0.2.1"], "203.0.113.9"),
            (&["2001:db8::1"], "2001:db8::1"),
            (&["::ffff:203.0.113.9"], "203.0.113.9"),
            (&["10.2.2.2"], "10.0.0.1"),
            (&[], "10.0.0.1"),
        ] {
            assert_eq!(
                origin_of("10.0.0.1", lines).as_deref(),
                Some(expected),
                "{lines:?}"
            );
        }
        assert_eq!(origin_of("10.0.0.1", &["1.1.1.1, not an address"]), None);
    }
}
