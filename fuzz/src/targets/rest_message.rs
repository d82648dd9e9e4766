//! Endpoints, bodies and values of REST messages, and conditions of retry policies: whatever stands in them, what is built
//! can be sent, and no value adds to the structure of a URL or to the lines of a head.

use std::sync::Arc;

use snowglobe_oauth::outbound::{
    Attempt, Brought, Escaping, MessageAuth, RestMessage, RetryPolicy, RetryStrategy, Variable,
};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "rest_message",
    run,
    words: &[
        "${a}",
        "${a.b}",
        "${",
        "}",
        "${${a}}",
        "https://api.example/v1?x=",
        "#",
        "%2F",
        "<o>${a}</o>",
        "{\"a\":\"${a}\"}",
        "status_code>=500",
        "response_bodyLIKE",
        "^OR",
        "^NQ",
        "^EQ",
        "NOT IN",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut parts = text.splitn(4, '\u{1f}');
    let mut part = || parts.next().unwrap_or_default();
    let (endpoint, content, value, condition) = (part(), part(), part(), part());
    build(endpoint, content, value);
    retry(condition, value);
}

fn build(endpoint: &str, content: &str, value: &str) {
    for (method, escaping) in [("get", Escaping::Xml), ("post", Escaping::Json)] {
        let (message, mut function) = RestMessage::ad_hoc(MessageAuth::None, method, endpoint);
        let function = Arc::make_mut(&mut function);
        function.content = content.into();
        function.headers = vec![("X-Value".into(), value.into())];
        let brought = Brought {
            variables: vec![Variable {
                name: "a".into(),
                value: value.into(),
                escaping,
            }],
            ..Brought::default()
        };
        let Ok(built) = message.build(function, &brought, Some("https://api.example/v1")) else {
            continue;
        };
        assert!(!built.url.contains('#'), "{}", built.url);
        for (_, text) in &built.headers {
            assert!(!text.contains(['\r', '\n', '\0']), "{text:?}");
        }
        assert!(built.body.is_none() || method == "post");
        let structure = |text: &str| text.matches(['/', '?', '&']).count();
        // The base's three, and one between it and the path.
        assert!(
            structure(&built.url) <= structure(endpoint) + 4,
            "{}",
            built.url
        );
        if !content.contains("${") && method == "post" && !content.is_empty() {
            assert_eq!(built.body.as_deref(), Some(content));
        }
    }
}

fn retry(condition: &str, body: &str) {
    let policy = RetryPolicy {
        sys_id: "p".into(),
        name: "p".into(),
        strategy: RetryStrategy::Exponential(10),
        count: 99,
        max_elapsed: 0,
        condition: condition.into(),
    };
    for (number, status) in [(1, 0), (2, 503), (60, 404)] {
        let attempt = Attempt {
            number,
            elapsed: 7,
            method: "GET",
            status,
            error: "outbound_timed_out",
            headers: "retry-after: 1\n",
            body,
            retry_after: Some(1),
            harmless: false,
        };
        let wait = policy.wait(&attempt, 120);
        assert!(wait.is_none_or(|seconds| seconds <= 113), "{wait:?}");
    }
}
