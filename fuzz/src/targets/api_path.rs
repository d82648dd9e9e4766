//! The path of a call, as policies, scopes and rate limits compare it (`inbound-oauth.md` §5).

use snowglobe_oauth::api_access::{ApiCall, Pattern, decoded, tidied};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "api_path",
    run,
    words: &[
        "/api/now/table/incident",
        "/api/now/v1/",
        "/api/now/v2/stats/",
        "%69ncident",
        "%2F",
        "%00",
        "%C3%A9",
        "%zz",
        "//",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(path) = std::str::from_utf8(bytes) else {
        return;
    };
    let tidy = tidied(path);
    assert_eq!(tidied(&tidy), tidy, "{path:?}");
    let read = decoded(path);
    assert!(path.contains('%') || read == path, "{path:?}");
    assert!(read.chars().count() <= path.chars().count());
    let call = ApiCall::of("GET", &read);
    assert!(Pattern::everything().fits(&call));
    // HEAD is no way around what is said of GET (RFC 9110 §9.3.2).
    assert_eq!(ApiCall::of("HEAD", &read), call);
}
