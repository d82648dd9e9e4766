//! Bodies of REST calls as XML (`rest-and-records.md` §1.3).

use snowglobe_records::body::xml;

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "rest_xml",
    run,
    words: &[
        "<request>",
        "<entry>",
        "</entry>",
        "</request>",
        "<a>",
        "</a>",
        "<a/>",
        "<value>",
        "</value>",
        "<link/>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?xml version=\"1.0\"?>",
        "<!DOCTYPE",
        "<!ENTITY",
        "&amp;",
        "&#65;",
        "&#x0;",
        "&x;",
        "xmlns:a=\"b\"",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(fields) = xml::fields(text) else {
        return;
    };
    // No body grows while it is read: nothing is resolved but what stands in it.
    let read: usize = fields
        .iter()
        .map(|(name, text)| name.len() + text.as_ref().map_or(0, String::len))
        .sum();
    assert!(read <= text.len(), "{read} bytes of {}", text.len());
}
