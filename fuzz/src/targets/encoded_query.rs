//! Encoded queries: parsed, printed, resolved against the built-in tables (`rest-and-records.md` §3).

use jiff::{Timestamp, tz::TimeZone};
use snowglobe_records::{
    Dictionary, base,
    query::{Context, parse, print, resolve},
};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "encoded_query",
    run,
    words: &[
        "^",
        "^OR",
        "^NQ",
        "^EQ",
        "^ORDERBY",
        "^ORDERBYDESC",
        "^GROUPBY",
        "^RLQUERY",
        "^ENDRLQUERY",
        "GOTO",
        "SUBQUERY",
        "number",
        "state",
        "opened_at",
        "caller_id.manager",
        "active=true",
        "ISEMPTY",
        "STARTSWITH",
        "LIKE",
        "IN",
        "BETWEEN",
        "SAMEAS",
        "RELATIVEGT",
        "ONToday@",
        "javascript:gs.daysAgo(",
        "gs.dateGenerate('",
        "@hour@ago@",
        "2026-11-22 08:00:00",
        "RLQUERYincident.parent_incident,>=1",
        "JOINincident.caller_id=sys_user.sys_id!",
        "SUBQUERYcaller_id,sys_id,sys_user",
        "^ENDSUBQUERY",
        "123TEXTQUERY321=",
        "123TEXTINDEXGROUP321=",
        "sys_tags.",
        "work_notes",
        "comments_and_work_notes",
        "parent.ref_incident.caller_id",
        "DATEPART",
        "@javascript:gs.datePart('hour','1','EE')",
        "MORETHANclosed_at@hour@before@",
        "@day",
        "RELATIVEEE@month@ahead@",
        "DYNAMIC90d1921e5f510100a9ad2572f2b477fe",
        "IN_HIERARCHY@",
        "CHANGESTO",
        "getMyGroups()",
        "EXCLUDING",
    ],
};

thread_local! {
    static BASE: Dictionary = Dictionary::build(&base::definition()).0;
}

/// Somebody who asks.
pub(super) fn context() -> Context<'static> {
    Context {
        user_sys_id: "6816f79cc0a8016401c5a33be04be441",
        user_name: "admin",
        user_display_name: "",
        groups: &[],
        first_day_of_week: 2,
        now: Timestamp::UNIX_EPOCH,
        time_zone: TimeZone::UTC,
        invalid_returns_no_rows: false,
    }
}

fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let clauses = parse(text);
    assert_eq!(parse(&print(&clauses)), clauses, "printed and read again");
    BASE.with(|dictionary| {
        let table = dictionary.table("incident").expect("a built-in table");
        let resolved = resolve(&clauses, dictionary, table, &context());
        let _ = resolved.query.describe();
        let nothing = |_: &snowglobe_records::query::Path| snowglobe_records::ValueRef::Null;
        let _ = resolved.query.predicate.matches(&nothing);
    });
}
