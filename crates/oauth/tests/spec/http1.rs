//! RFC 9112: requests on a connection, wherever the network cuts them.

use proptest::prelude::*;
use snowglobe_oauth::http1::Requests;

/// A request: as it comes, and as it leaves.
fn request() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let method = prop_oneof![Just("GET"), Just("POST"), Just("DELETE")];
    let target = "/[a-z<>\"`=&?^%ü]{0,12}";
    let headers = proptest::collection::vec("[A-BX][a-z]{0,5}: [ -~]{0,12}", 0..3);
    (method, target, headers, body()).prop_map(|(method, target, headers, (header, body))| {
        let headers: String = headers.iter().flat_map(|line| [line, "\r\n"]).collect();
        let written = |target: &str| {
            let head = format!("{method} {target} HTTP/1.1\r\n{headers}{header}\r\n");
            [head.into_bytes(), body.clone()].concat()
        };
        (written(&target), written(&encoded(&target)))
    })
}

/// A header and the body that it announces.
fn body() -> impl Strategy<Value = (String, Vec<u8>)> {
    let piece = || {
        let text = "(GET /<>\" HTTP/1.1\r\n|\r\n|[a-z<>\"]){0,4}";
        text.prop_map(String::into_bytes)
    };
    let whole = piece().prop_map(|body| (format!("Content-Length: {}\r\n", body.len()), body));
    let chunks = proptest::collection::vec(piece(), 0..3).prop_map(|chunks| {
        let mut body = Vec::new();
        for chunk in chunks.iter().filter(|chunk| !chunk.is_empty()) {
            body.extend(format!("{:x};<\r\n", chunk.len()).into_bytes());
            body.extend([chunk, &b"\r\n"[..]].concat());
        }
        body.extend(b"0\r\nT: <\r\n\r\n");
        ("Transfer-Encoding: chunked\r\n".to_owned(), body)
    });
    prop_oneof![Just((String::new(), Vec::new())), whole, chunks]
}

fn encoded(target: &str) -> String {
    let byte = |byte: u8| match byte {
        b'"' | b'<' | b'>' | b'`' | 0x80.. => format!("%{byte:02X}"),
        plain => char::from(plain).to_string(),
    };
    target.bytes().map(byte).collect()
}

/// Passes bytes in pieces of these sizes, again and again.
fn passed(bytes: &[u8], sizes: &[usize]) -> Vec<u8> {
    let mut requests = Requests::default();
    let (mut left, mut out) = (bytes, Vec::new());
    for size in sizes.iter().cycle() {
        let (piece, rest) = left.split_at((*size).min(left.len()));
        out.extend_from_slice(&requests.pass(piece));
        left = rest;
        if left.is_empty() {
            break;
        }
    }
    out
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(1..40_usize, 1..6)
}

proptest! {
    #[test]
    fn only_targets_are_changed_however_the_bytes_are_cut(
        requests in proptest::collection::vec(request(), 1..4),
        sizes in sizes(),
    ) {
        let (came, expected): (Vec<_>, Vec<_>) = requests.into_iter().unzip();
        let (came, expected) = (came.concat(), expected.concat());
        prop_assert_eq!(passed(&came, &[usize::MAX]), expected.clone());
        prop_assert_eq!(passed(&came, &sizes), expected);
    }

    #[test]
    fn any_bytes_leave_the_same_however_they_are_cut(
        pieces in proptest::collection::vec(prop_oneof![
            Just(b"GET /< HTTP/1.1\r\n".to_vec()),
            Just(b"Content-Length: 3\r\n".to_vec()),
            Just(b"Transfer-Encoding: chunked\r\n".to_vec()),
            Just(b"\r\n".to_vec()),
            Just(b"3\r\n<<<\r\n0\r\n".to_vec()),
            proptest::collection::vec(any::<u8>(), 0..5),
        ], 0..12),
        sizes in sizes(),
    ) {
        let came = pieces.concat();
        let whole = passed(&came, &[usize::MAX]);
        prop_assert_eq!(passed(&came, &sizes), whole.clone());
        prop_assert_eq!(passed(&whole, &[usize::MAX]), whole);
    }
}
