//! Headers that any client may send: `Cookie`, `Accept`, `Accept-Encoding`, `Content-Type`, `Host`, `X-Forwarded-For`,
//! a person's Basic credentials.

use std::net::IpAddr;

use snowglobe_oauth::header::{
    accept, basic, coding, content_type, cookie,
    forwarded::{self, Origin},
    host::{self, Own},
};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "request_headers",
    run,
    words: &[
        "JSESSIONID=",
        "; ",
        "application/json",
        "text/xml",
        "*/*",
        ";q=0.5",
        ",",
        "10.0.0.1",
        "203.0.113.9",
        "gzip",
        "dev12345.service-now.com",
        "localhost",
        ":8443",
        "::ffff:10.0.0.1",
        "2001:db8::1",
        "YWRtaW46YTpi",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let lines = || text.split('\n');
    if let Some(value) = cookie::value(lines(), "JSESSIONID") {
        assert!(!value.contains(';') && lines().any(|line| line.contains(value)));
        assert_eq!(cookie::value(lines().rev(), "JSESSIONID"), Some(value));
    }
    let offer = |range: &str| {
        ["application/json", "text/xml"]
            .into_iter()
            .find(|it| *it == range)
    };
    if let Some(form) = accept::preferred(lines(), offer) {
        assert!(text.to_ascii_lowercase().contains(form));
    }
    let is_trusted = |address: IpAddr| address.is_loopback();
    if let Origin::Stranger(address) = forwarded::origin(lines(), is_trusted) {
        assert!(!is_trusted(address));
    }
    if coding::takes_gzip(lines()) {
        assert!(text.to_ascii_lowercase().contains("gzip"));
    }
    let essence = content_type::essence(text);
    assert_eq!(content_type::essence(essence), essence);
    if let Some(Own { name, port }) = host::own(text) {
        // It becomes part of links: nothing stands in it but a name and digits.
        let again = port.map_or(name.clone(), |port| format!("{name}:{port}"));
        assert!(!again.contains(['/', '@', '"', '<', ' ', '\n']), "{again}");
        assert_eq!(host::own(&again).map(|own| own.name), Some(name));
    }
    if let Some(person) = basic::parse(text) {
        assert!(!person.user_name.contains(':'), "{}", person.user_name);
    }
}
