//! What access rules and calls are made of: ranges of addresses, origins of pages, paths of the REST surface.

use std::net::IpAddr;

use snowglobe_oauth::api_access::{
    ApiCall, CorsRule, CorsRules, Pattern,
    cors::{AllowHeaders, CrossOrigin, Domain, Target},
    criteria::{AuthPolicy, Circumstances, Criterion, Range},
};
use snowglobe_records::display::Pattern as DatePattern;

pub(super) const TARGET: crate::Target = crate::Target {
    name: "network_rules",
    run,
    words: &[
        "192.0.2.0/24",
        "2001:db8::/32",
        "::ffff:192.0.2.1",
        "255.255.255.255",
        "/0",
        "https://*.example.com",
        "http://localhost:3000",
        "[::1]",
        ":443",
        "/api/now/v2/table/incident",
        "/api/",
        "yyyy-MM-dd HH:mm:ss",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (first, last) = text.split_once(' ').unwrap_or((text, ""));
    for range in [Range::parse(first, last), Range::parse_network(first, last)] {
        let Some(range) = range else { continue };
        if let Ok(address) = first.trim().parse::<IpAddr>() {
            let of = Circumstances {
                address: Some(address),
                ..Circumstances::default()
            };
            let policy = AuthPolicy::new(vec![Criterion::Address(vec![range])], Vec::new());
            assert!(policy.holds(&of), "{first} is not in its own range");
        }
    }
    if let Ok(domain) = Domain::parse(first) {
        assert_eq!(domain.is_wildcard(), first.contains('*'));
        page(domain, last);
    }
    let call = ApiCall::of("GET", text);
    assert!(Pattern::everything().fits(&call));
    if let Some(table) = call.table() {
        assert!(!table.is_empty() && !table.contains('/'));
    }
    let _ = DatePattern::parse(text);
}

/// A page that a rule lets in is of the rule's own scheme, and its origin leads nowhere else.
fn page(domain: Domain, origin: &str) {
    let secure = matches!(&domain, Domain::Exact(own) if own.starts_with("https"))
        || matches!(
            domain,
            Domain::Below {
                scheme: "https://",
                ..
            }
        );
    let rules = CorsRules::new(vec![CorsRule {
        name: "fuzz".into(),
        target: Target::Path("/".into()),
        domain,
        methods: vec!["GET"],
        max_age: 0,
        credentials: false,
        allow_headers: AllowHeaders::Any,
        expose_headers: "".into(),
    }]);
    let call = CrossOrigin {
        origin,
        method: "HEAD",
        path: "/",
    };
    if rules.of(call).is_some() {
        let origin = origin.to_ascii_lowercase();
        assert_eq!(origin.starts_with("https://"), secure, "{origin}");
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        assert!(!host.contains(['/', '@', '#', '?', '\\']), "{origin}");
    }
}
