//! What steps of flows take from the answers of APIs, and what they fill it into: declared mappings, paths into JSON,
//! lines of names and values, and what a run starts from.

use snowglobe_oauth::outbound::flow::{Data, Fill, JsonPath, Mapping, Start, pairs};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "flow_mapping",
    run,
    words: &[
        "id = $.order.id",
        "note = $.order.note?",
        "etag = header:ETag",
        "all = body",
        "$['a b'][0]",
        "$.a[0].b",
        "${trigger.number}",
        "${a.id}",
        "{\"order\":{\"id\":1}}",
        "[[1,2],{\"a\":null}]",
        "Name: value",
        "\"values\":",
        "\"depth\":",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (declared, answer) = text.split_once('\u{1f}').unwrap_or((text, text));
    mapping(declared, answer);
    if let (Ok(path), Ok(document)) = (JsonPath::parse(declared), serde_json::from_str(answer)) {
        let _found = path.find(&document);
    }
    for between in ['=', ':'] {
        for (name, value) in pairs(declared, between).unwrap_or_default() {
            assert!(!name.is_empty() && !name.contains(between));
            assert!(!value.contains('\n'));
        }
    }
    if let Some(start) = Start::parse(text) {
        assert_eq!(Start::parse(&start.to_json()), Some(start));
    }
}

fn mapping(declared: &str, answer: &str) {
    let Ok(mappings) = Mapping::parse_all(declared) else {
        return;
    };
    let header = |name: &str| name.eq_ignore_ascii_case("etag").then_some("v1");
    let Ok(taken) = Mapping::take(&mappings, header, answer) else {
        return;
    };
    assert_eq!(taken.len(), mappings.len());
    let mut data = Data::default();
    for (name, value) in &taken {
        data.set("a", name, value);
    }
    // What was taken is found by its name, and is not looked through again.
    for (name, _) in &taken {
        let template = format!("${{a.{name}}}");
        let filled = data.fill(&template, Fill::Text);
        let last = taken.iter().rev().find(|(it, _)| it == name);
        assert_eq!(filled.as_deref().ok(), last.map(|(_, value)| &**value));
    }
    let quoted = |fill| data.fill("\"${a.id}\"", fill);
    if let Ok(json) = quoted(Fill::Json) {
        assert!(serde_json::from_str::<String>(&json).is_ok(), "{json}");
    }
    if let Ok(url) = quoted(Fill::Url) {
        assert!(
            url.is_ascii() && !url.contains(['&', '?', '/', '#', ' ']),
            "{url}"
        );
    }
}
