//! The wire form of every kind of field, and the names that come with it (`rest-and-records.md` §13).

use snowglobe_records::{SysId, dictionary::Kind, name::Name};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "field_value",
    run,
    words: &[
        "2026-11-22",
        "1970-01-01 00:00:00",
        "9223372036854775807",
        "-0.5",
        "1e9",
        "true",
        "23:59:59",
        "12 08:00:00",
    ],
};

const TYPES: &[&str] = &[
    "integer",
    "boolean",
    "decimal",
    "currency",
    "float",
    "glide_date",
    "glide_date_time",
    "glide_time",
    "glide_duration",
    "reference",
    "glide_list",
    "journal_input",
    "string",
];

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    for kind in TYPES.iter().map(|name| Kind::of(name)) {
        // What is refused is told with at most a line of what came.
        if let Err(refused) = kind.parse(text) {
            assert!(refused.text.chars().count() <= 80);
        }
    }
    if let Ok(id) = SysId::parse(text) {
        assert_eq!(id.as_str(), text);
    }
    if let Ok(name) = Name::parse(text) {
        assert_eq!(&*name, text);
    }
}
