//! Where a page leads on to: a path on this instance, as every parser of URLs reads it (security.md §2, 5).

use snowglobe_oauth::goto::allowed;
use url::Url;

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "goto",
    run,
    words: &[
        "/oauth_auth.do?",
        "//",
        "/\\",
        "\t",
        "evil.example",
        "https:",
        "javascript:",
        "@",
        "%2f",
        "..",
        "#",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Some(path) = allowed(text) else {
        return;
    };
    let here = Url::parse("https://snow.example/login.do").expect("a URL");
    let there = here.join(path).expect("a path");
    assert_eq!(there.origin(), here.origin(), "{path:?} leads to {there}");
    assert!(there.username().is_empty() && there.password().is_none());
}
