//! CORS rules (`rest-and-records.md` §12.2; security.md §2, 50).

use snowglobe_oauth::api_access::{
    CorsRule, CorsRules, Pattern,
    cors::{AllowHeaders, CrossOrigin, Domain, Target},
};

fn rule(name: &str, domain: &str, methods: &[&'static str]) -> CorsRule {
    CorsRule {
        name: name.into(),
        target: Target::Api(Pattern::of_api("now/table").unwrap()),
        domain: Domain::parse(domain).unwrap(),
        methods: methods.to_vec(),
        max_age: 0,
        credentials: false,
        allow_headers: AllowHeaders::Any,
        expose_headers: "".into(),
    }
}

fn found<'r>(rules: &'r CorsRules, origin: &str, method: &str, path: &str) -> Option<&'r str> {
    let call = CrossOrigin {
        origin,
        method,
        path,
    };
    rules.of(call).map(|rule| &*rule.name)
}

const TABLE: &str = "/api/now/table/incident";

#[test]
fn rest_12_2_domains_are_read_as_documented() {
    for good in [
        "https://app.example.com",
        "http://localhost:3000",
        "https://*.ms.com",
        "http://192.168.1.7",
        "http://[::1]:8080",
        "https://app.example.com/",
    ] {
        assert!(Domain::parse(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "*",
        "app.example.com",
        "https://",
        "https://*com",
        "https://*",
        "https://*.",
        "http://blog.*.x.com",
        "http://192.168.1.*",
        "https://*.*.com",
        "https://a.com/path",
        "https://u@a.com",
        "https://a.com:port",
        "null",
        "file://x",
    ] {
        assert!(Domain::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn rest_12_2_an_exact_domain_beats_a_wildcard_and_the_longest_suffix_wins() {
    let rules = CorsRules::new(vec![
        rule("short", "https://*.example.com", &["GET"]),
        rule("exact", "https://a.eu.example.com", &["GET"]),
        rule("long", "https://*.eu.example.com", &["GET"]),
    ]);
    let of = |origin: &str| found(&rules, origin, "GET", TABLE);
    assert_eq!(of("https://a.eu.example.com"), Some("exact"));
    assert_eq!(of("HTTPS://B.eu.example.com"), Some("long"));
    assert_eq!(of("https://b.us.example.com"), Some("short"));
    for other in [
        "https://example.com",
        "http://b.example.com",
        "https://b.example.com:444",
        "https://evil.com/.example.com",
        "https://evil.com#.example.com",
        "https://evil@.example.com",
        "https://.example.com.evil.com",
        "null",
        "",
    ] {
        assert_eq!(of(other), None, "{other}");
    }
}

#[test]
fn rest_12_2_a_rule_is_for_its_api_and_its_methods() {
    let mut to_the_token_endpoint = rule("token", "https://a.com:443", &["POST"]);
    to_the_token_endpoint.target = Target::Path("oauth_token.do".into());
    let rules = CorsRules::new(vec![
        rule("read", "https://a.com", &["GET"]),
        to_the_token_endpoint,
    ]);
    let of = |method: &str, path: &str| found(&rules, "https://a.com", method, path);
    assert_eq!(of("GET", "/api/now/v2/table/incident/1"), Some("read"));
    assert_eq!(of("HEAD", TABLE), Some("read"));
    assert_eq!(of("POST", TABLE), None);
    assert_eq!(of("GET", "/api/now/stats/incident"), None);
    assert_eq!(of("GET", "/oauth_auth.do"), None);
    assert_eq!(of("POST", "/oauth_token.do"), Some("token"));
    assert_eq!(of("GET", "/oauth_token.do"), None);
}
