//! The `sysparm_*` parameters of a URL: of the Table API, of aggregates, and of lists (`rest-and-records.md` §2.2, §5).

use snowglobe_records::{
    Dictionary, base,
    parameters::{AggregateWords, Params, list},
    query::{parse, resolve},
};

use super::encoded_query::context;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "url_parameters",
    run,
    words: &[
        "sysparm_query=",
        "&sysparm_fields=",
        "&sysparm_limit=",
        "&sysparm_offset=",
        "&sysparm_display_value=all",
        "&sysparm_exclude_reference_link=true",
        "&sysparm_view=",
        "&sysparm_count=true",
        "&sysparm_avg_fields=order",
        "&sysparm_group_by=state",
        "&sysparm_having=count^order^>^1",
        "&sysparm_order_by=AVG^order^DESC",
        "&sysparm_first_row=",
        "&sysparm_search=",
        "&sysparm_field=",
        "active%3Dtrue",
        "caller_id.manager",
        "18446744073709551615",
        "-1",
        "%00",
        "%",
        "+",
    ],
};

thread_local! {
    static BASE: Dictionary = Dictionary::build(&base::definition()).0;
}

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(params) = Params::parse(Some(text)) {
        let _ = params.window();
        for name in params.field_names().into_iter().flatten() {
            assert!(!name.is_empty() && !name.contains(['\0', ',']), "{name:?}");
        }
        for (name, _) in &params.filters {
            assert!(!name.starts_with("sysparm_"), "{text:?}");
        }
    }
    list_page(text);
    let words = AggregateWords::parse(Some(text));
    BASE.with(|dictionary| {
        let table = dictionary.table("incident").expect("a built-in table");
        let every_row = resolve(&parse(""), dictionary, table, &context()).query;
        let _ = words.asked().plan(dictionary, table, every_row);
    });
}

/// Everything that a list shows is in its URL: that URL shows the same list again.
fn list_page(text: &str) {
    let asked = list::Asked::parse(text);
    assert!(asked.window().limit <= 200);
    let href = asked.with_query("a=1").href("incident");
    let (_, query) = href.split_once('?').unwrap_or_default();
    let again = list::Asked::parse(query);
    assert_eq!(again.href("incident"), href, "{text:?}");
    assert_eq!(again.query, "a=1");
}
