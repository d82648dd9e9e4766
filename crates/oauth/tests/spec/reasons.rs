//! The list of reasons is whole: held against the source of every crate, for faults live in all of them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use snowglobe_oauth::reason::{self, Reason};

/// Codes that are on the wire, and no reasons (RFC 6749 §4.1.2.1, §5.2; RFC 8707 §2; OpenID Connect Core §3.1.2.6;
/// RFC 8628 §3.5).
const WIRE: &[&str] = &[
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_target",
    "access_denied",
    "unsupported_response_type",
    "request_not_supported",
    "request_uri_not_supported",
    "authorization_pending",
    "slow_down",
    "expired_token",
];

#[test]
fn every_code_has_an_entry() {
    let listed: BTreeSet<_> = reason::all().map(|reason| reason.code.to_owned()).collect();
    let missing: Vec<_> = in_the_source().difference(&listed).cloned().collect();
    assert!(missing.is_empty(), "add to oauth/src/reason: {missing:?}");
}

#[test]
fn every_entry_stands_once_and_says_everything() {
    let mut seen = BTreeSet::new();
    for reason in reason::all() {
        let Reason {
            code,
            rule,
            what,
            here,
            there,
            ..
        } = *reason;
        assert!(seen.insert(code), "{code} stands twice");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(code.chars().all(plain), "{code}");
        for text in [rule, what, here, there] {
            assert!(
                !text.is_empty() && !text.contains(['|', '\n']),
                "{code}: {text}"
            );
        }
        assert_eq!(reason::find(code), Some(reason));
    }
    assert_eq!(reason::find("no_such_reason"), None);
}

#[test]
fn the_document_has_every_code() {
    let text = reason::markdown();
    for reason in reason::all() {
        assert!(text.contains(&format!("| `{}` | {} |", reason.code, reason.what)));
    }
}

#[test]
fn the_source_is_searched() {
    let found = in_the_source();
    for known in [
        "client_secret_wrong",
        "token_expired",
        "password_wrong",
        "unexplained",
        "path_unknown",
    ] {
        assert!(found.contains(known), "{known} in {found:?}");
    }
}

/// Every code that a fault returns or a handler says.
fn in_the_source() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for file in sources() {
        let text = fs::read_to_string(&file).unwrap();
        let mut inside = false;
        for line in text.lines() {
            let is_head = line.contains("fn code(") || line.contains("fn fault(");
            inside = is_head && line.contains("&'static str") || inside && line != "    }";
            let found = if inside {
                line.split_once("=> \"")
            } else {
                said(line)
            };
            if let Some((code, _)) = found.and_then(|(_, rest)| rest.split_once('"')) {
                codes.insert(code.to_owned());
            }
        }
    }
    for wire in WIRE {
        codes.remove(*wire);
    }
    codes
}

fn said(line: &str) -> Option<(&str, &str)> {
    let ways = [
        "say(\"",
        "Why::new(\"",
        " fault = \"",
        "(fault = \"",
        "const UNEXPLAINED: &str = \"",
    ];
    let is_test = line.contains("\"x\"");
    ways.into_iter()
        .filter(|_| !is_test)
        .find_map(|way| line.split_once(way))
}

fn sources() -> Vec<PathBuf> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    let mut folders: Vec<_> = ["oauth", "records", "store", "server"]
        .map(|name| crates.join(name).join("src"))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 100, "{}", found.len());
    found
}
