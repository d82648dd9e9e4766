//! Queries and rows of a size that no person writes are answered all the same.

use std::{fmt::Write as _, sync::Arc};

use snowglobe_records::{
    Value,
    acl::{Permitted, Reason},
    plan::{Plan, Window},
    query::{Comparison, Match, Path, Predicate, Query},
};
use snowglobe_store::Store;

use crate::fixture::{Place, insert, make_column, make_table, plan, table, try_insert, values};

pub(crate) async fn thousands_of_conditions_are_answered(place: Place) {
    let store = place.open().await;
    insert(&store, "incident", &[("short_description", "n 4999")]).await;
    let condition = |at| {
        let text = format!("n {at}");
        Predicate::Compare(
            short_description(&store),
            Comparison::Equal,
            Value::text(&text),
        )
    };
    let any = Predicate::Or((0..5000).map(condition).collect());
    assert_eq!(count(&store, any).await, 1);
    let all = Predicate::And((4000..5000).map(condition).collect());
    assert_eq!(count(&store, all).await, 0);
}

pub(crate) async fn a_list_of_a_hundred_thousand_values_is_answered(place: Place) {
    let store = place.open().await;
    insert(&store, "incident", &[("short_description", "n 99999")]).await;
    insert(&store, "incident", &[("short_description", "other")]).await;
    let values: Vec<_> = (0..100_000)
        .map(|at| Value::text(&format!("N {at}")))
        .collect();
    let path = short_description(&store);
    let among = |negated| Predicate::In {
        path: path.clone(),
        values: values.clone(),
        negated,
    };
    assert_eq!(count(&store, among(false)).await, 1);
    assert_eq!(count(&store, among(true)).await, 1);
}

pub(crate) async fn a_pattern_longer_than_any_column_matches_nothing(place: Place) {
    let store = place.open().await;
    insert(&store, "incident", &[("short_description", "x")]).await;
    for at in [Match::Contains, Match::StartsWith, Match::EndsWith] {
        let like = |negated| Predicate::Like {
            path: short_description(&store),
            at,
            text: "x".repeat(60_000).into(),
            negated,
        };
        assert_eq!(count(&store, like(false)).await, 0);
        assert_eq!(count(&store, like(true)).await, 1);
    }
}

pub(crate) async fn a_long_pattern_is_found_in_longer_text(place: Place) {
    let store = place.open().await;
    make_table(&store, "u_page", None).await;
    make_column(&store, "u_page", "u_body", "html", &[]).await;
    let middle = "Ä_y".repeat(20_000);
    insert(&store, "u_page", &[("u_body", &format!("<{middle}>"))]).await;
    let page = table(&store, "u_page");
    let path = Path {
        table: 0,
        column: Arc::clone(page.column("u_body").unwrap()),
    };
    for (at, text, expected) in [
        (Match::Contains, middle.clone(), 1),
        (Match::StartsWith, format!("<{middle}"), 1),
        (Match::EndsWith, format!("{middle}>").replace('y', "Y"), 1),
        (Match::StartsWith, middle.clone(), 0),
        (Match::EndsWith, middle.clone(), 0),
        (Match::Contains, format!("{middle}y"), 0),
    ] {
        let like = Predicate::Like {
            path: path.clone(),
            at,
            text: text.into(),
            negated: false,
        };
        assert_eq!(count_of(&store, "u_page", like).await, expected, "{at:?}");
    }
}

pub(crate) async fn a_page_may_refer_to_any_number_of_rows(place: Place) {
    let store = place.open().await;
    let mut watchers = String::from(crate::fixture::ADMIN);
    for at in 0..70_000 {
        let _ = write!(watchers, ",{at:032x}");
    }
    insert(&store, "incident", &[("watch_list", &watchers)]).await;
    let plan = plan(&store, "incident", "", &["watch_list"]);
    let page = store.read(&plan).await.unwrap();
    let dictionary = store.dictionary();
    let displays = store
        .displays(&dictionary, &plan.outputs, &page.rows)
        .await
        .unwrap();
    assert_eq!(
        displays.of("sys_user", crate::fixture::ADMIN),
        Some("System Administrator")
    );
}

pub(crate) async fn long_text_may_stand_in_an_indexed_column(place: Place) {
    let store = place.open().await;
    make_table(&store, "u_page", None).await;
    for (element, more) in [("u_indexed", "indexed"), ("u_unique", "unique")] {
        make_column(&store, "u_page", element, "string", &[(more, "true")]).await;
    }
    let mut seed = 1_u32;
    let mut noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + u8::try_from(seed >> 24).unwrap() % 26)
    };
    let text: String = (0..20_000).map(|_| noise()).collect();
    let body = [("u_indexed", &*text), ("u_unique", &*text)];
    insert(&store, "u_page", &body).await;
    assert_eq!(
        values(&store, "u_page", &format!("u_unique={text}"), "u_indexed").await,
        [&*text]
    );
    let outcome = try_insert(&store, "u_page", &[("u_unique", &text.to_uppercase())]).await;
    let expected = ("u_page".into(), "u_unique".into());
    assert_eq!(crate::records::duplicate(outcome), expected);
    insert(&store, "u_page", &[("u_unique", &text[1..])]).await;
}

pub(crate) async fn a_window_beyond_every_row_is_empty(place: Place) {
    let store = place.open().await;
    insert(&store, "incident", &[]).await;
    let window = Window {
        limit: u32::MAX,
        offset: u64::MAX,
    };
    let dictionary = store.dictionary();
    let fields = Some(["number", "no_such_field"]);
    let incident = table(&store, "incident");
    let plan = Plan::new(&dictionary, &incident, Query::default(), fields, window);
    let page = store
        .read(&Permitted::as_system(plan, Reason::Job))
        .await
        .unwrap();
    assert!(page.rows.is_empty());
}

pub(crate) async fn rows_without_columns_are_counted_all_the_same(place: Place) {
    let store = place.open().await;
    insert(&store, "incident", &[]).await;
    insert(&store, "incident", &[]).await;
    let plan = plan(&store, "incident", "", &[]);
    assert_eq!(store.read(&plan).await.unwrap().rows.len(), 2);
}

pub(crate) async fn a_count_is_made_again_when_related_rows_come(place: Place) {
    let store = place.open().await;
    let counted = async || {
        let query = "RLQUERYincident.problem_id,>=1^ENDRLQUERY";
        let problem = table(&store, "problem");
        let mut plan = crate::fixture::plan(&store, "problem", query, &["number"]).into_inner();
        plan.count = true;
        plan.window.limit = 1;
        assert_eq!(plan.table.name(), problem.name());
        let page = store.read(&Permitted::as_system(plan, Reason::Job)).await;
        page.unwrap().total
    };
    let mut problems = Vec::new();
    for _ in 0..3 {
        problems.push(insert(&store, "problem", &[]).await.to_string());
    }
    for (problem, expected) in problems.iter().zip(1..) {
        insert(&store, "incident", &[("problem_id", problem)]).await;
        assert_eq!(counted().await, Some(expected));
    }
}

fn short_description(store: &Store) -> Path {
    let incident = table(store, "incident");
    Path {
        table: 0,
        column: Arc::clone(incident.column("short_description").unwrap()),
    }
}

async fn count(store: &Store, predicate: Predicate) -> u64 {
    count_of(store, "incident", predicate).await
}

async fn count_of(store: &Store, of: &str, predicate: Predicate) -> u64 {
    let query = Query {
        predicate,
        ..Query::default()
    };
    let none: Option<[&str; 0]> = Some([]);
    let dictionary = store.dictionary();
    let mut plan = Plan::new(&dictionary, &table(store, of), query, none, Window::DEFAULT);
    plan.count = true;
    let page = store
        .read(&Permitted::as_system(plan, Reason::Job))
        .await
        .unwrap();
    page.total.unwrap()
}
