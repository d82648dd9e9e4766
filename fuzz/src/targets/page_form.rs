//! What people type into pages: user codes of devices, codes of a second factor, and the forms around them.

use snowglobe_oauth::{Form, device::UserCode, totp::plain_code};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "page_form",
    run,
    words: &[
        "user_code=",
        "WDJB-MJHT",
        "wdjbmjht",
        "&sysparm_ck=",
        "&sysparm_goto_url=",
        "&oauth_auth_check_action=",
        "authorize",
        "deny",
        "&user_name=",
        "&user_password=",
        "&code=",
        "123456",
        "aaaa-bbbb-cccc-dddd",
        "%E2%80%93",
        "%",
        "+",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(form) = Form::parse(bytes) else {
        return;
    };
    if let Ok(Some(typed)) = form.get("user_code") {
        device(typed);
    }
    if let Ok(Some(typed)) = form.get("code") {
        let plain = plain_code(typed);
        assert_eq!(plain_code(&plain), plain, "{typed:?}");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        device(text);
    }
}

/// A code is what people read, however it was typed, and nothing else.
fn device(typed: &str) {
    let Ok(code) = UserCode::parse(typed) else {
        return;
    };
    let shown = code.to_string();
    assert!(shown.len() == 9 && shown.is_ascii(), "{shown}");
    assert_eq!(UserCode::parse(&shown), Ok(code), "{typed:?}");
}
