//! Aggregates are the same on both databases (`rest-and-records.md` §5).

use snowglobe_records::{
    acl::{Permitted, Reason},
    aggregate::Asked,
};
use snowglobe_store::Store;

use crate::fixture::{Place, insert, make_column, make_table, plan, table};

/// Text, number, amount.
const THINGS: [(&str, &str, &str); 6] = [
    ("red", "1", "2.50"),
    ("Red", "4", "2.55"),
    ("blue", "7", "-1.00"),
    ("blue", "", "0.10"),
    ("", "2", ""),
    ("green", "-3", "100"),
];

async fn things(place: &Place) -> Store {
    let store = place.open().await;
    make_table(&store, "u_thing", None).await;
    for (element, kind) in [
        ("u_colour", "string"),
        ("u_size", "integer"),
        ("u_price", "decimal"),
    ] {
        make_column(&store, "u_thing", element, kind, &[]).await;
    }
    let reference = [("reference", "sys_user")];
    make_column(&store, "u_thing", "u_owner", "reference", &reference).await;
    let owner = insert(
        &store,
        "sys_user",
        &[("user_name", "owner"), ("city", "Ulm")],
    )
    .await;
    for (colour, size, price) in THINGS {
        let mut fields = vec![("u_colour", colour), ("u_size", size), ("u_price", price)];
        fields.retain(|(_, value)| !value.is_empty());
        if size == "7" {
            fields.push(("u_owner", owner.as_str()));
        }
        insert(&store, "u_thing", &fields).await;
    }
    store
}

/// Groups and measures in their wire form.
async fn ask(store: &Store, query: &str, asked: Asked<'_>) -> Vec<Vec<String>> {
    let rows = plan(store, "u_thing", query, &[]).into_inner();
    let query = snowglobe_records::query::Query {
        joins: rows.joins,
        predicate: rows.predicate,
        order: Vec::new(),
    };
    let of = table(store, "u_thing");
    let aggregate = asked.plan(&store.dictionary(), &of, query).unwrap();
    let aggregate = Permitted::as_system(aggregate, Reason::Job);
    let rows = store.aggregate(&aggregate).await.unwrap();
    let wire = |row: snowglobe_store::sql::Row<'_>| {
        let mut texts = Vec::new();
        for (at, group) in aggregate.groups.iter().enumerate() {
            let mut text = String::new();
            group.path.column.kind.write(row.get(at), &mut text);
            // Values that differ in case only are one group: either may stand for it.
            text.make_ascii_lowercase();
            texts.push(text);
        }
        for (at, measure) in (aggregate.groups.len()..).zip(&aggregate.measures) {
            let mut text = String::new();
            measure.write(row.get(at), &mut text);
            texts.push(text);
        }
        texts
    };
    rows.iter().map(wire).collect()
}

pub(crate) async fn groups_are_counted_and_calculated(place: Place) {
    let store = things(&place).await;
    let asked = Asked {
        count: true,
        fields: [
            "u_size,u_price",
            "u_size",
            "u_price,u_colour",
            "u_size,u_price",
        ],
        ..Asked::default()
    };
    assert_eq!(
        ask(&store, "", asked).await,
        [[
            "6", "2.2000", "20.8300", "-3", "100.00", "red", "11", "104.15"
        ]]
    );
    let by_colour = Asked {
        count: true,
        fields: ["u_price", "", "", "u_size"],
        group_by: "u_colour",
        ..Asked::default()
    };
    assert_eq!(
        ask(&store, "", by_colour).await,
        [
            ["", "1", "", "2"],
            ["blue", "2", "-0.4500", "7"],
            ["green", "1", "100.0000", "-3"],
            ["red", "2", "2.5250", "5"],
        ]
    );
    // Numbers add up, words do not: what has no meaning is dropped.
    let words = Asked {
        fields: ["u_colour,no_such_field", "u_size", "", "u_owner"],
        ..Asked::default()
    };
    assert_eq!(ask(&store, "u_size>1", words).await, [["2"]]);
}

pub(crate) async fn groups_are_conditioned_and_ordered(place: Place) {
    let store = things(&place).await;
    let groups = |having, order_by| Asked {
        count: true,
        group_by: "u_colour",
        having,
        order_by,
        ..Asked::default()
    };
    for (having, order_by, expected) in [
        ("count^u_colour^>^1", "", vec!["blue", "red"]),
        ("count^u_colour^=^1", "", vec!["green"]),
        (
            "COUNT^^>=^1",
            "u_colour^DESC",
            vec!["red", "green", "blue", ""],
        ),
        (
            "avg^u_price^>^2.524,max^u_size^<=^4",
            "",
            vec!["green", "red"],
        ),
        (
            "",
            "COUNT^DESC,u_colour^DESC",
            vec!["red", "blue", "green", ""],
        ),
        ("", "SUM^u_size^DESC", vec!["blue", "red", "", "green"]),
        ("min^u_colour^!=^blue", "nothing^DESC", vec!["green", "red"]),
    ] {
        let found = ask(&store, "", groups(having, order_by)).await;
        let colours: Vec<_> = found.iter().map(|group| group[0].as_str()).collect();
        assert_eq!(colours, expected, "{having} {order_by}");
    }
}

pub(crate) async fn columns_are_reached_through_references(place: Place) {
    let store = things(&place).await;
    let asked = Asked {
        count: true,
        group_by: "u_owner.city",
        ..Asked::default()
    };
    assert_eq!(ask(&store, "", asked).await, [["", "5"], ["ulm", "1"]]);
}

pub(crate) async fn nothing_is_counted_too(place: Place) {
    let store = things(&place).await;
    let asked = Asked {
        count: true,
        fields: ["u_size", "u_colour", "", "u_price"],
        ..Asked::default()
    };
    let nothing = [["0", "", "", ""]];
    assert_eq!(ask(&store, "u_colour=none", asked).await, nothing);
    let groups = Asked {
        group_by: "u_colour",
        ..asked
    };
    assert!(ask(&store, "u_colour=none", groups).await.is_empty());
}
