//! Scopes (RFC 6749 §3.3): what is read is written the same, once each, in order.

use snowglobe_oauth::Scope;

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "scope",
    run,
    words: &["useraccount", " ", "openid", "\"", "\\"],
};

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(scope) = Scope::parse(text) else {
        return;
    };
    let written = scope.as_str().to_owned();
    assert_eq!(Scope::parse(&written), Ok(scope), "{written:?}");
    for name in written.split(' ') {
        assert!(
            text.split(' ').any(|asked| asked == name),
            "widened by {name:?}"
        );
    }
}
