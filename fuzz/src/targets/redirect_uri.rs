//! Redirect URIs (RFC 6749 §3.1.2, RFC 8252 §7.3): what is registered, and what is taken for it.
//!
//! The input is the registered URI and the presented one, with a zero byte between them.

use snowglobe_oauth::redirect_uri::RedirectUri;

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "redirect_uri",
    run,
    words: &[
        "https://client.example/cb",
        "http://127.0.0.1:8080/cb",
        "http://[::1]/cb",
        "http://localhost/cb",
        "com.example.app:/cb",
        "/sdk-oauth.do",
        "@",
        "\\",
        "..;/",
        "%2e%2e",
        "javascript:",
        "JaVaScript:",
        ":443",
        "#",
        "\t",
        "\0",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (registered, presented) = text.split_once('\0').unwrap_or((text, text));
    let Ok(uri) = RedirectUri::parse(registered) else {
        return;
    };
    assert_eq!(uri.as_str(), registered);
    assert!(
        uri.matches(registered),
        "{registered:?} does not match itself"
    );
    assert!(!registered.contains(['\\', '#', ' ', '\t', '\n', '\r']));
    if presented != registered && uri.matches(presented) {
        // RFC 8252 §7.3: only the port of a loopback address is free.
        let without_port = |text: &str| -> String {
            let (head, tail) = text.split_at(text.find("://").map_or(0, |at| at + 3));
            let end = tail.find(['/', '?']).unwrap_or(tail.len());
            let (host, path) = tail.split_at(end);
            let name = host
                .rfind(':')
                .filter(|at| host[at + 1..].bytes().all(|b| b.is_ascii_digit()));
            format!("{head}{}{path}", &host[..name.unwrap_or(host.len())])
        };
        assert_eq!(without_port(registered), without_port(presented));
        // The scheme is compared as RFC 3986 §3.1 says, whatever its case.
        let registered = registered.to_ascii_lowercase();
        let mut loopback = ["http://127.0.0.1", "http://[::1]"].iter();
        assert!(
            loopback.any(|host| registered.starts_with(host)),
            "{registered:?}"
        );
    }
}
