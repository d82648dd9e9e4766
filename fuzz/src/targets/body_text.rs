//! The text of a body: a line with its `Content-Type`, and bytes in whatever characters that names.

use snowglobe_records::body::charset;

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "body_text",
    run,
    words: &[
        "application/json",
        ";charset=",
        "utf-8",
        "\"UTF-8\"",
        "iso-8859-1",
        "windows-1252",
        "utf-16",
        "utf-16le",
        "utf-16be",
        "\n",
        "\u{feff}",
    ],
};

fn run(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (kind, body) = bytes.split_at(end.unwrap_or(0));
    let Ok(kind) = std::str::from_utf8(kind) else {
        return;
    };
    let plain = charset::text("", body);
    assert_eq!(plain.is_some(), std::str::from_utf8(body).is_ok());
    if let Some(text) = charset::text(kind, body) {
        // No set of characters makes more than two bytes of one.
        assert!(text.len() <= 2 * body.len(), "{kind:?}");
    }
}
