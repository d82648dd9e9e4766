//! What holds for every text.

use proptest::prelude::*;
use snowglobe_records::{
    Dictionary, base,
    query::{self, OPERATORS, parse, print},
};

use super::fixture::{World, beth};

/// Text that is likely to mean something: fields, keywords, operators, scripts and noise in any order.
fn query_text() -> impl Strategy<Value = String> {
    let operators = OPERATORS
        .iter()
        .flat_map(|family| family.iter())
        .flat_map(|row| row.spellings);
    let words = [
        "^",
        "^OR",
        "^NQ",
        "^EQ",
        "^ORDERBY",
        "^ORDERBYDESC",
        "^GROUPBY",
        "RLQUERY",
        "^ENDRLQUERY",
        "GOTO",
        "SUBQUERYassigned_to,sys_id,sys_user",
        "RLQUERYtask.parent,>=1,",
        "JOINtask.assigned_to=sys_user.sys_id!",
        "123TEXTQUERY321=",
        "sys_tags.7a9",
        "work_notes",
        "comments_and_work_notes",
        "parent.ref_incident.caller_id",
        "@hour@ago@",
        "closed_at@day",
        "gs.datePart('week','2','GE')",
        "^ENDSUBQUERY",
        "number",
        "state",
        "active",
        "opened_at",
        "due",
        "cost",
        "assigned_to",
        "assigned_to.manager",
        "watch_list",
        "comments",
        "sys_class_name",
        "member",
        ".",
        "@",
        ",",
        "1",
        "2026-11-22",
        "javascript:",
        "gs.daysAgo(",
        "gs.dateGenerate('",
        "'",
        ")",
        "9223372036854775807",
        "-",
        "é",
    ];
    let word = prop::sample::select(operators.copied().chain(words).collect::<Vec<_>>());
    prop::collection::vec(
        prop_oneof![4 => word.prop_map(str::to_owned), 1 => ".{0,5}"],
        0..20,
    )
    .prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn printing_undoes_parsing(text in query_text()) {
        let clauses = parse(&text);
        let printed = print(&clauses);
        prop_assert_eq!(parse(&printed), clauses);
    }

    #[test]
    fn every_text_is_a_query(text in query_text()) {
        let world = WORLD.with(std::rc::Rc::clone);
        let resolved = world.resolve(&text);
        world.select(&resolved.query);
    }

    #[test]
    fn every_text_is_a_query_on_the_built_in_tables(text in query_text()) {
        BASE.with(|dictionary| {
            let table = dictionary.table("incident").expect("a built-in table");
            let _ = query::resolve(&parse(&text), dictionary, table, &beth());
        });
    }

    #[test]
    fn noise_is_a_query(text in "\\PC*") {
        let world = WORLD.with(std::rc::Rc::clone);
        world.resolve(&text);
    }

    #[test]
    fn a_filter_takes_any_pair(name in "[a-z_.]{0,12}", value in query_text()) {
        let world = WORLD.with(std::rc::Rc::clone);
        let table = world.table("incident");
        let pairs = [(name.as_str(), value.as_str()), ("state", &value), ("assigned_to", &value)];
        let query = query::filter(pairs, &world.dictionary, table, &beth());
        world.select(&query);
    }
}

thread_local! {
    static WORLD: std::rc::Rc<World> = std::rc::Rc::new(World::new());
    static BASE: Dictionary = Dictionary::build(&base::definition()).0;
}
