//! Calls of the `JSONv2` web service: the query of a URL, a line, and the body (`rest-and-records.md` §11.1).

use snowglobe_records::{
    body::json,
    parameters::jsonv2::{Asked, Sent},
};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "json_v2",
    run,
    words: &[
        "JSONv2",
        "&sysparm_action=",
        "&sysparm_sysaction=",
        "insertMultiple",
        "update",
        "deleteMultiple",
        "getKeys",
        "&sysparm_query=active=true",
        "&sysparm_sys_id=",
        "&sysparm_record_count=",
        "&displayvalue=all",
        "\n",
        "{\"records\":[{",
        "\"sysparm_query\":\"",
        "}]}",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (query, body) = text.split_once('\n').unwrap_or((text, ""));
    let asked = Asked::read(query, Sent::Asked("GET"));
    assert!(!asked.action.writes(), "a link changes nothing: {query:?}");
    assert!(asked.records.is_empty() && asked.count(250) <= 250);
    let Ok(records) = json::objects(body) else {
        return;
    };
    let asked = Asked::read(query, Sent::Posted(records));
    for record in &asked.records {
        assert!(record.keys().all(|name| !name.starts_with("sysparm_")));
    }
    if let Ok(query) = asked.needed("sysparm_query", "delete") {
        assert!(!query.trim().is_empty());
    }
    let _ = asked.display();
}
