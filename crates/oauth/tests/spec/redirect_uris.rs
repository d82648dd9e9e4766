//! Redirection URIs against a corpus of hostile ones (security.md §1, §2 items 1 to 4).

use snowglobe_oauth::RedirectUri;

const REGISTERED: [&str; 7] = [
    "https://app.example/cb",
    "https://app.example/cb?tenant=1",
    "http://127.0.0.1:8000/cb",
    "http://[::1]/cb",
    "http://localhost:8000/cb",
    "com.example.app:/cb",
    "/sdk-oauth.do",
];

/// What no honest client needs.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "app",
    "app.example/cb",
    "//app.example/cb",
    "/",
    "/cb",
    "/logout.do",
    "/sdk-oauth.do?x",
    "/sdk-oauth.do/",
    "\\\\app.example",
    "http://app.example/cb",
    "http://127.0.0.1.evil.example/",
    "http://127.0.0.1@evil.example/",
    "http://localhost.evil.example/",
    "http://LOCALHOST/",
    "http://127.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://127.0.0.2/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "https://",
    "https:///cb",
    "https:/app.example",
    "https:app.example",
    "https://user@app.example/",
    "https://user:pw@app.example/",
    "https://@app.example/",
    "https://a@b@app.example/",
    "https://app.example@/",
    "https://app.example#",
    "https://app.example/#x",
    "https://app.example/%",
    "https://app.example/%zz",
    "https://app.example/%0a",
    "https://app.example/%00",
    "https://app.example/?a=%0d%0a",
    "https://app.example/\\",
    "https://app.example\\@evil.example",
    "https://app.example/ x",
    "https://app.example/\t",
    "https://app.example/\n",
    "https://app.example/\u{e9}",
    "https://\u{e9}.example/",
    "https://app\u{3002}example/",
    "https://app.example/<b>",
    "https://app.example/\"",
    "https://app.example/{x}",
    "https://app.example/|",
    "https://app.example/^",
    "https://app.example/`",
    "https://*.example/",
    "https://app.example:/",
    "https://app.example:0/",
    "https://app.example:080/",
    "https://app.example:65536/",
    "https://app.example:+80/",
    "https://app.example:8a/",
    "https://app..example/",
    "https://.example/",
    "https://app.example./",
    "https://app.0x1/",
    "https://1.2.3/",
    "https://1.2.3.4.5/",
    "https://01.2.3.4/",
    "https://[::1/",
    "https://::1/",
    "https://[::1]x/",
    "https://[zz]/",
    "https://[fe80::1%25eth0]/",
    "https://app.example/..",
    "https://app.example/../x",
    "https://app.example/./x",
    "https://app.example/..;/x",
    "https://app.example/%2e%2e/x",
    "https://app.example/.%2E/x",
    "https://app.example/a%2fb",
    "https://app.example/a%5cb",
    "https://%61pp.example/",
    "javascript:alert(1)",
    "JaVaScript:alert(1)",
    "javascript://app.example/%0aalert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://app.example/",
    "ws://app.example/",
    "blob:https://app.example/x",
    "about:blank",
    "mailto:a@b",
    "intent://x",
    "myapp://cb",
    "myapp:/cb",
    "..:/cb",
    "1com.example:/cb",
    "com..example:/cb",
    "com.exa_mple:/cb",
    "urn:ietf:wg:oauth:2.0:oob",
];

/// Changes to a sound URI, none of which may go on being taken for it.
fn mutations(uri: &str) -> Vec<String> {
    let (scheme, rest) = uri.split_once(':').unwrap_or(("https", uri));
    let rest = rest.trim_start_matches('/');
    let host_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(host_end);
    let mut all = Vec::new();
    for suffix in [
        "/",
        "?",
        "#",
        "#x",
        "&",
        ";",
        "%",
        "%00",
        "%20",
        " ",
        "\t",
        "\r\n",
        "\0",
        "\\",
        "..",
        "/..",
        "/../evil",
        "/..;/evil",
        "/%2e%2e/evil",
        "?x=1",
        "&x=1",
        ".evil.example",
        "@evil.example",
        "x",
        "\u{202e}",
        "\u{ff0e}",
    ] {
        all.push(format!("{uri}{suffix}"));
    }
    for prefix in [
        " ",
        "\t",
        "\n",
        "\0",
        "/",
        "//",
        "\\",
        "x",
        "javascript:",
        "JaVaScRiPt:",
        "data:text/html,",
        "view-source:",
        "https:",
        "http:",
        "HTTPS:",
        "blob:",
        "https://evil.example/",
        "https://evil.example?",
        "https://evil.example#",
        "https://evil.example\\",
        "https://user@",
        "https://user:pw@",
    ] {
        all.push(format!("{prefix}{uri}"));
    }
    for authority in [
        format!("evil.example@{authority}"),
        format!("{authority}@evil.example"),
        format!("{authority}:80@evil.example"),
        format!("a@b@{authority}"),
        format!("{authority}.evil.example"),
        format!("{authority}%2eevil.example"),
        format!("{authority}\\.evil.example"),
        format!("{authority}\\@evil.example"),
        format!("{authority}:443x"),
        format!("{authority}:"),
        format!("{authority}."),
        format!(".{authority}"),
        format!("{authority}%00.evil.example"),
        format!("{authority}\u{3002}evil.example"),
        authority.to_uppercase() + "X",
        format!("sub.{authority}"),
        "evil.example".to_owned(),
        String::new(),
    ] {
        all.push(format!("{scheme}://{authority}{tail}"));
    }
    all
}

#[test]
fn security_1_to_4_no_hostile_uri_is_taken_for_a_registered_one() {
    let mut tried = 0;
    for registered in REGISTERED {
        let uri = RedirectUri::parse(registered).unwrap();
        for hostile in mutations(registered) {
            tried += 1;
            assert!(!uri.matches(&hostile), "{registered} took {hostile:?}");
        }
    }
    assert!(tried >= 300, "{tried}");
}

#[test]
fn security_4_what_no_honest_client_needs_cannot_be_registered() {
    for hostile in HOSTILE {
        assert!(
            RedirectUri::parse(hostile).is_err(),
            "{hostile:?} can be registered"
        );
    }
    assert!(RedirectUri::parse(&format!("https://app.example/{}", "x".repeat(2000))).is_err());
}

#[test]
fn rfc8252_7_3_only_the_port_of_a_loopback_address_is_free() {
    let uri = RedirectUri::parse("http://127.0.0.1:8000/cb").unwrap();
    for port in ["", ":1", ":80", ":65535"] {
        assert!(uri.matches(&format!("http://127.0.0.1{port}/cb")), "{port}");
    }
    for port in [
        ":",
        ":0",
        ":00",
        ":08000",
        ":65536",
        ":-1",
        ":+1",
        ":8000:1",
        ":8000@evil.example",
        ":1/x",
    ] {
        assert!(
            !uri.matches(&format!("http://127.0.0.1{port}/cb")),
            "{port}"
        );
    }
    for other in [
        "http://[::1]:8000/cb",
        "http://localhost:8000/cb",
        "https://127.0.0.1:8000/cb",
        "http://127.0.0.1:8000/cb?x",
    ] {
        assert!(!uri.matches(other), "{other}");
    }
    let six = RedirectUri::parse("http://[::1]/cb?x=1").unwrap();
    assert!(six.matches("http://[::1]:5000/cb?x=1"));
    // RFC 8252 §8.3: `localhost` may be somebody else's address.
    let name = RedirectUri::parse("http://localhost:8000/cb").unwrap();
    assert!(!name.matches("http://localhost:8001/cb"));
}

proptest::proptest! {
    #[test]
    fn parsing_never_panics_and_takes_itself(text in "\\PC{0,60}") {
        if let Ok(uri) = RedirectUri::parse(&text) {
            proptest::prop_assert!(uri.matches(&text));
        }
    }

    #[test]
    fn a_uri_without_a_port_to_vary_takes_nothing_but_itself(path in "[a-z/.%;@:?#\\\\]{0,20}") {
        let uri = RedirectUri::parse("https://app.example/cb").unwrap();
        let presented = format!("https://app.example{path}");
        proptest::prop_assert_eq!(uri.matches(&presented), presented == "https://app.example/cb");
    }
}
