use super::*;

fn mended(requests: &str) -> String {
    let bytes = Requests::default().pass(requests.as_bytes()).into_owned();
    String::from_utf8(bytes).expect("text")
}

fn is_left_alone(requests: &str) {
    assert_eq!(mended(requests), requests);
}

#[test]
fn what_no_uri_holds_is_encoded_in_targets() {
    let curl = "GET /api/now/table/incident?sysparm_query=sys_created_on>2024-01-01^a=\"b\"^c<d HTTP/1.1\r\n\
                Host: a\r\n\r\n";
    assert_eq!(
        mended(curl),
        "GET /api/now/table/incident?sysparm_query=sys_created_on%3E2024-01-01^a=%22b%22^c%3Cd HTTP/1.1\r\n\
         Host: a\r\n\r\n"
    );
    assert_eq!(
        mended("GET /a`?é HTTP/1.0\r\n\r\n"),
        "GET /a%60?%C3%A9 HTTP/1.0\r\n\r\n"
    );
    let latin_1 = b"GET /?name=M\xFCller HTTP/1.1\r\n\r\n";
    assert_eq!(
        &*Requests::default().pass(latin_1),
        b"GET /?name=M%FCller HTTP/1.1\r\n\r\n"
    );
}

#[test]
fn nothing_is_copied_where_nothing_is_to_be_mended() {
    let plain = b"GET /a?b=c^d{e}|f HTTP/1.1\r\nHost: <>\r\nContent-Length: 2\r\n\r\n<>GET / HTTP/1.1\r\n\r\n";
    assert!(matches!(Requests::default().pass(plain), Cow::Borrowed(_)));
}

#[test]
fn heads_and_bodies_stay_and_the_next_request_is_mended() {
    let next = ("GET /?< HTTP/1.1\r\n\r\n", "GET /?%3C HTTP/1.1\r\n\r\n");
    for body in [
        "Content-Length: 18\r\n\r\nGET /< HTTP/1.1\r\n>",
        "transfer-encoding: Chunked\r\n\r\n8\r\nGET /< H\r\n1;x=<\r\n\"\r\n0\r\nTrailer: <\r\n\r\n",
        "Referer: <\"\r\n\r\n",
        "Content-Length:0\r\n\r\n\r\n\r\n",
    ] {
        let first = format!("POST /a HTTP/1.1\r\n{body}");
        assert_eq!(
            mended(&format!("{first}{}", next.0)),
            format!("{first}{}", next.1)
        );
    }
}

#[test]
fn whatever_is_in_doubt_ends_the_mending() {
    const NEXT: &str = "GET /?< HTTP/1.1\r\n\r\n";
    for doubtful in [
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
        "GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\na",
        "GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\na",
        "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nX: a\r\n Content-Length: 1\r\n\r\na",
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /\r\n",
        "get / HTTP/1.1\r\n\r\n",
        "\u{16}\u{3}\u{1}",
    ] {
        is_left_alone(&format!("{doubtful}{NEXT}"));
    }
    is_left_alone(&format!("{} /< HTTP/1.1\r\n\r\n", "A".repeat(33)));
}

#[test]
fn a_line_without_an_end_is_not_held_for_ever() {
    let mut requests = Requests::default();
    requests.pass(b"GET / HTTP/1.1\r\n");
    for _ in 0..100 {
        requests.pass(&[b'a'; 1024]);
        assert!(requests.held.len() <= LONGEST_LINE);
    }
    assert_eq!(requests.state, State::Blind);
}

#[test]
fn security_57_it_is_known_whether_a_request_is_whole() {
    for (bytes, is_within) in [
        ("", false),
        ("\r\n", false),
        ("GE", true),
        ("GET / HTTP/1.1\r\nHost: a\r\n", true),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", false),
        ("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\na", true),
        ("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab", false),
        (
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            true,
        ),
        (
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            false,
        ),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", false),
        // In doubt.
        ("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", true),
    ] {
        let mut requests = Requests::default();
        requests.pass(bytes.as_bytes());
        assert_eq!(requests.is_within(), is_within, "{bytes:?}");
    }
}
