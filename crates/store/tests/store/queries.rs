//! The whole language through both evaluators: what a random query selects in the database is what its predicate
//! accepts in memory.

use proptest::{prelude::*, sample::select};
use snowglobe_records::{
    plan::Window,
    query::{Context, OPERATORS, Query, parse, resolve},
};

use crate::{
    differential::{PATHS, World, text, wire},
    fixture::{Place, stamp},
};

pub(crate) async fn any_query_selects_the_same_rows_in_sql_and_in_rust(place: Place) {
    let world = World::make(place.open().await).await;
    let groups = ["00000000000000000000000000000001".into()];
    let context = Context {
        time_zone: jiff::tz::TimeZone::get("America/Los_Angeles").unwrap(),
        groups: &groups,
        first_day_of_week: 1,
        ..Context::anybody(stamp().now)
    };
    world.hold(400, &query(), &async |world, text| {
        let query = read(world, text, &context);
        let expected = world.expected_of(&query);
        let (rows, total) = world.asked_by(&query, Window::DEFAULT).await;
        assert_eq!(rows, expected, "{text}");
        assert_eq!(total, Some(expected.len() as u64), "{text}");
    });
}

fn read(world: &World, text: &str, context: &Context<'_>) -> Query {
    resolve(
        &parse(text),
        &world.store.dictionary(),
        &world.thing,
        context,
    )
    .query
}

fn query() -> BoxedStrategy<String> {
    let joint = select(vec!["^", "^", "^", "^OR", "^NQ"]);
    let order = select(vec![
        "",
        "",
        "^ORDERBYu_text",
        "^ORDERBYDESCu_when^ORDERBYu_int",
        "^GROUPBYu_place^EQ",
    ]);
    let one = prop_oneof![6 => condition(), 1 => related(), 1 => searched()].boxed();
    let more = prop::collection::vec((joint, one.clone()), 0..4);
    (one, more, order)
        .prop_map(|(first, more, order)| {
            let more: String = more
                .into_iter()
                .flat_map(|(joint, one)| [joint.to_owned(), one])
                .collect();
            format!("{first}{more}{order}")
        })
        .boxed()
}

fn condition() -> BoxedStrategy<String> {
    let operators: Vec<&str> = OPERATORS
        .iter()
        .flat_map(|family| family.iter())
        .flat_map(|row| row.spellings)
        .copied()
        .collect();
    let any = (select(PATHS.to_vec()), select(operators), value())
        .prop_map(|(field, operator, value)| format!("{field}{operator}{value}"));
    prop_oneof![3 => any, 2 => fitting()].boxed()
}

/// Conditions whose value has the form that the operator wants.
fn fitting() -> BoxedStrategy<String> {
    let date = || select(vec!["u_when", "u_day", "u_place.u_size", "u_text"]);
    let unit = || {
        select(vec![
            "minute", "hour", "day", "week", "month", "quarter", "year",
        ])
    };
    let same = (
        date(),
        select(vec!["SAMEAS", "NSAMEAS"]),
        select(vec!["u_when", "u_day"]),
        unit(),
    )
        .prop_map(|(one, operator, other, unit)| format!("{one}{operator}{other}@{unit}"));
    let columns = (
        select(PATHS.to_vec()),
        select(vec!["SAMEAS", "NSAMEAS", "GT_FIELD", "LT_OR_EQUALS_FIELD"]),
        select(PATHS.to_vec()),
    )
        .prop_map(|(one, operator, other)| format!("{one}{operator}{other}"));
    let apart = (
        date(),
        select(vec!["MORETHAN", "LESSTHAN"]),
        unit(),
        select(vec!["before", "after"]),
        -2_i64..40,
    )
        .prop_map(|(one, operator, unit, way, n)| format!("{one}{operator}u_day@{unit}@{way}@{n}"));
    let part = (
        date(),
        select(vec![
            ("dayofweek", 8),
            ("month", 13),
            ("quarter", 5),
            ("week", 54),
            ("hour", 24),
        ]),
        any::<prop::sample::Index>(),
        select(vec!["EE", "LT", "LE", "GT", "GE"]),
    )
        .prop_map(|(field, (part, most), at, operator)| {
            let value = at.index(most);
            format!("{field}DATEPARTx@javascript:gs.datePart('{part}','{value}','{operator}')")
        });
    let year = date()
        .prop_map(|field| format!("{field}DATEPARTx@javascript:gs.datePart('year','2026','LT')"));
    let relative = (
        date(),
        select(vec![
            "RELATIVEGT",
            "RELATIVELT",
            "RELATIVEGE",
            "RELATIVELE",
            "RELATIVEEE",
        ]),
        unit(),
        select(vec!["ago", "ahead"]),
        0_i64..14,
    )
        .prop_map(|(field, operator, unit, way, n)| format!("{field}{operator}@{unit}@{way}@{n}"));
    prop_oneof![same, columns, apart, part, year, relative].boxed()
}

fn related() -> BoxedStrategy<String> {
    let count = || select(vec![">=1", ">0", "=0", ">1", "<2", "!=1", "<=0"]);
    let children = (count(), condition())
        .prop_map(|(count, one)| format!("RLQUERYu_thing.u_parent,{count}^{one}^ENDRLQUERY"));
    let comma = (count(), number())
        .prop_map(|(count, n)| format!("RLQUERYu_child_thing.u_parent,{count},u_int>{n}"));
    let notes = (count(), text()).prop_map(|(count, text)| {
        format!("RLQUERYsys_journal_field.element_id,{count}^valueLIKE{text}^ENDRLQUERY")
    });
    let place = text().prop_map(|text| format!("JOINu_thing.u_place=u_place.sys_id!u_name*{text}"));
    let within =
        number().prop_map(|n| format!("SUBQUERYu_place,sys_id,u_place^u_size<{n}^ENDSUBQUERY"));
    prop_oneof![children, comma, notes, place, within].boxed()
}

fn searched() -> BoxedStrategy<String> {
    let journal = (
        select(vec![
            "LIKE",
            "NOT LIKE",
            "STARTSWITH",
            "ENDSWITH",
            "=",
            "!=",
            "ISEMPTY",
            "ISNOTEMPTY",
        ]),
        text(),
    )
        .prop_map(|(operator, text)| format!("u_notes{operator}{text}"));
    let words = text().prop_map(|text| format!("123TEXTQUERY321={text}"));
    prop_oneof![journal, words].boxed()
}

fn value() -> BoxedStrategy<String> {
    let kinds = select(vec![
        "string",
        "integer",
        "boolean",
        "decimal",
        "glide_date",
        "glide_date_time",
    ]);
    let one = || kinds.clone().prop_flat_map(wire);
    let two = (one(), one()).prop_map(|(one, other)| format!("{one}@{other}"));
    let list = (one(), one()).prop_map(|(one, other)| format!("{one},{other}"));
    let script = select(vec![
        "javascript:gs.daysAgo(300)".to_owned(),
        "javascript:gs.beginningOfThisYear()".to_owned(),
        "90d1921e5f510100a9ad2572f2b477fe".to_owned(),
    ]);
    prop_oneof![5 => one(), 1 => two, 1 => list, 1 => script].boxed()
}

fn number() -> impl Strategy<Value = i64> {
    -3_i64..4
}
