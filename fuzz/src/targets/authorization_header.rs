//! The `Authorization` header: Bearer (RFC 6750 §2.1) and a client's Basic (RFC 6749 §2.3.1).

use snowglobe_oauth::{
    Form, Policy, bearer,
    client_auth::{Presented, used_basic},
};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "authorization_header",
    run,
    words: &["Basic ", "bearer ", "Bearer ", "%3A", "==", "YTpi"],
};

fn run(bytes: &[u8]) {
    let Ok(header) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Some(token) = bearer::from_header(header) {
        assert!(header.contains(token));
        assert!(!used_basic(Some(header)), "one header is two schemes");
    }
    let form = Form::parse(b"").expect("an empty form");
    for policy in [Policy::strict(), Policy::servicenow()] {
        if let Ok(presented) = Presented::parse(&form, Some(header), &policy) {
            assert!(presented.client_ids().count() <= 2);
        }
    }
}
