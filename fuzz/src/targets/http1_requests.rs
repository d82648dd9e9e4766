//! The bytes of a connection, on their way to what reads requests (RFC 9112).

use snowglobe_oauth::http1::Requests;

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "http1_requests",
    run,
    words: &[
        "GET /<? HTTP/1.1\r\n",
        "POST /a HTTP/1.0\r\n",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Upgrade: a\r\n",
        "3\r\n<\">\r\n",
        "0\r\n\r\n",
        "\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
};

fn run(bytes: &[u8]) {
    let Some((size, bytes)) = bytes.split_first() else {
        return;
    };
    let whole = Requests::default().pass(bytes);
    let mut requests = Requests::default();
    let pieces = bytes.chunks(usize::from(*size).max(1));
    let cut: Vec<u8> = pieces
        .flat_map(|piece| requests.pass(piece).into_owned())
        .collect();
    assert_eq!(cut, *whole, "where it is cut does not matter");
    assert_eq!(
        Requests::default().pass(&whole),
        whole,
        "what is mended is well"
    );
    assert_eq!(
        plain(&whole),
        plain(bytes),
        "only what no URI holds is changed"
    );
}

/// Without what is encoded, in either form.
fn plain(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut left = bytes;
    while let Some((byte, rest)) = left.split_first() {
        left = match left {
            [
                b'%',
                b'2' | b'3' | b'6' | b'8'..=b'9' | b'A'..=b'F',
                b'0'..=b'9' | b'A'..=b'F',
                rest @ ..,
            ] => rest,
            _ if matches!(byte, b'"' | b'<' | b'>' | b'`' | 0x80..) => rest,
            _ => {
                text.push(*byte);
                rest
            }
        };
    }
    text
}
